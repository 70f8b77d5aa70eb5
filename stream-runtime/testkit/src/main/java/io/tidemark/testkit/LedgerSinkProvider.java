package io.tidemark.testkit;

import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.SinkContext;
import io.tidemark.api.connector.SinkProvider;

/** Format {@code ledger}: a transactional table of plain text files, see {@link LedgerSink}. */
public final class LedgerSinkProvider implements SinkProvider {
    @Override
    public String format() {
        return "ledger";
    }

    @Override
    public Sink open(SinkContext context) {
        String path = context.options().require("path", "Give the directory of the table.");
        return new LedgerSink(context.storages().open(path, context.conf()), path, context.queryId());
    }
}
