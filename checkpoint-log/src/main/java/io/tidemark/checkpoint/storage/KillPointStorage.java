package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.Storage;

/** Storage that ends the process at a {@link KillPoint}. */
public final class KillPointStorage {
    private KillPointStorage() {}

    /** Returns {@code storage} with the kill point in it; only local storage has an inside to die in. */
    public static Storage of(Storage storage, KillPoint killPoint) {
        Storage inner = storage instanceof LocalStorage local ? local.withHook(killPoint.hook()) : storage;
        return new ObservedStorage(inner, new StorageObserver() {
            @Override
            public void before(StorageOperation operation, String path, long bytes) {
                killPoint.enter(operation, path);
            }

            @Override
            public void after(StorageOperation operation, String path, long bytes) {
                killPoint.leave();
            }
        });
    }
}
