package io.tidemark.testkit;

import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.UnknownOutcomeException;
import io.tidemark.checkpoint.storage.InterceptedStorage;
import io.tidemark.checkpoint.storage.StorageOperation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A storage that numbers its writing operations from 0 and dies, or fails, at the one it is told to. Once dead, every
 * operation dies too, until {@link Plan#revive}: nothing that happens after a crash reaches the disk.
 */
public final class FaultyStorage extends InterceptedStorage {
    /** What happens at the chosen operation. */
    public enum Fault {
        /** The process dies; the operation has not begun. */
        CRASH_BEFORE,
        /** The process dies; the operation is complete. */
        CRASH_AFTER,
        /** The operation fails once and leaves nothing. */
        ERROR_ONCE,
        /** The operation takes effect, but the caller is told that it failed. */
        APPLIED_BUT_ERROR
    }

    /** Which operation is hit, and what was done so far; shared by all storages of a test. */
    public static final class Plan {
        private final List<String> operations = new ArrayList<>();
        private int target = -1;
        private @Nullable String hangingPart;
        private @Nullable Fault fault;
        private boolean dead;
        private boolean hit;
        private int lives;

        /** Chooses the operation and what happens there. Numbers begin anew. */
        public synchronized void hit(int operation, Fault what) {
            operations.clear();
            target = operation;
            fault = what;
            hangingPart = null;
            hit = false;
        }

        /**
         * The first operation at a path with {@code part} in it does not return, whoever interrupts it, until {@link
         * #revive}; then it dies.
         */
        public synchronized void hangAt(String part) {
            operations.clear();
            target = -1;
            fault = null;
            hangingPart = part;
            hit = false;
        }

        /** Takes the fault back and lets the next process write. Numbers begin anew. */
        public synchronized void revive() {
            operations.clear();
            target = -1;
            fault = null;
            hangingPart = null;
            dead = false;
            lives++;
            notifyAll();
        }

        /** Returns whether the chosen operation was reached. */
        public synchronized boolean wasHit() {
            return hit;
        }

        /** Returns the writing operations so far, as {@code createExclusive offsets/0}. */
        public synchronized List<String> operations() {
            return List.copyOf(operations);
        }

        private synchronized @Nullable Fault enter(String operation, String path) {
            checkAlive();
            int number = operations.size();
            operations.add(operation + " " + path);
            if (hangingPart != null && !hit && path.contains(hangingPart)) {
                hit = true;
                hang();
                throw new SimulatedCrash("in " + operation + " " + path);
            } else if (number != target) {
                return null;
            }
            hit = true;
            if (fault == Fault.CRASH_BEFORE) {
                dead = true;
                throw new SimulatedCrash("before " + operation + " " + path);
            }
            return fault;
        }

        private synchronized void hang() {
            int now = lives;
            boolean interrupted = false;
            while (lives == now) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private synchronized void leave(@Nullable Fault here, String operation, String path) throws IOException {
            if (here == Fault.CRASH_AFTER) {
                dead = true;
                throw new SimulatedCrash("after " + operation + " " + path);
            } else if (here == Fault.APPLIED_BUT_ERROR) {
                throw new UnknownOutcomeException(
                        "simulated: the reply of " + operation + " " + path + " was lost", new IOException("lost"));
            }
        }

        private synchronized void checkAlive() {
            if (dead) {
                throw new SimulatedCrash("earlier");
            }
        }
    }

    private final Plan plan;

    public FaultyStorage(Storage real, Plan plan) {
        super(real);
        this.plan = plan;
    }

    @Override
    protected void change(StorageOperation operation, String path, long bytes, Change change) throws IOException {
        Fault here = plan.enter(operation.text(), path);
        if (here == Fault.ERROR_ONCE) {
            throw new IOException("simulated: " + operation.text() + " " + path + " failed");
        }
        change.run();
        plan.leave(here, operation.text(), path);
    }

    @Override
    protected <T> T look(String what, String path, Look<T> look) throws IOException {
        plan.checkAlive();
        return look.run();
    }
}
