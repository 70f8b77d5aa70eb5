package io.tidemark.connectors.delta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.Row;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.actions.SetTransaction;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.data.GenericRow;
import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.SinkLedger;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.connectors.delta.TableHistory.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a Delta table knows of a query. A rewind is one commit: it removes the files that came after the batch, adds again
 * those that went after it, and lowers the query's {@code txn}.
 */
final class DeltaLedger implements SinkLedger {
    private static final int TRIES = 10;
    private static final int NAMED = 3;
    private static final long DEFAULT_RETENTION_MILLIS = 7L * 24 * 60 * 60 * 1000;
    private static final String RETENTION = "delta.deletedFileRetentionDuration";

    private final Storage storage;
    private final DeltaTable table;
    private final String queryId;
    private final TimeSource time;
    private final TableHistory history;

    DeltaLedger(Storage storage, DeltaTable table, String queryId, TimeSource time) {
        this.storage = storage;
        this.table = table;
        this.queryId = queryId;
        this.time = time;
        this.history = new TableHistory(table.log(), queryId);
    }

    @Override
    public String description() {
        return "the Delta table at '" + table.path() + "'";
    }

    @Override
    public Optional<Sink.LedgerEntry> newest() {
        return reading(() -> {
            Optional<Snapshot> now = table.refresh(queryId);
            Optional<Long> batch = now.flatMap(s -> table.transactionOf(s, queryId));
            if (batch.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(entry(
                    now.get(),
                    batch.get(),
                    history.newest(batch.get(), now.get().getVersion()).writer()));
        });
    }

    private static Sink.LedgerEntry entry(Snapshot table, long batchId, LogFiles.Writer writer) {
        return new Sink.LedgerEntry(batchId, table.getMetadata().getId(), writer.epoch(), writer.preparedHash());
    }

    @Override
    public Optional<Sink.LedgerEntry> entry(long batchId) {
        return reading(() -> {
            Optional<Snapshot> now = table.refresh(queryId);
            if (now.isEmpty()) {
                return Optional.empty();
            }
            return history.effective(now.get().getVersion(), v -> isCommitOf(batchId, v)).stream()
                    .filter(v -> isCommitOf(batchId, v))
                    .findFirst()
                    .map(v -> entry(now.get(), batchId, v.writer()));
        });
    }

    private static boolean isCommitOf(long batchId, Version version) {
        return version.rewoundTo().isEmpty() && version.batch().stream().anyMatch(b -> b == batchId);
    }

    @Override
    public Optional<SetBack> setBack() {
        return reading(() -> {
            Optional<Snapshot> now = table.refresh(queryId);
            Optional<Long> batch = now.flatMap(s -> table.transactionOf(s, queryId));
            if (batch.isEmpty()) {
                return Optional.empty();
            }
            Version restored =
                    history.newest(batch.get(), now.get().getVersion()).restored();
            return restored == null
                    ? Optional.empty()
                    : Optional.of(new SetBack(
                            restored(restored), newestWhole(now.get().getVersion())));
        });
    }

    /** Returns in words which RESTORE it was. */
    static String restored(Version restore) {
        return restore.who() + " set it back to version "
                + (restore.restoredTo().getAsLong() < 0
                        ? "(unnamed)"
                        : Long.toString(restore.restoredTo().getAsLong()))
                + " (its version " + restore.version() + ")";
    }

    private long newestWhole(long newestVersion) throws IOException {
        List<Version> versions = history.effective(newestVersion, v -> v.batch().isPresent());
        return versions.isEmpty()
                ? -1
                : versions.get(versions.size() - 1).batch().orElse(-1);
    }

    @Override
    public RewindPlan planRewind(long batchId) {
        return reading(() -> work(batchId).plan());
    }

    @Override
    public RewindPlan rewind(long batchId, long epoch, String attemptUuid) {
        for (int tries = 1; ; tries++) {
            DeltaTable.Attempt attempt;
            Work work = reading(() -> work(batchId));
            if (!work.plan().needed()) {
                return work.plan();
            }
            try {
                attempt = commit(work, epoch, attemptUuid);
            } catch (KernelException e) {
                throw refused(batchId, "Delta Kernel does not take the commit: " + e.getMessage(), e);
            }
            if (attempt.outcome() == DeltaTable.Outcome.WON) {
                return work.plan();
            }
            if (tries == TRIES) {
                throw new TidemarkException(
                        attempt.outcome() == DeltaTable.Outcome.LOST
                                ? ErrorCode.SINK_CONFLICT
                                : ErrorCode.COMMIT_UNKNOWN,
                        "Cannot say whether " + description() + " was set back to batch " + batchId + ": "
                                + (attempt.failure() == null ? "others were always first" : attempt.failure())
                                + ". Run the same command again; it looks first.",
                        attempt.failure());
            }
        }
    }

    /**
     * What a rewind has to do.
     *
     * @param back the version to go back to: its content, and who had committed the batch
     */
    private record Work(Snapshot now, Version back, List<AddFile> removed, List<AddFile> returned, RewindPlan plan) {}

    private Work work(long batchId) throws IOException {
        Optional<Snapshot> found = table.refresh(queryId);
        if (found.isEmpty()) {
            throw refused(batchId, "there is no table", null);
        }
        Snapshot now = found.get();
        long inLedger = table.transactionOf(now, queryId).orElse(-1L);
        List<Version> versions = history.effective(now.getVersion(), v -> isCommitOf(batchId, v));
        if (versions.isEmpty() || !isCommitOf(batchId, versions.get(versions.size() - 1))) {
            throw unknown(batchId, versions);
        }
        Version back = versions.get(versions.size() - 1);
        boolean laterBatches = versions.stream()
                .anyMatch(v -> v.rewoundTo().isEmpty() && v.batch().stream().anyMatch(b -> b > batchId));
        if (!laterBatches) {
            boolean needed = inLedger != batchId;
            return new Work(now, back, List.of(), List.of(), plan(inLedger, batchId, now, back, needed));
        }
        refuseOthers(batchId, versions.subList(0, versions.size() - 1));
        new TableCheck(table.path()).features(now, OutputMode.COMPLETE);
        SortedMap<String, AddFile> present = files(now);
        SortedMap<String, AddFile> past;
        try {
            past = files(table.at(back.version()));
        } catch (KernelException e) {
            throw refused(batchId, "the log does not reach back to version " + back.version() + " any more", e);
        }
        List<AddFile> removed = without(present, past);
        List<AddFile> returned = without(past, present);
        refuseMissing(batchId, returned);
        RewindPlan plan = new RewindPlan(
                inLedger,
                batchId,
                now.getVersion(),
                back.version(),
                names(removed),
                names(returned),
                rows(removed),
                rows(returned),
                true);
        return new Work(now, back, removed, returned, plan);
    }

    private static RewindPlan plan(long from, long to, Snapshot now, Version back, boolean needed) {
        return new RewindPlan(from, to, now.getVersion(), back.version(), List.of(), List.of(), 0, 0, needed);
    }

    private TidemarkException unknown(long batchId, List<Version> versions) {
        long newest =
                versions.stream().flatMapToLong(v -> v.batch().stream()).max().orElse(-1);
        if (newest < batchId && newest >= 0) {
            return refused(
                    batchId,
                    "it does not hold that batch; the newest one of this query that it holds is " + newest,
                    null);
        }
        OptionalLong oldest = versions.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(versions.get(versions.size() - 1).version());
        return refused(
                batchId,
                "its log does not tell any more what it held then; the oldest version that can be read is "
                        + (oldest.isPresent() ? Long.toString(oldest.getAsLong()) : "none"),
                null);
    }

    private void refuseOthers(long batchId, List<Version> since) {
        List<String> others = since.stream()
                .filter(v ->
                        v.changesRows() && v.batch().isEmpty() && v.backTo().isEmpty())
                .map(v -> "version " + v.version() + ": " + v.who())
                .toList();
        if (!others.isEmpty()) {
            throw refused(batchId, "somebody else has changed its rows since then (" + named(others) + ")", null);
        }
    }

    private void refuseMissing(long batchId, List<AddFile> returned) throws IOException {
        List<String> gone = new ArrayList<>();
        for (AddFile file : returned) {
            String name = PartitionValues.fromUri(file.getPath());
            String path = name.contains(":/") || name.startsWith("/") ? name : table.path() + "/" + name;
            Optional<FileStatus> status = storage.status(storage.qualify(path));
            if (status.isEmpty() || status.get().length() != file.getSize()) {
                gone.add(name);
            }
            Optional<DeletionVectorDescriptor> deletions =
                    file.getDeletionVector().filter(DeletionVectorDescriptor::isOnDisk);
            if (deletions.isPresent()) {
                String vector = storage.qualify(deletions.get().getAbsolutePath(table.path()));
                if (storage.status(vector).isEmpty()) {
                    gone.add(vector);
                }
            }
        }
        if (!gone.isEmpty()) {
            throw refused(
                    batchId,
                    "files that would have to come back were deleted from it, probably by VACUUM (" + named(gone) + ")",
                    null);
        }
    }

    private static String named(List<String> all) {
        return String.join("; ", all.subList(0, Math.min(NAMED, all.size())))
                + (all.size() > NAMED ? " and " + (all.size() - NAMED) + " more" : "");
    }

    private TidemarkException refused(long batchId, String why, @org.jspecify.annotations.Nullable Throwable cause) {
        return new TidemarkException(
                ErrorCode.SINK_REWIND_REFUSED,
                "Cannot set " + description() + " back to batch " + batchId + " of query " + queryId + ": " + why
                        + ". Rewind to another batch, or start the query with a new checkpoint and a new table.",
                cause);
    }

    private SortedMap<String, AddFile> files(Snapshot version) {
        SortedMap<String, AddFile> files = new TreeMap<>();
        table.forEachFile(
                version,
                f -> files.put(
                        f.getPath()
                                + f.getDeletionVector()
                                        .map(d -> "|" + d.getUniqueId())
                                        .orElse(""),
                        f));
        return files;
    }

    private static List<AddFile> without(SortedMap<String, AddFile> all, SortedMap<String, AddFile> others) {
        List<AddFile> left = new ArrayList<>();
        all.forEach((key, file) -> {
            if (!others.containsKey(key)) {
                left.add(file);
            }
        });
        return left;
    }

    private static List<String> names(Collection<AddFile> files) {
        return files.stream().map(f -> PartitionValues.fromUri(f.getPath())).toList();
    }

    private static long rows(List<AddFile> files) {
        long rows = 0;
        for (AddFile file : files) {
            if (file.getNumRecords().isEmpty()) {
                return -1;
            }
            rows += file.getNumRecords().get();
        }
        return rows;
    }

    private DeltaTable.Attempt commit(Work work, long epoch, String attemptUuid) {
        long now = time.currentTimeMillis();
        List<Row> actions = new ArrayList<>();
        actions.add(SingleAction.createTxnSingleAction(
                new SetTransaction(queryId, work.plan().toBatch(), Optional.of(now)).toRow()));
        work.removed()
                .forEach(f -> actions.add(
                        SingleAction.createRemoveFileSingleAction(f.toRemoveFileRow(true, Optional.of(now)))));
        work.returned().forEach(f -> actions.add(SingleAction.createAddFileSingleAction(again(f))));
        Transaction transaction = table.buildUpdate(work.now());
        return table.commit(transaction, actions, commitInfo(work, epoch, attemptUuid));
    }

    /** Returns the add action of a file that comes back: what the log said of it, as a change of data. */
    private static Row again(AddFile file) {
        io.delta.kernel.types.StructType schema = AddFile.FULL_SCHEMA;
        Map<Integer, Object> values = new HashMap<>();
        values.put(schema.indexOf("path"), file.getPath());
        values.put(schema.indexOf("partitionValues"), file.getPartitionValues());
        values.put(schema.indexOf("size"), file.getSize());
        values.put(schema.indexOf("modificationTime"), file.getModificationTime());
        values.put(schema.indexOf("dataChange"), true);
        file.getDeletionVector().ifPresent(d -> values.put(schema.indexOf("deletionVector"), d.toRow()));
        file.getTags().ifPresent(t -> values.put(schema.indexOf("tags"), t));
        file.getBaseRowId().ifPresent(id -> values.put(schema.indexOf("baseRowId"), id));
        file.getDefaultRowCommitVersion().ifPresent(v -> values.put(schema.indexOf("defaultRowCommitVersion"), v));
        file.getStatsJson().ifPresent(s -> values.put(schema.indexOf("stats"), s));
        return new GenericRow(schema, values);
    }

    private String commitInfo(Work work, long epoch, String attemptUuid) {
        RewindPlan plan = work.plan();
        ObjectNode info = Json.object();
        info.put("operation", "REWIND");
        info.putObject("operationParameters")
                .put("queryId", queryId)
                .put("fromEpochId", Long.toString(plan.fromBatch()))
                .put("epochId", Long.toString(plan.toBatch()))
                .put("version", Long.toString(plan.toVersion()));
        info.put("readVersion", plan.fromVersion());
        info.put("isolationLevel", "Serializable");
        info.put("isBlindAppend", false);
        info.putObject("operationMetrics")
                .put("numRemovedFiles", Integer.toString(plan.removed().size()))
                .put("numRestoredFiles", Integer.toString(plan.returned().size()));
        info.putObject("tags")
                .put(LogFiles.EPOCH, Long.toString(epoch))
                .put(LogFiles.ATTEMPT, attemptUuid)
                .put(LogFiles.PREPARED_HASH, work.back().writer().preparedHash())
                .put(LogFiles.REWOUND_TO, Long.toString(plan.toVersion()));
        info.put("engineInfo", DeltaTable.ENGINE_INFO);
        return Json.line(info);
    }

    @Override
    public Optional<Long> keptUntilMillis(String token) {
        OptionalLong oldest = StagedBatch.fromToken(token).files().stream()
                .mapToLong(StagedFile::modificationTime)
                .min();
        if (oldest.isEmpty()) {
            return Optional.empty();
        }
        return reading(() -> {
            long kept = table.refresh(queryId)
                    .map(s -> s.getTableProperties().get(RETENTION))
                    .flatMap(RetentionInterval::millis)
                    .orElse(DEFAULT_RETENTION_MILLIS);
            return Optional.of(oldest.getAsLong() + kept);
        });
    }

    private interface Reading<T> {
        T get() throws IOException;
    }

    private <T> T reading(Reading<T> reading) {
        try {
            return reading.get();
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_FAILED,
                    "Cannot read " + description() + ": " + e + ". Try again once storage works.",
                    e);
        }
    }

    @Override
    public void close() {}
}
