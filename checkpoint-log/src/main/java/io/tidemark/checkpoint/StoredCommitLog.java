package io.tidemark.checkpoint;

import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.format.BatchCommit;
import io.tidemark.checkpoint.format.CommitFile;
import io.tidemark.checkpoint.format.ControlFileException;
import io.tidemark.checkpoint.format.FileDigest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** The commit log in {@code commits/}. Keeps the newest commit in memory. */
final class StoredCommitLog implements CommitLog {
    private final Storage storage;
    private final CheckpointLayout layout;
    private final BatchFiles files;
    private volatile @Nullable BatchCommit newest;

    StoredCommitLog(Storage storage, CheckpointLayout layout) {
        this.storage = storage;
        this.layout = layout;
        this.files = new BatchFiles(storage, layout.commits());
    }

    @Override
    public void append(BatchCommit commit) {
        files.create(commit.batchId(), CommitFile.encode(commit.metadata()));
        newest = commit;
    }

    @Override
    public Optional<BatchCommit> latest() {
        OptionalLong id = files.newest();
        return id.isPresent() ? get(id.getAsLong()) : Optional.empty();
    }

    @Override
    public Optional<BatchCommit> get(long batchId) {
        BatchCommit remembered = newest;
        if (remembered != null && remembered.batchId() == batchId) {
            return Optional.of(remembered);
        }
        Optional<byte[]> content = files.read(batchId);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        BatchCommit commit = decode(storage, layout, batchId, content.get());
        OptionalLong last = files.newest();
        if (last.isPresent() && last.getAsLong() == batchId) {
            newest = commit;
        }
        return Optional.of(commit);
    }

    /**
     * Reads a commit. One that ends after {@code v1} is how Spark before 2.4 wrote it, and is accepted as Spark does,
     * unless a sidecar shows that the batch is younger than that: then it is torn.
     */
    static BatchCommit decode(Storage storage, CheckpointLayout layout, long batchId, byte[] content) {
        String path = layout.commits(batchId);
        BatchCommit commit = new BatchCommit(batchId, CommitFile.decode(path, batchId, content));
        if (!CommitFile.hasBody(content)) {
            List<String> witnesses =
                    List.of(layout.sealed(batchId), layout.prepared(batchId, 0), layout.sealed(batchId + 1));
            for (String witness : witnesses) {
                if (exists(storage, witness)) {
                    throw ControlFileException.corrupt(
                            path, "it ends after its version line", CommitFile.cure(batchId));
                }
            }
        }
        return commit;
    }

    private static boolean exists(Storage storage, String path) {
        try {
            return storage.status(path).isPresent();
        } catch (IOException e) {
            throw StorageFailures.of("look at", path, e);
        }
    }

    @Override
    public FileDigest digest(long batchId) {
        return files.digest(batchId);
    }

    @Override
    public SortedSet<Long> batchIds() {
        return files.ids();
    }

    @Override
    public void purgeBefore(long firstKept) {
        files.deleteBefore(firstKept);
    }
}
