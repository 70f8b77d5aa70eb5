package io.tidemark.connectors.builtin;

import io.tidemark.api.Row;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.connectors.builtin.StagedRows.Block;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps batches in this process, for tests and for looking at a query. A batch it already holds is dropped; in complete
 * mode each batch replaces what was there. What a query wrote outlives the query and its restarts in the same process; a
 * fresh query of the same name starts an empty table.
 */
public final class MemorySink implements Sink {
    private final MemoryTable table;
    private final OutputMode outputMode;
    private final StagedRows staged = new StagedRows(Integer.MAX_VALUE);
    private String committed = "";
    private long rowsWritten;

    MemorySink(MemoryTable table, OutputMode outputMode) {
        this.table = table;
        this.outputMode = outputMode;
    }

    /** Returns all rows that the newest query of this name wrote, in order; none if there was no such query. */
    public static List<Row> rows(String queryName) {
        return MemoryRegistry.OF_THIS_JVM
                .table(queryName)
                .map(MemoryTable::rows)
                .orElse(List.of());
    }

    /** Returns the same rows by batch; a batch without rows has an empty list. */
    public static SortedMap<Long, List<Row>> batches(String queryName) {
        return MemoryRegistry.OF_THIS_JVM
                .table(queryName)
                .map(MemoryTable::batches)
                .orElseGet(() -> Collections.unmodifiableSortedMap(new TreeMap<>()));
    }

    /** Frees the rows of a query that is over. */
    public static void drop(String queryName) {
        MemoryRegistry.OF_THIS_JVM.dropTable(queryName);
    }

    @Override
    public String description() {
        return "MemorySink";
    }

    @Override
    public Optional<LedgerEntry> ledger() {
        return keepsLedger() ? table.newest() : Optional.empty();
    }

    /** In complete mode there is nothing to remember: each batch stands for itself. */
    @Override
    public boolean keepsLedger() {
        return outputMode != OutputMode.COMPLETE;
    }

    @Override
    public TaskWriter openTask(BatchAttempt batch, int task, int attempt) {
        return staged.open(batch, task, attempt);
    }

    @Override
    public String stage(BatchAttempt batch, List<String> taskResults) {
        return staged.stage(batch, taskResults);
    }

    @Override
    public boolean isIntact(String token) {
        return staged.holds(token);
    }

    @Override
    public void commit(CommitRequest request) {
        if (request.token().equals(committed)) {
            return;
        }
        Block block = staged.take(request.token());
        if (block == null) {
            throw StagedRows.lost("memory", request);
        }
        committed = request.token();
        boolean replaceAll = outputMode == OutputMode.COMPLETE;
        boolean taken = table.put(request.batchId(), request.epoch(), request.preparedHash(), block.rows(), replaceAll);
        rowsWritten = taken ? block.count() : 0;
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
        return keepsLedger() ? Optional.of(table.id()) : Optional.empty();
    }

    @Override
    public void close() {
        staged.clear();
    }
}
