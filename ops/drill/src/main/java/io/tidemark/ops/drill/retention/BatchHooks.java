package io.tidemark.ops.drill.retention;

import io.tidemark.checkpoint.storage.StorageObserver;
import io.tidemark.checkpoint.storage.StorageOperation;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where the drill steps into one run of a query: after its plan is written, between two reads, before its commit. Each
 * hook fires once. Any thread.
 */
final class BatchHooks implements StorageObserver {
    private final AtomicReference<@Nullable Runnable> afterPlan = new AtomicReference<>();
    private final AtomicReference<@Nullable Runnable> midRead = new AtomicReference<>();
    private final AtomicReference<@Nullable Runnable> inPause = new AtomicReference<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final long batch;
    private int midReadAt = 2;
    private int pauses = 1;
    private volatile boolean crashesAtPlan;
    private volatile boolean crashesAtCommit;
    private volatile boolean dead;
    private volatile int readsBeforeCommit;

    /** @param batch the one that is meant */
    BatchHooks(long batch) {
        this.batch = batch;
    }

    BatchHooks afterPlan(Runnable what) {
        afterPlan.set(what);
        return this;
    }

    /** @param call before which call of a reader in this run, from 1 */
    BatchHooks midRead(int call, Runnable what) {
        midReadAt = call;
        midRead.set(what);
        return this;
    }

    /** @param pause at which pause between two looks at the cluster, from 1 */
    BatchHooks inPause(int pause, Runnable what) {
        pauses = pause;
        inPause.set(what);
        return this;
    }

    BatchHooks crashAtPlan() {
        crashesAtPlan = true;
        return this;
    }

    BatchHooks crashAtCommit() {
        crashesAtCommit = true;
        return this;
    }

    /** Returns whether every hook that was set has fired. */
    boolean allFired() {
        return afterPlan.get() == null
                && midRead.get() == null
                && inPause.get() == null
                && dead == (crashesAtPlan || crashesAtCommit);
    }

    /** Returns whether the run was ended as a crash would. */
    boolean crashed() {
        return dead;
    }

    /** Returns how often a reader was asked for rows before commits/N was written. */
    int readsBeforeCommit() {
        return readsBeforeCommit;
    }

    void beforeRead() {
        if (reads.incrementAndGet() >= midReadAt) {
            fire(midRead);
        }
    }

    /** The source looks again a little later. */
    synchronized void pausing() {
        if (--pauses <= 0) {
            fire(inPause);
        }
    }

    private static void fire(AtomicReference<@Nullable Runnable> hook) {
        Runnable what = hook.getAndSet(null);
        if (what != null) {
            what.run();
        }
    }

    @Override
    public void before(StorageOperation operation, String path, long bytes) {
        if (dead) {
            throw new Crash();
        }
        if (crashesAtCommit && operation == StorageOperation.CREATE_EXCLUSIVE && path.endsWith("/commits/" + batch)) {
            dead = true;
            throw new Crash();
        }
    }

    @Override
    public void after(StorageOperation operation, String path, long bytes) {
        if (operation == StorageOperation.CREATE_EXCLUSIVE && path.endsWith("/offsets/" + batch)) {
            if (crashesAtPlan) {
                dead = true;
                throw new Crash();
            }
            fire(afterPlan);
        } else if (operation == StorageOperation.CREATE_EXCLUSIVE && path.endsWith("/commits/" + batch)) {
            readsBeforeCommit = reads.get();
        }
    }

    /** Ends a run: nothing it still does reaches the disk. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;

        Crash() {
            super("the drill ends this run here");
        }
    }
}
