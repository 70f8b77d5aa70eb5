package io.tidemark.api.streaming;

import io.tidemark.api.types.Identifiers;

/** What a query does right now, with Spark's messages. */
public record StreamingQueryStatus(String message, boolean isDataAvailable, boolean isTriggerActive) {
    /** Returns Spark's compact JSON. */
    public String json() {
        return "{\"message\":" + Identifiers.jsonString(message) + ",\"isDataAvailable\":" + isDataAvailable
                + ",\"isTriggerActive\":" + isTriggerActive + "}";
    }

    @Override
    public String toString() {
        return json();
    }
}
