package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageLock;
import java.io.IOException;
import java.util.Optional;

/** Storage that tells an observer of each changing operation; reads pass through. */
public final class ObservedStorage extends InterceptedStorage {
    private final StorageObserver observer;

    public ObservedStorage(Storage storage, StorageObserver observer) {
        super(storage);
        this.observer = observer;
    }

    @Override
    protected void change(StorageOperation operation, String path, long bytes, Change change) throws IOException {
        observer.before(operation, path, bytes);
        change.run();
        observer.after(operation, path, bytes);
    }

    @Override
    public Optional<StorageLock> tryLock(String path) throws IOException {
        observer.before(StorageOperation.LOCK, path, -1);
        Optional<StorageLock> lock = storage().tryLock(path);
        observer.after(StorageOperation.LOCK, path, -1);
        return lock;
    }
}
