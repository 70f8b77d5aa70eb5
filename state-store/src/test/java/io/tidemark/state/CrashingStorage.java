package io.tidemark.state;

import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.storage.InterceptedStorage;
import io.tidemark.checkpoint.storage.StorageOperation;
import java.io.IOException;

/** Storage that dies at one of its steps, before it or after it, and stays dead until it is revived. */
public final class CrashingStorage extends InterceptedStorage {
    private long steps;
    private long last = Long.MAX_VALUE; // the step to die at
    private boolean after;
    private boolean dead;

    public CrashingStorage(Storage files) {
        super(files);
    }

    /** Dies {@code more} steps from now. */
    public void crashAfter(long more, boolean afterTheStep) {
        last = steps + more;
        after = afterTheStep;
    }

    public boolean dead() {
        return dead;
    }

    public void revive() {
        dead = false;
        last = Long.MAX_VALUE;
    }

    @Override
    protected void change(StorageOperation operation, String path, long bytes, Change change) throws IOException {
        if (dead) {
            throw new IOException("dead");
        }
        boolean dies = ++steps >= last;
        if (dies && !after) {
            dead = true;
            throw new IOException("crashed before a step");
        }
        change.run();
        if (dies) {
            dead = true;
            throw new IOException("crashed after a step");
        }
    }

    /** No step: what is in a directory counts, not that it is there. */
    @Override
    public void makeDirectories(String directory) throws IOException {
        storage().makeDirectories(directory);
    }
}
