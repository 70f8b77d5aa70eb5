package io.tidemark.connectors.builtin;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import org.jspecify.annotations.Nullable;

/** An offset that is a bare number, as Spark's {@code LongOffset}: {@code 5}. */
final class LongOffset {
    private LongOffset() {}

    static Offset of(long value) {
        return new Offset(Long.toString(value));
    }

    static long parse(Offset offset, String format) {
        try {
            return Long.parseLong(offset.json().trim());
        } catch (NumberFormatException e) {
            throw invalid(offset, format, "a whole number", e);
        }
    }

    static TidemarkException invalid(Offset offset, String format, String wanted, @Nullable Throwable cause) {
        return new TidemarkException(
                ErrorCode.SOURCE_OFFSET_INVALID,
                "The checkpoint holds '" + offset.json() + "' as offset of a '" + format + "' source, which wants "
                        + wanted + ". It was written by another source: use another checkpointLocation, "
                        + "or give the query its old sources in their old order.",
                cause);
    }
}
