package io.tidemark.connectors.builtin;

import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.SinkContext;
import io.tidemark.api.connector.SinkProvider;

/** Format {@code noop}: computes every row and drops it. */
public final class NoopSinkProvider implements SinkProvider {
    @Override
    public String format() {
        return "noop";
    }

    @Override
    public boolean allowsTemporaryCheckpoint() {
        return true;
    }

    @Override
    public Sink open(SinkContext context) {
        return new NoopSink();
    }
}
