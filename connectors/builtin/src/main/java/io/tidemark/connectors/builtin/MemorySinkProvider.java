package io.tidemark.connectors.builtin;

import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.SinkContext;
import io.tidemark.api.connector.SinkProvider;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;

/** Format {@code memory}: keeps every row in this process, to be read by the query's name through {@link MemorySink}. */
public final class MemorySinkProvider implements SinkProvider {
    private static final OptionNames NAMES = new OptionNames("memory", "checkpointLocation", "queryName");

    @Override
    public String format() {
        return "memory";
    }

    @Override
    public boolean allowsTemporaryCheckpoint() {
        return true;
    }

    @Override
    public Sink open(SinkContext context) {
        NAMES.check(context.options());
        String name = context.queryName();
        if (name == null) {
            throw new TidemarkException(
                    ErrorCode.MISSING_OPTION,
                    "The memory sink has no name to be read by. Give the query one with queryName(…).");
        }
        MemoryTable table = MemoryRegistry.OF_THIS_JVM.table(name, context.queryId(), context.schema());
        return new MemorySink(table, context.outputMode());
    }
}
