package io.tidemark.checkpoint.storage;

import java.util.ArrayList;
import java.util.List;

/** Keeps what an {@link ObservedStorage} did, in order. Safe for use by many threads. */
public final class OperationRecorder implements StorageObserver {
    private final List<Operation> operations = new ArrayList<>(); // guarded by this

    @Override
    public synchronized void after(StorageOperation operation, String path, long bytes) {
        operations.add(new Operation(operation, path, bytes));
    }

    /** Returns what was done so far. */
    public synchronized List<Operation> operations() {
        return List.copyOf(operations);
    }

    /**
     * A changing operation that did not fail.
     *
     * @param bytes -1 where the operation has no content
     */
    public record Operation(StorageOperation operation, String path, long bytes) {
        @Override
        public String toString() {
            return operation.text() + " " + path + (bytes < 0 ? "" : " (" + bytes + " bytes)");
        }
    }
}
