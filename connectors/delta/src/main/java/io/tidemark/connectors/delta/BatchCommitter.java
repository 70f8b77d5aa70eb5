package io.tidemark.connectors.delta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.Row;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.SetTransaction;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.data.GenericRow;
import io.delta.kernel.internal.util.VectorUtils;
import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.Sink.CommitRequest;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.StorageFullException;
import io.tidemark.api.storage.UnknownOutcomeException;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.StructType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gets a staged batch into the table once. Each attempt ends in one of three ways: won; lost to another commit, then the
 * table is read again and the batch rebased; unknown, then the table is read to see. Trying again after "unknown" is safe
 * even if the first reply is still under way: a version is created exclusively, and before each attempt the newest
 * transaction of this query is looked up in the very snapshot that the attempt builds on.
 */
final class BatchCommitter {
    private static final int LOST_RACES_MAX = 1000;
    private static final int STORAGE_TRIES = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    private final DeltaTable table;
    private final TableCheck check;
    private final Plan plan;
    private final @Nullable Upsert upsert;
    private final TimeSource time;

    private @Nullable String tableId;

    /** The newest batch of this query in the snapshot that {@link #table} keeps, or -1. */
    private long newestBatch = -1;

    /** The epoch that committed it, or -1. */
    private long newestEpoch = -1;

    /** The hash of the prepared file that it carries out, or empty. */
    private String newestHash = "";

    private boolean ledgerKnown;

    /** What every batch of a run has in common; {@code schema} and the rest are for making the table. */
    record Plan(
            String queryId,
            OutputMode outputMode,
            StructType schema,
            List<String> partitionBy,
            Map<String, String> properties) {}

    /** @param upsert how rows replace others in update mode; null in the other modes */
    BatchCommitter(DeltaTable table, TableCheck check, Plan plan, @Nullable Upsert upsert, TimeSource time) {
        this.table = table;
        this.check = check;
        this.plan = plan;
        this.upsert = upsert;
        this.time = time;
    }

    Optional<String> tableId() {
        return Optional.ofNullable(tableId);
    }

    /** Commits, or finds the batch committed. Returns the checkpoint that is due now, or null. */
    @Nullable
    PostCommitHook commit(CommitRequest request, StagedBatch staged) throws IOException {
        int lost = 0;
        int failed = 0;
        IOException unknown = null;
        boolean reread = !ledgerKnown || table.isDueForRefresh();
        while (true) {
            Optional<Snapshot> base = reread ? Optional.empty() : table.known();
            if (base.isPresent()) {
                checkFence(request);
            } else {
                base = readLedger(request, unknown);
            }
            if (newestBatch >= request.batchId()) {
                checkAttempt(request);
                return null;
            }
            DeltaTable.Attempt attempt = upsert != null && base.isEmpty()
                    ? createEmpty(request)
                    : attempt(base, request, staged, lost + failed);
            switch (attempt.outcome()) {
                case WON -> {
                    if (upsert != null && base.isEmpty()) {
                        continue; // the table was made; it is known now
                    }
                    newestBatch = request.batchId();
                    newestEpoch = request.epoch();
                    newestHash = request.preparedHash();
                    ledgerKnown = true;
                    table.known().ifPresent(this::checkIdentity);
                    return attempt.checkpoint();
                }
                case LOST -> {
                    if (++lost >= LOST_RACES_MAX) {
                        throw conflict(request, lost);
                    }
                }
                case UNKNOWN -> {
                    IOException failure = attempt.failure();
                    unknown = failure instanceof StorageFullException ? null : failure;
                    if (failure instanceof StorageFullException || ++failed >= STORAGE_TRIES) {
                        giveUp(request, failure);
                    }
                    pause(failed);
                }
            }
            reread = true;
        }
    }

    /**
     * Loads the newest version together with what it says of this query. The two must never be of different versions:
     * a batch would be committed on top of itself.
     */
    private Optional<Snapshot> readLedger(CommitRequest request, @Nullable IOException unknown) throws IOException {
        ledgerKnown = false;
        try {
            Optional<Snapshot> base = table.refresh(plan.queryId());
            newestBatch = -1;
            if (base.isEmpty()) {
                checkNeverSeen();
            } else {
                checkIdentity(base.get());
                newestBatch = table.transactionOf(base.get(), plan.queryId()).orElse(-1L);
            }
            LogFiles.Writer writer = newestBatch < 0 ? LogFiles.Writer.UNKNOWN : writer(base.orElseThrow());
            newestEpoch = writer.epoch();
            newestHash = writer.preparedHash();
            if (newestBatch >= 0) {
                table.log().makeDurable();
            }
            checkFence(request);
            ledgerKnown = true;
            return base;
        } catch (IOException e) {
            if (unknown != null) {
                unknown.addSuppressed(e);
                throw commitUnknown("the table cannot be read back: " + e, unknown);
            }
            throw e;
        }
    }

    private void checkFence(CommitRequest request) {
        if (newestEpoch > request.epoch()) {
            throw new TidemarkException(
                    ErrorCode.WRITER_FENCED,
                    "Cannot commit batch " + request.batchId() + " to '" + table.path() + "': epoch " + newestEpoch
                            + " of the same query has committed batch " + newestBatch + ", this run has epoch "
                            + request.epoch() + ". Another run took over; stop this one.");
        }
    }

    /**
     * The batch may be in the table from an attempt before this one: its run was fenced off in front of its commit. Then
     * the state of this attempt is not what belongs to those rows.
     */
    private void checkAttempt(CommitRequest request) {
        if (newestBatch == request.batchId() && !newestHash.isEmpty() && !newestHash.equals(request.preparedHash())) {
            throw new TidemarkException(
                    ErrorCode.SINK_CONFLICT,
                    "Cannot commit batch " + request.batchId() + " to '" + table.path()
                            + "': an earlier attempt at it, that was held up, has committed it meanwhile. A restart"
                            + " goes on from that one.");
        }
    }

    /** Throws if this run has seen or made a table where there is none now: a new one would lack its earlier batches. */
    private void checkNeverSeen() {
        if (tableId != null) {
            throw new TidemarkException(
                    ErrorCode.SINK_REWOUND,
                    "The Delta table at '" + table.path() + "' is gone: this run knew it by the id " + tableId
                            + ", and now there is none. Put the table back, or start the query with a new checkpoint.");
        }
    }

    private void checkIdentity(Snapshot base) {
        String id = base.getMetadata().getId();
        if (tableId != null && !tableId.equals(id)) {
            throw new TidemarkException(
                    ErrorCode.SINK_REWOUND,
                    "The Delta table at '" + table.path() + "' is another one than this query wrote to: its id is " + id
                            + ", not " + tableId + ". Put the table back, or start the query with a new checkpoint.");
        }
        tableId = id;
    }

    /** Takes note of who committed what so far, as a start does, without committing anything. */
    Optional<LedgerState> ledger() throws IOException {
        ledgerKnown = false;
        newestBatch = -1;
        newestEpoch = -1;
        Optional<Snapshot> base = table.refresh(plan.queryId());
        if (base.isEmpty()) {
            checkNeverSeen();
            return Optional.empty();
        }
        checkIdentity(base.get());
        Optional<Long> newest = table.transactionOf(base.get(), plan.queryId());
        if (newest.isEmpty()) {
            ledgerKnown = true;
            return Optional.empty();
        }
        newestBatch = newest.get();
        LogFiles.Writer writer = writer(base.get());
        newestEpoch = writer.epoch();
        newestHash = writer.preparedHash();
        table.log().makeDurable();
        ledgerKnown = true;
        return Optional.of(new LedgerState(newestBatch, base.get().getMetadata().getId(), writer));
    }

    /** Returns who committed the newest batch. */
    private LogFiles.Writer writer(Snapshot base) throws IOException {
        TableHistory.Newest newest =
                new TableHistory(table.log(), plan.queryId()).newest(newestBatch, base.getVersion());
        if (newest.restored() != null) {
            throw new TidemarkException(
                    ErrorCode.SINK_REWOUND,
                    "The Delta table at '" + table.path()
                            + "' lacks batches that this query has committed to it, up to "
                            + newestBatch + ": " + DeltaLedger.restored(newest.restored())
                            + ". 'tidemark checkpoint doctor DIR' says to which batch the checkpoint can follow it; or"
                            + " restore the table to the version before.");
        }
        return newest.writer();
    }

    record LedgerState(long batchId, String tableId, LogFiles.Writer writer) {}

    /** Makes the table: rows can only replace others in a version that is there. */
    private DeltaTable.Attempt createEmpty(CommitRequest request) throws IOException {
        try {
            ObjectNode info = Json.object();
            info.put("operation", "CREATE TABLE");
            info.put("isBlindAppend", true);
            info.put("engineInfo", DeltaTable.ENGINE_INFO);
            return table.commit(
                    table.buildCreate(plan.schema(), plan.partitionBy(), plan.properties()),
                    List.of(),
                    Json.line(info));
        } catch (TableAlreadyExistsException e) {
            return new DeltaTable.Attempt(DeltaTable.Outcome.LOST, null, null);
        } catch (KernelException e) {
            throw failed(request, e);
        }
    }

    /** What a commit adds and removes. */
    private record Change(List<AddFile> removed, List<StagedFile> added) {}

    private Change change(Optional<Snapshot> base, CommitRequest request, StagedBatch staged, int attempt)
            throws IOException {
        if (upsert != null) {
            Upsert.Change change = upsert.on(
                    base.orElseThrow(),
                    staged,
                    Upsert.fileNameStart(plan.queryId(), request.batchId(), request.attemptUuid(), attempt));
            return new Change(change.removed(), change.added());
        }
        List<AddFile> removed = new ArrayList<>();
        if (base.isPresent() && plan.outputMode() == OutputMode.COMPLETE) {
            table.forEachFile(base.get(), removed::add);
        }
        return new Change(removed, staged.files());
    }

    private DeltaTable.Attempt attempt(Optional<Snapshot> base, CommitRequest request, StagedBatch staged, int number)
            throws IOException {
        List<Row> actions = new ArrayList<>();
        long now = time.currentTimeMillis();
        try {
            Transaction transaction;
            if (base.isEmpty()) {
                transaction = table.buildCreate(plan.schema(), plan.partitionBy(), plan.properties());
            } else {
                check.features(base.get(), plan.outputMode());
                check.stillTakes(staged, base.get());
                if (upsert != null) {
                    check.upsertable(staged.columns().keySet(), base.get());
                }
                transaction = table.buildUpdate(base.get());
            }
            actions.add(SingleAction.createTxnSingleAction(
                    new SetTransaction(plan.queryId(), request.batchId(), Optional.of(now)).toRow()));
            Change change = change(base, request, staged, number);
            change.removed()
                    .forEach(f -> actions.add(
                            SingleAction.createRemoveFileSingleAction(f.toRemoveFileRow(true, Optional.of(now)))));
            change.added().forEach(f -> actions.add(addAction(f)));
            return table.commit(transaction, actions, commitInfo(base, request, staged, change));
        } catch (TableAlreadyExistsException e) {
            return new DeltaTable.Attempt(DeltaTable.Outcome.LOST, null, null);
        } catch (KernelException e) {
            throw failed(request, e);
        }
    }

    private TidemarkException failed(CommitRequest request, KernelException e) {
        return new TidemarkException(
                ErrorCode.SINK_FAILED,
                "Cannot commit batch " + request.batchId() + " to the Delta table at '" + table.path() + "': "
                        + e.getMessage() + ". See the cause in the log; a restart tries again.",
                e);
    }

    private static Row addAction(StagedFile file) {
        io.delta.kernel.types.StructType schema = AddFile.FULL_SCHEMA;
        Map<Integer, Object> values = new HashMap<>();
        values.put(schema.indexOf("path"), PartitionValues.toUri(file.path()));
        values.put(schema.indexOf("partitionValues"), VectorUtils.stringStringMapValue(file.partitionValues()));
        values.put(schema.indexOf("size"), file.size());
        values.put(schema.indexOf("modificationTime"), file.modificationTime());
        values.put(schema.indexOf("dataChange"), true);
        values.put(schema.indexOf("stats"), file.stats());
        return SingleAction.createAddFileSingleAction(new GenericRow(schema, values));
    }

    private String commitInfo(Optional<Snapshot> base, CommitRequest request, StagedBatch staged, Change change) {
        ObjectNode info = Json.object();
        info.put("operation", "STREAMING UPDATE");
        ObjectNode parameters = info.putObject("operationParameters");
        parameters
                .put("outputMode", plan.outputMode().displayName())
                .put("queryId", plan.queryId())
                .put("epochId", Long.toString(request.batchId()));
        if (upsert != null) {
            parameters.put(MergeKeys.OPTION, String.join(",", upsert.keys().columns()));
        }
        base.ifPresent(b -> info.put("readVersion", b.getVersion()));
        info.put("isolationLevel", "Serializable");
        info.put("isBlindAppend", plan.outputMode() == OutputMode.APPEND);
        info.putObject("operationMetrics")
                .put("numRemovedFiles", Integer.toString(change.removed().size()))
                .put("numAddedFiles", Integer.toString(change.added().size()))
                .put("numOutputRows", Long.toString(staged.rows()))
                .put("numOutputBytes", Long.toString(staged.bytes()));
        info.putObject("tags")
                .put(LogFiles.EPOCH, Long.toString(request.epoch()))
                .put(LogFiles.ATTEMPT, request.attemptUuid())
                .put(LogFiles.PREPARED_HASH, request.preparedHash())
                .put(LogFiles.OFFSET_RANGES, request.offsetRanges());
        info.put("engineInfo", DeltaTable.ENGINE_INFO);
        return Json.line(info);
    }

    private void pause(int failures) {
        try {
            time.sleep(FIRST_PAUSE.multipliedBy(1L << failures));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TidemarkException(
                    ErrorCode.QUERY_STOPPED,
                    "Stopped while waiting for storage to take a commit. A restart finishes it.",
                    e);
        }
    }

    private TidemarkException conflict(CommitRequest request, int lost) {
        return new TidemarkException(
                ErrorCode.SINK_CONFLICT,
                "Cannot commit batch " + request.batchId() + " to '" + table.path() + "': other writers were first "
                        + lost + " times in a row. Let fewer writers share the table; a restart tries again.");
    }

    private void giveUp(CommitRequest request, @Nullable IOException failure) throws IOException {
        if (failure instanceof StorageFullException) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_FULL,
                    "Cannot commit batch " + request.batchId() + " to '" + table.path()
                            + "': no space is left. Free some and start again; the batch goes on from where it is.",
                    failure);
        } else if (failure instanceof UnknownOutcomeException) {
            throw commitUnknown("storage did not say whether it took effect", failure);
        }
        throw new TidemarkException(
                ErrorCode.STORAGE_FAILED,
                "Cannot commit batch " + request.batchId() + " to '" + table.path() + "': " + failure
                        + ". Restart once storage works again; the batch goes on from where it is.",
                failure);
    }

    private TidemarkException commitUnknown(String why, Throwable cause) {
        return new TidemarkException(
                ErrorCode.COMMIT_UNKNOWN,
                "A commit to '" + table.path() + "' has an unknown outcome: " + why
                        + ". Restart; the table is read back before anything else is done.",
                cause);
    }
}
