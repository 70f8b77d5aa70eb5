package io.tidemark.api.streaming;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one source did in a batch.
 *
 * @param startOffset offset JSON, or null if there was none; likewise the other offsets
 * @param metrics the source's own, all text, as in Spark
 */
public record SourceProgress(
        String description,
        @Nullable String startOffset,
        @Nullable String endOffset,
        @Nullable String latestOffset,
        long numInputRows,
        double inputRowsPerSecond,
        double processedRowsPerSecond,
        SortedMap<String, String> metrics) {
    public SourceProgress {
        metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    }

    /** Returns Spark's compact JSON. */
    public String json() {
        return new JsonText()
                .string("description", description)
                .raw("startOffset", offset(startOffset))
                .raw("endOffset", offset(endOffset))
                .raw("latestOffset", offset(latestOffset))
                .number("numInputRows", numInputRows)
                .rate("inputRowsPerSecond", inputRowsPerSecond)
                .rate("processedRowsPerSecond", processedRowsPerSecond)
                .strings("metrics", metrics)
                .end();
    }

    private static String offset(@Nullable String json) {
        return json == null ? "null" : json; // an offset is JSON by contract
    }
}
