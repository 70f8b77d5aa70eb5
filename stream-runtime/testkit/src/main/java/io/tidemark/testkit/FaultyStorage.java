package io.tidemark.testkit;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.api.storage.StorageOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A storage that numbers its writing operations from 0 and dies, or fails, at the one it is told to. Once dead, every
 * operation dies too, until {@link Plan#revive}: nothing that happens after a crash reaches the disk.
 */
public final class FaultyStorage implements Storage {
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
        private @Nullable Fault fault;
        private boolean dead;
        private boolean hit;

        /** Chooses the operation and what happens there. Numbers begin anew. */
        public synchronized void hit(int operation, Fault what) {
            operations.clear();
            target = operation;
            fault = what;
            hit = false;
        }

        /** Takes the fault back and lets the next process write. Numbers begin anew. */
        public synchronized void revive() {
            operations.clear();
            target = -1;
            fault = null;
            dead = false;
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
            if (number != target) {
                return null;
            }
            hit = true;
            if (fault == Fault.CRASH_BEFORE) {
                dead = true;
                throw new SimulatedCrash("before " + operation + " " + path);
            }
            return fault;
        }

        private synchronized void leave(@Nullable Fault here, String operation, String path) throws IOException {
            if (here == Fault.CRASH_AFTER) {
                dead = true;
                throw new SimulatedCrash("after " + operation + " " + path);
            } else if (here == Fault.APPLIED_BUT_ERROR) {
                throw new io.tidemark.api.storage.UnknownOutcomeException(
                        "simulated: the reply of " + operation + " " + path + " was lost", new IOException("lost"));
            }
        }

        private synchronized void checkAlive() {
            if (dead) {
                throw new SimulatedCrash("earlier");
            }
        }
    }

    private final Storage real;
    private final Plan plan;

    public FaultyStorage(Storage real, Plan plan) {
        this.real = real;
        this.plan = plan;
    }

    private interface Action {
        void run() throws IOException;
    }

    private void write(String operation, String path, Action action) throws IOException {
        Fault here = plan.enter(operation, path);
        if (here == Fault.ERROR_ONCE) {
            throw new IOException("simulated: " + operation + " " + path + " failed");
        }
        action.run();
        plan.leave(here, operation, path);
    }

    @Override
    public String qualify(String location) {
        return real.qualify(location);
    }

    @Override
    public void createExclusive(String path, byte[] content) throws IOException {
        write("createExclusive", path, () -> real.createExclusive(path, content));
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        write("replace", path, () -> real.replace(path, content));
    }

    @Override
    public StorageOutput create(String path, IfExists ifExists) throws IOException {
        plan.checkAlive();
        return new FaultyOutput(path, real.create(path, ifExists));
    }

    @Override
    public void makeDurable(String directory) throws IOException {
        plan.checkAlive();
        real.makeDurable(directory);
    }

    @Override
    public void link(String existing, String target) throws IOException {
        write("link", target, () -> real.link(existing, target));
    }

    @Override
    public void move(String source, String target) throws IOException {
        write("move", target, () -> real.move(source, target));
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        plan.checkAlive();
        return real.read(path);
    }

    @Override
    public StorageInput open(String path) throws IOException {
        plan.checkAlive();
        return real.open(path);
    }

    @Override
    public Optional<FileStatus> status(String path) throws IOException {
        plan.checkAlive();
        return real.status(path);
    }

    @Override
    public List<FileStatus> list(String directory) throws IOException {
        plan.checkAlive();
        return real.list(directory);
    }

    @Override
    public void makeDirectories(String directory) throws IOException {
        write("makeDirectories", directory, () -> real.makeDirectories(directory));
    }

    @Override
    public void delete(String path) throws IOException {
        write("delete", path, () -> real.delete(path));
    }

    @Override
    public void deleteRecursively(String path) throws IOException {
        write("deleteRecursively", path, () -> real.deleteRecursively(path));
    }

    @Override
    public Optional<StorageLock> tryLock(String path) throws IOException {
        plan.checkAlive();
        return real.tryLock(path);
    }

    private final class FaultyOutput extends StorageOutput {
        private final String path;
        private final StorageOutput out;

        FaultyOutput(String path, StorageOutput out) {
            this.path = path;
            this.out = out;
        }

        @Override
        public long position() {
            return out.position();
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            out.write(bytes, offset, count);
        }

        @Override
        public void publish() throws IOException {
            FaultyStorage.this.write("publish", path, out::publish);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
