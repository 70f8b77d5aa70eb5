package io.tidemark.connectors.builtin;

import io.tidemark.api.connector.Sink;
import io.tidemark.connectors.builtin.StagedRows.Block;
import java.io.PrintStream;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Prints a batch when it is committed; keeps no ledger, so a batch may be printed again after a crash. */
final class ConsoleSink implements Sink {
    private static final String RULE = "-------------------------------------------";

    private final TextTable table;
    private final StagedRows staged;
    private final PrintStream out;
    private String committed = "";
    private long rowsWritten;

    ConsoleSink(TextTable table, int numRows, PrintStream out) {
        this.table = table;
        this.staged = new StagedRows(numRows + 1);
        this.out = out;
    }

    @Override
    public String description() {
        return "ConsoleTable";
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
            throw StagedRows.lost("console", request);
        }
        committed = request.token();
        rowsWritten = block.count();
        out.print(RULE + "\nBatch: " + request.batchId() + "\n" + RULE + "\n" + table.render(block.rows()) + "\n");
        out.flush();
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
    public void close() {
        staged.clear();
    }
}
