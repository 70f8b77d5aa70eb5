package io.tidemark.api.connector;

import static java.util.Objects.requireNonNull;

/**
 * How far a source has been read, as the one line of JSON that the offset log holds. Two offsets are equal iff their
 * texts are, as in Spark.
 */
public record Offset(String json) {
    public Offset {
        requireNonNull(json, "json");
        if (json.isEmpty() || json.indexOf('\n') >= 0 || json.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("an offset is one line of JSON: " + json);
        }
    }

    @Override
    public String toString() {
        return json;
    }
}
