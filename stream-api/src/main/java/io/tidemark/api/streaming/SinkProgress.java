package io.tidemark.api.streaming;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the sink did in a batch; {@code numOutputRows} is -1 where the sink does not count. */
public record SinkProgress(String description, long numOutputRows, SortedMap<String, String> metrics) {
    public SinkProgress {
        metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    }

    /** Returns Spark's compact JSON. */
    public String json() {
        return new JsonText()
                .string("description", description)
                .number("numOutputRows", numOutputRows)
                .strings("metrics", metrics)
                .end();
    }
}
