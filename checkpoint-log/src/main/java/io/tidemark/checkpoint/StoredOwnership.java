package io.tidemark.checkpoint;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.checkpoint.format.EpochRecord;
import io.tidemark.checkpoint.format.SidecarFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ownership by lock and epoch.
 *
 * <p>Epochs are claimed densely and purged in ascending order, all but the newest two. So a later epoch shows in one of
 * three ways: the next one exists; or, once that is purged, one's own is gone; or it is another's, which claimed it from a
 * listing that was too old by then. {@link #verify} looks at those two names, in this order, and needs no listing.
 *
 * <p>Whatever a claim deletes is dead for every owner, however late it does so: epochs that two later ones follow, and
 * temporary files that were there before the epoch was.
 */
final class StoredOwnership implements Ownership {
    private static final Logger LOG = LoggerFactory.getLogger(StoredOwnership.class);
    private static final int KEPT_EPOCHS = 2;

    private final Storage storage;
    private final CheckpointLayout layout;
    private final EpochRecord record;
    private final byte[] content;
    private @Nullable StorageLock lock; // guarded by this; null while an owner that we took over from still has it
    private boolean closed; // guarded by this

    private StoredOwnership(Storage storage, CheckpointLayout layout, EpochRecord record, @Nullable StorageLock lock) {
        this.storage = storage;
        this.layout = layout;
        this.record = record;
        this.content = SidecarFile.encode(record);
        this.lock = lock;
    }

    static StoredOwnership claim(Storage storage, CheckpointLayout layout, ClaimRequest request) {
        String at = layout.root();
        StorageLock lock = null;
        boolean owned = false;
        try {
            storage.makeDirectories(layout.sidecar());
            // Listed before the lock is asked for: who is held up from here on finds the next epoch taken.
            TreeSet<Long> before = BatchFiles.list(storage, layout.epochs());
            lock = storage.tryLock(layout.lock()).orElse(null);
            if (lock == null && !request.takeOver()) {
                throw ownedByOther(storage, layout);
            }
            // Listed before an epoch is claimed: what a later owner is about to name is not among them. Where there are
            // no
            // locks, an earlier owner may still be at one of them; it is fenced off by then.
            List<FileStatus> temporary = lock == null ? List.of() : storage.list(layout.temporary());
            EpochRecord record = new EpochRecord(
                    (before.isEmpty() ? 0 : before.last()) + 1,
                    request.host(),
                    request.pid(),
                    request.startedAtMillis(),
                    request.attemptUuid());
            at = layout.epoch(record.epoch());
            StoredOwnership ownership = new StoredOwnership(storage, layout, record, lock);
            storage.createExclusive(at, ownership.content);
            TreeSet<Long> after = BatchFiles.list(storage, layout.epochs());
            if (after.last() != record.epoch()) {
                throw ownership.fenced(after.last());
            }
            ownership.purgeEpochs(after);
            ownership.removeTemporaryFiles(temporary);
            owned = true;
            return ownership;
        } catch (FileAlreadyExistsException
                | NoSuchFileException e) { // the latter: who was first removed our temporary file
            throw ownedByOther(storage, layout);
        } catch (IOException e) {
            throw StorageFailures.of("claim", at, e);
        } finally {
            if (!owned && lock != null) {
                release(lock);
            }
        }
    }

    private void purgeEpochs(TreeSet<Long> epochs) {
        try {
            for (long epoch : epochs.headSet(record.epoch() - KEPT_EPOCHS + 1)) {
                storage.delete(layout.epoch(epoch)); // ascending: verify() relies on it
            }
        } catch (IOException e) {
            LOG.warn("Old epochs under {} could not be deleted; the next start tries again", layout.epochs(), e);
        }
    }

    /** What stood there before this claim was left by the dead, or is that of an owner which is fenced off. */
    private void removeTemporaryFiles(List<FileStatus> found) {
        try {
            for (FileStatus file : found) {
                storage.delete(file.path());
            }
        } catch (IOException e) {
            LOG.warn(
                    "Temporary files under {} could not be deleted; the next start tries again", layout.temporary(), e);
        }
    }

    private static TidemarkException ownedByOther(Storage storage, CheckpointLayout layout) {
        return new TidemarkException(
                ErrorCode.CHECKPOINT_OWNED,
                "Cannot start on checkpoint '" + layout.root() + "': " + owner(storage, layout)
                        + " owns it. Stop that run first, or start with --take-over to fence it off.");
    }

    private static String owner(Storage storage, CheckpointLayout layout) {
        try {
            Optional<byte[]> held = storage.read(layout.lock());
            if (held.isPresent() && held.get().length > 0) {
                return new String(held.get(), StandardCharsets.UTF_8);
            }
            TreeSet<Long> epochs = BatchFiles.list(storage, layout.epochs());
            if (!epochs.isEmpty()) {
                String path = layout.epoch(epochs.last());
                Optional<byte[]> content = storage.read(path);
                if (content.isPresent()) {
                    EpochRecord owner = SidecarFile.decodeEpoch(path, content.get());
                    return "process " + owner.pid() + " on host " + owner.host();
                }
            }
        } catch (IOException | TidemarkException e) {
            LOG.debug("The owner of {} cannot be named", layout.root(), e);
        }
        return "another process";
    }

    @Override
    public long epoch() {
        return record.epoch();
    }

    @Override
    public String attemptUuid() {
        return record.attemptUuid();
    }

    @Override
    public void verify() {
        String path = layout.epoch(record.epoch() + 1);
        try {
            if (storage.status(path).isPresent()) {
                throw fenced(record.epoch() + 1);
            }
            path = layout.epoch(record.epoch());
            Optional<byte[]> own = storage.read(path);
            if (own.isEmpty() || !Arrays.equals(own.get(), content)) {
                throw fenced(record.epoch() + 1);
            }
            lockIfFree();
        } catch (IOException e) {
            throw StorageFailures.of("look at", path, e);
        }
    }

    /** After a take-over the old owner keeps the lock until it notices; then it is ours to take. */
    private synchronized void lockIfFree() throws IOException {
        if (lock == null && !closed) {
            lock = storage.tryLock(layout.lock()).orElse(null);
        }
    }

    private TidemarkException fenced(long newer) {
        String path = layout.epoch(newer);
        String by = "";
        try {
            Optional<byte[]> content = storage.read(path);
            if (content.isPresent()) {
                EpochRecord owner = SidecarFile.decodeEpoch(path, content.get());
                by = " by process " + owner.pid() + " on host " + owner.host();
            }
        } catch (IOException | TidemarkException e) {
            LOG.debug("The owner of epoch {} cannot be named", newer, e);
        }
        return new TidemarkException(
                ErrorCode.WRITER_FENCED,
                String.format(
                        Locale.ROOT,
                        "Cannot write checkpoint '%s' any more: epoch %d was claimed%s after this run's epoch %d. "
                                + "This run is over; do not restart it.",
                        layout.root(),
                        newer,
                        by,
                        record.epoch()));
    }

    @Override
    public synchronized void close() {
        closed = true;
        StorageLock held = lock;
        lock = null;
        if (held != null) {
            release(held);
        }
    }

    private static void release(StorageLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("A lock could not be released; the end of this process releases it", e);
        }
    }
}
