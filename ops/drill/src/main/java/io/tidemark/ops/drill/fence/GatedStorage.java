package io.tidemark.ops.drill.fence;

import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.checkpoint.storage.InterceptedStorage;
import io.tidemark.checkpoint.storage.StorageOperation;
import java.io.IOException;
import java.util.Optional;

/** Storage behind a {@link Gate}; every operation that changes something is one of the gate's, the others pass through. */
final class GatedStorage extends InterceptedStorage {
    private final Gate gate;
    private final Locking locking;

    /** What the storage has for locks. */
    enum Locking {
        /** A lock for the life of its owner, as on a local disk. */
        LOCKS,
        /** None, as in an object store: epochs alone decide. */
        EPOCHS;

        Locking other() {
            return this == LOCKS ? EPOCHS : LOCKS;
        }
    }

    GatedStorage(Storage storage, Gate gate, Locking locking) {
        super(storage);
        this.gate = gate;
        this.locking = locking;
    }

    @Override
    protected <T> T look(String what, String path, Look<T> look) throws IOException {
        gate.pass();
        T result = look.run();
        gate.pass(); // a process that is stopped has not seen it
        return result;
    }

    @Override
    protected void change(StorageOperation operation, String path, long bytes, Change change) throws IOException {
        Gate.Operation now = gate.enter(operation.text(), path);
        try {
            change.run();
        } finally {
            gate.leave(now); // what fails, because another was first, has an end too
        }
    }

    @Override
    public Optional<StorageLock> tryLock(String path) throws IOException {
        Gate.Operation now = gate.enter(StorageOperation.LOCK.text(), path);
        Optional<StorageLock> lock =
                locking == Locking.LOCKS ? storage().tryLock(path) : Optional.of(StorageLock.unsupported());
        gate.leave(now);
        return lock;
    }
}
