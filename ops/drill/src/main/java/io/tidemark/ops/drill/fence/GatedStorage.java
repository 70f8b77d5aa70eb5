package io.tidemark.ops.drill.fence;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.api.storage.StorageOutput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Storage behind a {@link Gate}; every operation that changes something is one of the gate's, the others pass through. */
final class GatedStorage implements Storage {
    private final Storage storage;
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
        this.storage = storage;
        this.gate = gate;
        this.locking = locking;
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    private interface Change {
        void run() throws IOException;
    }

    private <T> T read(Step<T> step) throws IOException {
        gate.pass();
        T result = step.run();
        gate.pass(); // a process that is stopped has not seen it
        return result;
    }

    private void change(String operation, String path, Change change) throws IOException {
        Gate.Operation now = gate.enter(operation, path);
        try {
            change.run();
        } finally {
            gate.leave(now); // what fails, because another was first, has an end too
        }
    }

    @Override
    public String qualify(String location) {
        return storage.qualify(location);
    }

    @Override
    public void createExclusive(String path, byte[] content) throws IOException {
        change("createExclusive", path, () -> storage.createExclusive(path, content));
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        change("replace", path, () -> storage.replace(path, content));
    }

    @Override
    public StorageOutput create(String path, IfExists ifExists) throws IOException {
        StorageOutput output = read(() -> storage.create(path, ifExists));
        return new StorageOutput() {
            @Override
            public long position() {
                return output.position();
            }

            @Override
            public void write(int b) throws IOException {
                output.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                output.write(bytes, offset, length);
            }

            @Override
            public void flush() throws IOException {
                output.flush();
            }

            @Override
            public void publish() throws IOException {
                change("publish", path, output::publish);
            }

            @Override
            public void close() throws IOException {
                output.close();
            }
        };
    }

    @Override
    public void makeDurable(String directory) throws IOException {
        gate.pass();
        storage.makeDurable(directory);
        gate.pass();
    }

    @Override
    public void link(String existing, String target) throws IOException {
        change("link", target, () -> storage.link(existing, target));
    }

    @Override
    public void move(String source, String target) throws IOException {
        change("move", target, () -> storage.move(source, target));
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        return read(() -> storage.read(path));
    }

    @Override
    public StorageInput open(String path) throws IOException {
        return read(() -> storage.open(path));
    }

    @Override
    public Optional<FileStatus> status(String path) throws IOException {
        return read(() -> storage.status(path));
    }

    @Override
    public List<FileStatus> list(String directory) throws IOException {
        return read(() -> storage.list(directory));
    }

    @Override
    public void makeDirectories(String directory) throws IOException {
        change("makeDirectories", directory, () -> storage.makeDirectories(directory));
    }

    @Override
    public void delete(String path) throws IOException {
        change("delete", path, () -> storage.delete(path));
    }

    @Override
    public void deleteRecursively(String path) throws IOException {
        change("deleteRecursively", path, () -> storage.deleteRecursively(path));
    }

    @Override
    public Optional<StorageLock> tryLock(String path) throws IOException {
        Gate.Operation now = gate.enter("lock", path);
        Optional<StorageLock> lock =
                locking == Locking.LOCKS ? storage.tryLock(path) : Optional.of(StorageLock.unsupported());
        gate.leave(now);
        return lock;
    }
}
