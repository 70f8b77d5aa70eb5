package io.tidemark.connectors.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.hook.PostCommitHook;
import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.connectors.delta.parquet.Compression;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes batches into a Delta table: Parquet files first, then one commit with the query's transaction. */
final class DeltaSink implements Sink {
    private static final Logger LOG = LoggerFactory.getLogger(DeltaSink.class);
    private static final int READ_BYTES = 1 << 20;

    private final Parts parts;
    private final BatchCommitter committer;
    private final AtomicReference<@Nullable PostCommitHook> checkpointDue = new AtomicReference<>();
    private final AtomicReference<@Nullable Snapshot> reloaded = new AtomicReference<>();
    private final Set<String> attempts = new ConcurrentSkipListSet<>();
    private long rowsWritten = -1;
    private SortedMap<String, String> metrics = Collections.emptySortedMap();

    /** What a sink is put together from. */
    record Parts(
            Storage storage,
            DeltaTable table,
            RowLayout layout,
            String queryId,
            Compression compression,
            IndexedColumns indexed,
            TimeSource time) {
        /** Returns where files whose names begin so are written. */
        DeltaTaskWriter.Target target(String fileNameStart) {
            return new DeltaTaskWriter.Target(
                    storage, table.path(), fileNameStart, compression, indexed, time::currentTimeMillis);
        }
    }

    DeltaSink(Parts parts, BatchCommitter committer) {
        this.parts = parts;
        this.committer = committer;
    }

    @Override
    public String description() {
        return "DeltaSink[" + parts.table().path() + "]";
    }

    @Override
    public Optional<LedgerEntry> ledger() {
        try {
            return committer
                    .ledger()
                    .map(l -> new LedgerEntry(
                            l.batchId(),
                            l.tableId(),
                            l.writer().epoch(),
                            l.writer().preparedHash()));
        } catch (IOException e) {
            throw storageFailed("read the transactions of", e);
        }
    }

    @Override
    public boolean keepsLedger() {
        return true;
    }

    @Override
    public TaskWriter openTask(BatchAttempt batch, int task, int attempt) {
        attempts.add(batch.attemptUuid());
        String name = fileNameStart(batch.batchId(), batch.attemptUuid())
                + String.format(Locale.ROOT, "%05d-%d", task, attempt);
        return new DeltaTaskWriter(parts.target(name), parts.layout());
    }

    @Override
    public String stage(BatchAttempt batch, List<String> taskResults) {
        List<StagedFile> files = new ArrayList<>();
        for (String result : taskResults) {
            files.addAll(StagedBatch.filesOf(result));
        }
        return new StagedBatch(
                        parts.queryId(),
                        batch.batchId(),
                        parts.layout().columns(),
                        parts.layout().partitionBy(),
                        files)
                .toToken();
    }

    @Override
    public boolean isIntact(String token) {
        try {
            for (StagedFile file : StagedBatch.fromToken(token).files()) {
                String path = parts.table().path() + "/" + file.path();
                Optional<FileStatus> there = parts.storage().status(path);
                if (there.isEmpty() || there.get().length() != file.size() || crcOf(path) != file.crc32c()) {
                    LOG.warn("The staged file {} is gone or not what was written", path);
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw storageFailed("check the staged files of", e);
        }
    }

    private long crcOf(String path) throws IOException {
        CRC32C crc = new CRC32C();
        try (StorageInput input = parts.storage().open(path)) {
            byte[] buffer = new byte[(int) Math.min(READ_BYTES, Math.max(1, input.length()))];
            for (long at = 0; at < input.length(); at += buffer.length) {
                int count = (int) Math.min(buffer.length, input.length() - at);
                input.readFully(at, buffer, 0, count);
                crc.update(buffer, 0, count);
            }
        }
        return crc.getValue();
    }

    @Override
    public void commit(CommitRequest request) {
        StagedBatch staged = StagedBatch.fromToken(request.token());
        if (!staged.queryId().equals(parts.queryId()) || staged.batchId() != request.batchId()) {
            throw new TidemarkException(
                    ErrorCode.BUG,
                    "Batch " + request.batchId() + " of query " + parts.queryId() + " came with what batch "
                            + staged.batchId() + " of query " + staged.queryId() + " staged. Report this.");
        }
        Snapshot fresh = reloaded.getAndSet(null);
        if (fresh != null) {
            parts.table().offer(fresh);
        }
        try {
            PostCommitHook due = committer.commit(request, staged);
            if (due != null) {
                checkpointDue.set(due);
            }
        } catch (IOException e) {
            throw storageFailed("commit batch " + request.batchId() + " to", e);
        }
        rowsWritten = staged.rows();
        SortedMap<String, String> counts = new TreeMap<>();
        counts.put("numOutputRows", Long.toString(staged.rows()));
        counts.put("numOutputBytes", Long.toString(staged.bytes()));
        counts.put("numAddedFiles", Integer.toString(staged.files().size()));
        metrics = Collections.unmodifiableSortedMap(counts);
    }

    @Override
    public void removeLeftovers(long committed, Runnable stillOwner) {
        try {
            // through a table of its own: the loop may be committing to the other one
            DeltaTable table = new DeltaTable(parts.storage(), parts.table().path());
            int removed = new Leftovers(parts.storage(), table.path())
                    .remove(table, parts.queryId(), committed, attempts, stillOwner);
            if (removed > 0) {
                LOG.info(
                        "Removed {} files that unfinished batches left at {}",
                        removed,
                        parts.table().path());
            }
        } catch (IOException e) {
            throw storageFailed("remove unfinished files at", e);
        }
    }

    @Override
    public void abandon(BatchAttempt attempt) {
        try {
            new Leftovers(parts.storage(), parts.table().path())
                    .remove(fileNameStart(attempt.batchId(), attempt.attemptUuid()));
        } catch (IOException e) {
            LOG.warn("Files of a failed attempt at batch {} stay until a later start", attempt.batchId(), e);
        }
    }

    private String fileNameStart(long batchId, String attemptUuid) {
        return parts.queryId() + "-" + batchId + "-" + attemptUuid + "-";
    }

    @Override
    public void maintain() throws IOException {
        PostCommitHook due = checkpointDue.getAndSet(null);
        if (due != null) {
            parts.table().checkpoint(due).ifPresent(reloaded::set);
        }
    }

    @Override
    public long rowsWritten() {
        return rowsWritten;
    }

    @Override
    public SortedMap<String, String> metrics() {
        return metrics;
    }

    @Override
    public Optional<String> tableId() {
        return committer.tableId();
    }

    @Override
    public Optional<String> location() {
        return Optional.of(parts.table().path());
    }

    @Override
    public void close() {}

    private TidemarkException storageFailed(String what, IOException e) {
        return new TidemarkException(
                ErrorCode.STORAGE_FAILED,
                "Cannot " + what + " the Delta table at '" + parts.table().path() + "': " + e
                        + ". Restart once storage works again.",
                e);
    }
}
