package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.api.storage.StorageOutput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Storage that tells an observer of each changing operation; reads pass through. */
public final class ObservedStorage implements Storage {
    private final Storage storage;
    private final StorageObserver observer;

    public ObservedStorage(Storage storage, StorageObserver observer) {
        this.storage = storage;
        this.observer = observer;
    }

    private void run(StorageOperation operation, String path, long bytes, Step step) throws IOException {
        observer.before(operation, path, bytes);
        step.run();
        observer.after(operation, path, bytes);
    }

    @Override
    public String qualify(String location) {
        return storage.qualify(location);
    }

    @Override
    public void createExclusive(String path, byte[] content) throws IOException {
        run(StorageOperation.CREATE_EXCLUSIVE, path, content.length, () -> storage.createExclusive(path, content));
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        run(StorageOperation.REPLACE, path, content.length, () -> storage.replace(path, content));
    }

    @Override
    public StorageOutput create(String path, IfExists ifExists) throws IOException {
        StorageOutput output = storage.create(path, ifExists);
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
                run(StorageOperation.PUBLISH, path, output.position(), output::publish);
            }

            @Override
            public void close() throws IOException {
                output.close();
            }
        };
    }

    @Override
    public void makeDurable(String directory) throws IOException {
        storage.makeDurable(directory);
    }

    @Override
    public void link(String existing, String target) throws IOException {
        run(StorageOperation.LINK, target, -1, () -> storage.link(existing, target));
    }

    @Override
    public void move(String source, String target) throws IOException {
        run(StorageOperation.MOVE, target, -1, () -> storage.move(source, target));
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        return storage.read(path);
    }

    @Override
    public StorageInput open(String path) throws IOException {
        return storage.open(path);
    }

    @Override
    public Optional<FileStatus> status(String path) throws IOException {
        return storage.status(path);
    }

    @Override
    public List<FileStatus> list(String directory) throws IOException {
        return storage.list(directory);
    }

    @Override
    public void makeDirectories(String directory) throws IOException {
        run(StorageOperation.MAKE_DIRECTORIES, directory, -1, () -> storage.makeDirectories(directory));
    }

    @Override
    public void delete(String path) throws IOException {
        run(StorageOperation.DELETE, path, -1, () -> storage.delete(path));
    }

    @Override
    public void deleteRecursively(String path) throws IOException {
        run(StorageOperation.DELETE_RECURSIVELY, path, -1, () -> storage.deleteRecursively(path));
    }

    @Override
    public Optional<StorageLock> tryLock(String path) throws IOException {
        observer.before(StorageOperation.LOCK, path, -1);
        Optional<StorageLock> lock = storage.tryLock(path);
        observer.after(StorageOperation.LOCK, path, -1);
        return lock;
    }

    private interface Step {
        void run() throws IOException;
    }
}
