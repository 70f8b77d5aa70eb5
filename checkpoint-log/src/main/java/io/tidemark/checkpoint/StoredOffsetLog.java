package io.tidemark.checkpoint;

import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.format.BatchPlan;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.OffsetFile;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** The offset log in {@code offsets/}. Keeps the newest plan in memory. */
final class StoredOffsetLog implements OffsetLog {
    private final BatchFiles files;
    private volatile @Nullable BatchPlan newest;

    StoredOffsetLog(Storage storage, CheckpointLayout layout) {
        this.files = new BatchFiles(storage, layout.offsets());
    }

    @Override
    public void append(BatchPlan plan) {
        OptionalLong last = files.newest();
        long next = last.isPresent() ? last.getAsLong() + 1 : 0;
        if (plan.batchId() > next) {
            throw new IllegalArgumentException("batch " + plan.batchId() + " cannot be planned before " + next);
        }
        files.create(plan.batchId(), OffsetFile.encode(plan));
        newest = plan;
    }

    @Override
    public Optional<BatchPlan> latest() {
        OptionalLong id = files.newest();
        return id.isPresent() ? get(id.getAsLong()) : Optional.empty();
    }

    @Override
    public Optional<BatchPlan> get(long batchId) {
        BatchPlan remembered = newest;
        if (remembered != null && remembered.batchId() == batchId) {
            return Optional.of(remembered);
        }
        Optional<BatchPlan> plan =
                files.read(batchId).map(content -> OffsetFile.decode(files.path(batchId), batchId, content));
        OptionalLong last = files.newest();
        if (last.isPresent() && last.getAsLong() == batchId) {
            plan.ifPresent(found -> newest = found);
        }
        return plan;
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
