package io.tidemark.ops.cli.doctor;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.Sink.LedgerEntry;
import io.tidemark.api.connector.SinkLedger;
import io.tidemark.api.connector.SinkLedgers;
import io.tidemark.api.connector.SinkProvider;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.checkpoint.CheckpointReport;
import io.tidemark.checkpoint.CheckpointReport.BatchReport;
import io.tidemark.checkpoint.format.SealedPlan;
import io.tidemark.checkpoint.format.SealedPlan.SinkRecord;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The table of a checkpoint, found by what a sealed plan or a user says of it.
 *
 * @param record where it is
 */
public record Table(SinkRecord record, SinkLedger ledger) implements AutoCloseable {
    /**
     * Opens the table.
     *
     * @throws TidemarkException {@code UNKNOWN_FORMAT} if no connector of that format can be asked without its query
     */
    public static Table open(SinkRecord record, UUID queryId, StorageProvider storages) {
        for (SinkProvider provider : ServiceLoader.load(SinkProvider.class)) {
            if (provider.format().equals(record.format()) && provider instanceof SinkLedgers ledgers) {
                return new Table(
                        record,
                        ledgers.openLedger(record.location(), queryId, storages, TimeSource.system(), new TreeMap<>()));
            }
        }
        throw new TidemarkException(
                ErrorCode.UNKNOWN_FORMAT,
                "Cannot ask the sink at '" + record.location() + "': no connector of format '" + record.format()
                        + "' can be asked without its query. Name a Delta table with --table.");
    }

    /** Opens the table that the newest sealed plan of a checkpoint names; empty if none does. */
    public static Optional<Table> of(CheckpointReport report, StorageProvider storages) {
        UUID queryId = report.queryId();
        List<BatchReport> batches = report.batches();
        for (int i = batches.size() - 1; i >= 0 && queryId != null; i--) {
            SealedPlan sealed = batches.get(i).sealed();
            SinkRecord record = sealed == null ? null : sealed.sink();
            if (record != null) {
                return Optional.of(open(record, queryId, storages));
            }
        }
        return Optional.empty();
    }

    /** Returns the newest batch that the table's ledger names, or -1. */
    public long newestBatch() {
        return ledger.newest().map(LedgerEntry::batchId).orElse(-1L);
    }

    /** Returns in words what the ledger says. */
    public String describe() {
        Optional<LedgerEntry> newest = ledger.newest();
        return ledger.description() + " holds "
                + newest.map(held -> "batches up to " + held.batchId()
                                + (held.epoch() < 0 ? " (that one by another engine)" : ""))
                        .orElse("no batch of this query");
    }

    @Override
    public void close() {
        ledger.close();
    }
}
