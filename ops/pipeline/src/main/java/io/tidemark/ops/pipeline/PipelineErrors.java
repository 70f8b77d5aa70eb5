package io.tidemark.ops.pipeline;

import io.tidemark.api.error.EditDistance;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.util.Collection;

/** The errors of a pipeline file, each led by its place. */
final class PipelineErrors {
    private PipelineErrors() {}

    static TidemarkException syntax(Place place, String problem) {
        return new TidemarkException(ErrorCode.PIPELINE_SYNTAX, place + ": " + problem);
    }

    static TidemarkException wrongValue(Place place, String problem) {
        return new TidemarkException(ErrorCode.PIPELINE_WRONG_VALUE, place + ": " + problem);
    }

    static TidemarkException missingKey(Place place, String problem) {
        return new TidemarkException(ErrorCode.PIPELINE_MISSING_KEY, place + ": " + problem);
    }

    /** @param owner what the key stands in, for instance {@code "sink"}, or empty at the top */
    static TidemarkException unknownKey(Place place, String owner, String key, Collection<String> known) {
        String where = owner.isEmpty() ? "" : " in '" + owner + "'";
        return new TidemarkException(
                ErrorCode.PIPELINE_UNKNOWN_KEY,
                place + ": Unknown key '" + key + "'" + where + ". Did you mean '" + EditDistance.nearest(key, known)
                        + "'? Known keys here: " + String.join(", ", known) + ".");
    }
}
