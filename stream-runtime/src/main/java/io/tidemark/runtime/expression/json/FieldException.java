package io.tidemark.runtime.expression.json;

/** A value that its type does not take. Made without a stack: it is no more than a way to give up on the value. */
final class FieldException extends RuntimeException {
    FieldException(String message) {
        super(message, null, false, false);
    }
}
