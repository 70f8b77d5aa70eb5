package io.tidemark.runtime.batch;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.checkpoint.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory on local disk for one run's working files; nothing in it outlives the run. It is called {@code
 * tidemark-state-<random>}, and a lock on the file {@code tidemark-state-<random>.lock} beside it, taken before it is
 * made and held until it is gone, tells others that it is in use. What processes left that died is removed by whoever
 * comes next: the operating system has dropped their locks, and a name is never used twice.
 */
final class LocalWorkspace implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalWorkspace.class);
    private static final String PREFIX = "tidemark-state-";
    private static final String LOCK_SUFFIX = ".lock";

    private final Storage storage;
    private final String directory;
    private final StorageLock lock;

    private LocalWorkspace(Storage storage, String directory, StorageLock lock) {
        this.storage = storage;
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Makes a fresh directory below {@code parent}, and removes what dead processes left there.
     *
     * @throws TidemarkException {@code INVALID_CONF} if the directory cannot be made or locked
     */
    static LocalWorkspace create(String parent) {
        Storage storage = LocalStorage.create();
        String base = storage.qualify(parent);
        try {
            storage.makeDirectories(base);
            removeStale(storage, base);
            while (true) {
                String directory = base + "/" + PREFIX + UUID.randomUUID();
                Optional<StorageLock> lock = storage.tryLock(directory + LOCK_SUFFIX);
                if (lock.isPresent()) { // else another process saw the new file and took it for a stale one
                    storage.makeDirectories(directory);
                    return new LocalWorkspace(storage, directory, lock.get());
                }
            }
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONF,
                    "Cannot keep working files of state in '" + base + "': " + e.getMessage()
                            + ". Set tidemark.state.localDir to a directory on a local disk that this process may write.",
                    e);
        }
    }

    Path path() {
        return Path.of(directory);
    }

    private static void removeStale(Storage storage, String base) {
        try {
            for (FileStatus file : storage.list(base)) {
                if (file.name().startsWith(PREFIX) && file.name().endsWith(LOCK_SUFFIX)) {
                    removeIfStale(storage, file.path());
                }
            }
        } catch (IOException e) {
            LOG.warn("Working files of dead processes in '{}' could not be removed: {}", base, e.getMessage());
        }
    }

    private static void removeIfStale(Storage storage, String lockFile) throws IOException {
        Optional<StorageLock> taken = storage.tryLock(lockFile);
        if (taken.isPresent()) {
            try (StorageLock lock = taken.get()) {
                if (lock.excludesOthers()) {
                    storage.deleteRecursively(lockFile.substring(0, lockFile.length() - LOCK_SUFFIX.length()));
                    storage.delete(lockFile);
                }
            }
        }
    }

    /** Removes the directory. What cannot be removed is left for the next process. */
    @Override
    public void close() {
        try {
            storage.deleteRecursively(directory);
            storage.delete(directory + LOCK_SUFFIX);
        } catch (IOException e) {
            LOG.warn("The working files in '{}' could not be removed: {}", directory, e.getMessage());
        } finally {
            try {
                lock.close();
            } catch (IOException e) {
                LOG.warn("The lock of '{}' could not be given back: {}", directory, e.getMessage());
            }
        }
    }
}
