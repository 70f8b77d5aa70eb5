package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.ForwardingOutput;
import io.tidemark.api.storage.ForwardingStorage;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.api.storage.StorageOutput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Storage whose calls all come through one of two places: {@link #change} what changes something, {@link #look} the others.
 * Of a file being written only its publication comes there. {@link #qualify}, which asks nobody, is handed on.
 */
public abstract class InterceptedStorage extends ForwardingStorage {
    protected InterceptedStorage(Storage storage) {
        super(storage);
    }

    /** A call of the storage behind this one. */
    @FunctionalInterface
    protected interface Change {
        void run() throws IOException;
    }

    /** A call of the storage behind this one, with an answer. */
    @FunctionalInterface
    protected interface Look<T> {
        T run() throws IOException;
    }

    /**
     * Runs what changes something; {@link StorageOperation#LOCK} is not among it.
     *
     * @param path the file or directory that changes; of a move or a link the target
     * @param bytes what is published, or -1 where the operation has no content
     */
    protected abstract void change(StorageOperation operation, String path, long bytes, Change change)
            throws IOException;

    /**
     * Runs what changes nothing that others could read: reads, the opening of files, the syncing of names, and the lock.
     *
     * @param what is done to the path, as a verb: {@code read}
     */
    protected <T> T look(String what, String path, Look<T> look) throws IOException {
        return look.run();
    }

    @Override
    public void createExclusive(String path, byte[] content) throws IOException {
        change(StorageOperation.CREATE_EXCLUSIVE, path, content.length, () -> storage()
                .createExclusive(path, content));
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        change(StorageOperation.REPLACE, path, content.length, () -> storage().replace(path, content));
    }

    @Override
    public StorageOutput create(String path, IfExists ifExists) throws IOException {
        return new ForwardingOutput(look("open", path, () -> storage().create(path, ifExists))) {
            @Override
            public void publish() throws IOException {
                change(StorageOperation.PUBLISH, path, position(), output()::publish);
            }
        };
    }

    @Override
    public void link(String existing, String target) throws IOException {
        change(StorageOperation.LINK, target, -1, () -> storage().link(existing, target));
    }

    @Override
    public void move(String source, String target) throws IOException {
        change(StorageOperation.MOVE, target, -1, () -> storage().move(source, target));
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        return look("read", path, () -> storage().read(path));
    }

    @Override
    public StorageInput open(String path) throws IOException {
        return look("open", path, () -> storage().open(path));
    }

    @Override
    public Optional<FileStatus> status(String path) throws IOException {
        return look("look at", path, () -> storage().status(path));
    }

    @Override
    public List<FileStatus> list(String directory) throws IOException {
        return look("list", directory, () -> storage().list(directory));
    }

    @Override
    public void makeDirectories(String directory) throws IOException {
        change(StorageOperation.MAKE_DIRECTORIES, directory, -1, () -> storage().makeDirectories(directory));
    }

    @Override
    public void makeDurable(String directory) throws IOException {
        look("sync", directory, () -> {
            storage().makeDurable(directory);
            return directory;
        });
    }

    @Override
    public void delete(String path) throws IOException {
        change(StorageOperation.DELETE, path, -1, () -> storage().delete(path));
    }

    @Override
    public void deleteRecursively(String path) throws IOException {
        change(StorageOperation.DELETE_RECURSIVELY, path, -1, () -> storage().deleteRecursively(path));
    }

    @Override
    public Optional<StorageLock> tryLock(String path) throws IOException {
        return look("lock", path, () -> storage().tryLock(path));
    }
}
