package io.tidemark.connectors.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.exceptions.CheckpointAlreadyExistsException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.MaxCommitRetryLimitReachedException;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.exceptions.UnsupportedProtocolVersionException;
import io.delta.kernel.exceptions.UnsupportedTableFeatureException;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.transaction.DataLayoutSpec;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.types.StructType;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Delta table: the only class that drives Kernel. Keeps the snapshot that the last commit left, so that a next commit
 * lists and reads nothing. One thread, but for {@link #checkpoint}.
 */
final class DeltaTable {
    static final String ENGINE_INFO = "Tidemark/0.1.0";
    private static final Logger LOG = LoggerFactory.getLogger(DeltaTable.class);

    private static final int COMMITS_ON_ONE_LOAD = 100;

    private final Storage storage;
    private final String path;
    private final LogFiles log;
    private final LogCommitter committer;
    private Set<String> hidden = Set.of();
    private StorageEngine engine;
    private @Nullable Snapshot snapshot;
    private int commitsSinceLoad;

    DeltaTable(Storage storage, String path) {
        this.storage = storage;
        this.path = path;
        this.log = new LogFiles(storage, path);
        this.committer = new LogCommitter(storage);
        this.engine = new StorageEngine(new StorageFileIO(storage, path, hidden));
    }

    String path() {
        return path;
    }

    LogFiles log() {
        return log;
    }

    /**
     * Returns the version this run knows: what its last commit or {@link #refresh} left, if the log still holds that very
     * file. Reads no version that came later.
     */
    Optional<Snapshot> known() throws IOException {
        Snapshot known = snapshot;
        if (known == null) {
            return Optional.empty();
        }
        FileStatus newest = known.getLogSegment().getDeltaFileAtEndVersion();
        return storage.status(log.commitPath(known.getVersion()))
                .filter(now -> now.length() == newest.getSize() && now.modifiedMillis() == newest.getModificationTime())
                .map(now -> known);
    }

    /**
     * Takes a snapshot that was loaded elsewhere, if it is of the very version known here: what came after that must pass
     * the checks of {@link #refresh}'s callers first.
     */
    void offer(Snapshot fresh) {
        if (snapshot != null && fresh.getVersion() == snapshot.getVersion()) {
            snapshot = fresh;
            commitsSinceLoad = 0;
        }
    }

    /** Returns whether so much was committed on top of what was loaded that a new load pays: it starts at a checkpoint. */
    boolean isDueForRefresh() {
        return commitsSinceLoad >= COMMITS_ON_ONE_LOAD;
    }

    /** Loads the newest version, or empty if there is no table. */
    Optional<Snapshot> refresh(String queryId) throws IOException {
        snapshot = null;
        commitsSinceLoad = 0;
        if (!log.exist()) {
            return Optional.empty();
        }
        Snapshot loaded = load(queryId);
        snapshot = loaded;
        return Optional.of(loaded);
    }

    /** Loads the newest version; a checkpoint that cannot be read is left aside if the log reaches past it. */
    private Snapshot load(String queryId) throws IOException {
        RuntimeException first = null;
        engine = new StorageEngine(new StorageFileIO(storage, path, hidden));
        while (true) {
            try {
                Snapshot loaded =
                        TableManager.loadSnapshot(path).withCommitter(committer).build(engine);
                loaded.getLatestTransactionVersion(engine, queryId);
                loaded.getSchema(); // read when asked for, and a damaged one is to be met here
                loaded.getPartitionColumnNames();
                engine.learnFrom(loaded);
                return loaded;
            } catch (UnsupportedProtocolVersionException | UnsupportedTableFeatureException e) {
                throw new TidemarkException(
                        ErrorCode.SINK_TABLE_UNSUPPORTED,
                        "Cannot write to the Delta table at '" + path + "': " + rootMessage(e)
                                + " Write to another table, or drop the feature there.",
                        e);
            } catch (RuntimeException e) {
                failOnStorage(e);
                first = first == null ? e : first;
                if (!hideMore()) {
                    throw corrupt(first);
                }
                LOG.warn(
                        "The table at {} does not load ({}); trying without {}",
                        path,
                        rootMessage(e),
                        new TreeSet<>(hidden));
            }
        }
    }

    /**
     * Loads an older version.
     *
     * @throws KernelException if the log does not reach back to it any more
     */
    Snapshot at(long version) {
        return TableManager.loadSnapshot(path)
                .withCommitter(committer)
                .atVersion(version)
                .build(engine);
    }

    private boolean hideMore() throws IOException {
        Set<String> more = new TreeSet<>(hidden);
        if (!more.add(log.lastCheckpointPath()) && !more.addAll(log.newestCheckpointBesides(hidden))) {
            return false;
        }
        hidden = Set.copyOf(more);
        engine = new StorageEngine(new StorageFileIO(storage, path, hidden));
        return true;
    }

    /** Throws if it was storage that failed, not the content of a file. */
    private void failOnStorage(RuntimeException e) {
        IOException failure = null;
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof TidemarkException typed) {
                throw typed;
            } else if (at instanceof JsonProcessingException
                    || at instanceof EOFException
                    || at instanceof FileNotFoundException
                    || at instanceof NoSuchFileException) {
                return;
            } else if (failure == null && at instanceof IOException io) {
                failure = io;
            }
        }
        if (failure != null) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_FAILED,
                    "Cannot read the Delta table at '" + path + "': " + failure
                            + ". Restart once storage answers again.",
                    e);
        }
    }

    /** Returns the error for a log whose content is damaged; a storage failure among its causes is thrown as one. */
    private TidemarkException unreadable(RuntimeException e) {
        failOnStorage(e);
        return corrupt(e);
    }

    private TidemarkException corrupt(RuntimeException e) {
        String problem = rootMessage(e);
        for (Throwable at = e; at != null; at = at.getCause()) {
            String message = at.getMessage();
            if (!problem.contains("_delta_log/") && message != null && message.contains("_delta_log/")) {
                problem = message.lines().findFirst().orElse("");
            }
        }
        return new TidemarkException(
                ErrorCode.SINK_TABLE_CORRUPT,
                "Cannot read the Delta table at '" + path + "': " + problem
                        + ". Repair its _delta_log, or restore it from a backup.",
                e);
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    /** Returns the version of the newest transaction of {@code queryId} in {@code table}. */
    Optional<Long> transactionOf(Snapshot table, String queryId) {
        try {
            return table.getLatestTransactionVersion(engine, queryId);
        } catch (RuntimeException e) {
            throw unreadable(e);
        }
    }

    /** Begins the transaction that makes the table; checks names and properties, writes nothing. */
    Transaction buildCreate(StructType schema, List<String> partitionBy, Map<String, String> properties) {
        var builder = TableManager.buildCreateTableTransaction(path, KernelTypes.toKernel(schema), ENGINE_INFO)
                .withCommitter(committer)
                .withTableProperties(properties)
                .withMaxRetries(0);
        if (!partitionBy.isEmpty()) {
            builder = builder.withDataLayoutSpec(DataLayoutSpec.partitioned(
                    partitionBy.stream().map(Column::new).toList()));
        }
        return builder.build(engine);
    }

    /** Begins a transaction on {@code table}. */
    Transaction buildUpdate(Snapshot table) {
        return table.buildUpdateTableTransaction(ENGINE_INFO, Operation.STREAMING_UPDATE)
                .withMaxRetries(0)
                .build(engine);
    }

    /** How one attempt to publish a version went. */
    enum Outcome {
        WON,
        /** Another version stands where ours was to be. It may still be ours: read it. */
        LOST,
        /** Storage failed or did not answer: nothing is known. */
        UNKNOWN
    }

    /**
     * The outcome of one attempt.
     *
     * @param failure why it is {@link Outcome#UNKNOWN}
     * @param checkpoint what to run now that a checkpoint is due
     */
    record Attempt(Outcome outcome, @Nullable IOException failure, @Nullable PostCommitHook checkpoint) {}

    /** Publishes the next version, once. */
    Attempt commit(Transaction transaction, List<Row> actions, String commitInfo) {
        transaction.withCommitterProperties(() -> Map.of(LogCommitter.COMMIT_INFO, commitInfo));
        try {
            TransactionCommitResult result = transaction.commit(
                    engine, CloseableIterable.inMemoryIterable(Utils.toCloseableIterator(actions.iterator())));
            snapshot = result.getPostCommitSnapshot().orElse(null);
            result.getPostCommitSnapshot().ifPresent(engine::learnFrom);
            commitsSinceLoad++;
            PostCommitHook checkpoint = result.getPostCommitHooks().stream()
                    .filter(h -> h.getType() == PostCommitHook.PostCommitHookType.CHECKPOINT)
                    .findFirst()
                    .orElse(null);
            return new Attempt(Outcome.WON, null, checkpoint);
        } catch (TableAlreadyExistsException e) {
            return new Attempt(Outcome.LOST, null, null);
        } catch (RuntimeException e) {
            IOException failure = ioCause(e);
            if (failure instanceof FileAlreadyExistsException && e instanceof MaxCommitRetryLimitReachedException) {
                return new Attempt(Outcome.LOST, null, null);
            } else if (failure != null) {
                return new Attempt(Outcome.UNKNOWN, failure, null);
            }
            throw e;
        }
    }

    private static @Nullable IOException ioCause(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof IOException io) {
                return io;
            }
        }
        return null;
    }

    /** Makes ready to read rows of {@code table}; see {@link DeltaScan}. */
    DeltaScan scan(Snapshot table, StructType schema, Optional<Predicate> where) {
        return new DeltaScan(engine, table, path, schema, where);
    }

    /** Calls {@code visitor} for every file of {@code table}. */
    void forEachFile(Snapshot table, Consumer<AddFile> visitor) {
        files(table).forEach(visitor);
    }

    private List<AddFile> files(Snapshot table) {
        List<AddFile> files = new ArrayList<>();
        try (CloseableIterator<FilteredColumnarBatch> batches =
                ((ScanImpl) table.getScanBuilder().build()).getScanFiles(engine, true)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        AddFile file = new AddFile(rows.next().getStruct(0));
                        file.getPath(); // what lacks a path is no file
                        files.add(file);
                    }
                }
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw unreadable(e);
        }
    }

    /**
     * Writes the checkpoint that is due and loads the table anew, so that what is kept of the log stays short. On any
     * thread.
     */
    Optional<Snapshot> checkpoint(PostCommitHook due) throws IOException {
        StorageEngine own = new StorageEngine(new StorageFileIO(storage, path, hidden));
        try {
            due.threadSafeInvoke(own);
            Snapshot fresh =
                    TableManager.loadSnapshot(path).withCommitter(committer).build(own);
            own.learnFrom(fresh);
            return Optional.of(fresh);
        } catch (CheckpointAlreadyExistsException | TableNotFoundException e) {
            return Optional.empty();
        }
    }
}
