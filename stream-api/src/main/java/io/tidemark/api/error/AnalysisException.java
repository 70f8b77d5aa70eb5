package io.tidemark.api.error;

/** The query cannot be understood or makes no sense: found before anything is read or written. */
public final class AnalysisException extends TidemarkException {
    private final Origin origin;

    public AnalysisException(ErrorCode code, String message, Origin origin) {
        super(code, message + origin.suffix());
        this.origin = origin;
    }

    public AnalysisException(ErrorCode code, String message) {
        this(code, message, Origin.NONE);
    }

    /** Returns where in the SQL text the problem is, {@link Origin#NONE} if it was not SQL. */
    public Origin origin() {
        return origin;
    }
}
