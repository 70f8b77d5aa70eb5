package io.tidemark.state.reader;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.api.storage.StorageOutput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Storage through which nothing can be written. */
final class ReadOnlyStorage implements Storage {
    private final Storage storage;

    ReadOnlyStorage(Storage storage) {
        this.storage = storage;
    }

    @Override
    public String qualify(String location) {
        return storage.qualify(location);
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
    public void createExclusive(String path, byte[] content) {
        throw refused(path);
    }

    @Override
    public void replace(String path, byte[] content) {
        throw refused(path);
    }

    @Override
    public StorageOutput create(String path, IfExists ifExists) {
        throw refused(path);
    }

    @Override
    public void link(String existing, String target) {
        throw refused(target);
    }

    @Override
    public void move(String source, String target) {
        throw refused(source);
    }

    @Override
    public void makeDirectories(String directory) {
        throw refused(directory);
    }

    @Override
    public void delete(String path) {
        throw refused(path);
    }

    @Override
    public void deleteRecursively(String path) {
        throw refused(path);
    }

    @Override
    public Optional<StorageLock> tryLock(String path) {
        throw refused(path);
    }

    private static IllegalStateException refused(String path) {
        return new IllegalStateException("whoever reads state writes nothing: " + path);
    }
}
