package io.tidemark.api.storage;

import java.util.Optional;

/** Storage through which nothing can be written: whoever tries has a bug, and is stopped by an unchecked exception. */
public class ReadOnlyStorage extends ForwardingStorage {
    public ReadOnlyStorage(Storage storage) {
        super(storage);
    }

    @Override
    public final void createExclusive(String path, byte[] content) {
        throw refused(path);
    }

    @Override
    public final void replace(String path, byte[] content) {
        throw refused(path);
    }

    @Override
    public final StorageOutput create(String path, IfExists ifExists) {
        throw refused(path);
    }

    @Override
    public final void link(String existing, String target) {
        throw refused(target);
    }

    @Override
    public final void move(String source, String target) {
        throw refused(source);
    }

    @Override
    public final void makeDirectories(String directory) {
        throw refused(directory);
    }

    /** Does nothing: who only reads need not find a file again after a loss of power. */
    @Override
    public final void makeDurable(String directory) {}

    @Override
    public final void delete(String path) {
        throw refused(path);
    }

    @Override
    public final void deleteRecursively(String path) {
        throw refused(path);
    }

    @Override
    public final Optional<StorageLock> tryLock(String path) {
        throw refused(path);
    }

    private static IllegalStateException refused(String path) {
        return new IllegalStateException("whoever only reads writes nothing: " + path);
    }
}
