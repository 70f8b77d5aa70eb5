package io.tidemark.api.streaming;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;

/** A query failed: which one, where it stood, and why. */
public final class StreamingQueryException extends TidemarkException {
    private final String startOffset;
    private final String endOffset;

    /** @param cause what ended the query; its code becomes the code of this exception */
    public StreamingQueryException(String message, String startOffset, String endOffset, Throwable cause) {
        super(cause instanceof TidemarkException known ? known.code() : ErrorCode.BUG, message, cause);
        this.startOffset = startOffset;
        this.endOffset = endOffset;
    }

    /** Returns the offsets at which the last batch started, as {@code [json, -, …]}. */
    public String startOffset() {
        return startOffset;
    }

    /** Returns the offsets at which it was to end. */
    public String endOffset() {
        return endOffset;
    }
}
