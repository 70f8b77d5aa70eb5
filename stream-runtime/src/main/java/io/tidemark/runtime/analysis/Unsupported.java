package io.tidemark.runtime.analysis;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;

/** The error for what parses but is not run yet. */
final class Unsupported {
    private Unsupported() {}

    static AnalysisException clause(String clause, Origin origin) {
        return new AnalysisException(
                ErrorCode.STREAMING_UNSUPPORTED,
                clause + " is not supported by this version. Rewrite the query without it.",
                origin);
    }
}
