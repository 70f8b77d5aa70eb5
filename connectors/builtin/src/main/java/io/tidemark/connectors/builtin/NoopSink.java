package io.tidemark.connectors.builtin;

import io.tidemark.api.connector.Sink;
import io.tidemark.api.vector.ColumnBatch;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts rows and keeps none. Its token is the count. */
final class NoopSink implements Sink {
    private long rowsWritten;

    @Override
    public String description() {
        return "NoopTable";
    }

    @Override
    public Optional<LedgerEntry> ledger() {
        return Optional.empty();
    }

    @Override
    public boolean keepsLedger() {
        return false;
    }

    @Override
    public TaskWriter openTask(BatchAttempt batch, int task, int attempt) {
        return new Counter();
    }

    @Override
    public String stage(BatchAttempt batch, List<String> taskResults) {
        return Long.toString(taskResults.stream().mapToLong(Long::parseLong).sum());
    }

    @Override
    public boolean isIntact(String token) {
        return true;
    }

    @Override
    public void commit(CommitRequest request) {
        rowsWritten = Long.parseLong(request.token());
    }

    @Override
    public long rowsWritten() {
        return rowsWritten;
    }

    @Override
    public SortedMap<String, String> metrics() {
        return Collections.unmodifiableSortedMap(new TreeMap<>());
    }

    @Override
    public Optional<String> tableId() {
        return Optional.empty();
    }

    @Override
    public void close() {}

    private static final class Counter implements TaskWriter {
        private long rows;

        @Override
        public void write(ColumnBatch batch) {
            rows += batch.rowCount();
        }

        @Override
        public String finish() {
            return Long.toString(rows);
        }

        @Override
        public void close() {}
    }
}
