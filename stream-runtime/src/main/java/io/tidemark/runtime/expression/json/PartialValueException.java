package io.tidemark.runtime.expression.json;

/** A struct, array or map of which a part could not be read; the rest is kept. Made without a stack. */
final class PartialValueException extends RuntimeException {
    private final transient Object value;
    private final String problem;

    PartialValueException(Object value, String problem) {
        super(problem, null, false, false);
        this.value = value;
        this.problem = problem;
    }

    /** Returns what could be read, in the form that {@link ReadValues} appends. */
    Object value() {
        return value;
    }

    String problem() {
        return problem;
    }
}
