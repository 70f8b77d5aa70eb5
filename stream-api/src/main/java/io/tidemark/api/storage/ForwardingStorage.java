package io.tidemark.api.storage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Storage that hands every call on to another one; a subclass says only what it does otherwise. */
public abstract class ForwardingStorage implements Storage {
    private final Storage storage;

    protected ForwardingStorage(Storage storage) {
        this.storage = storage;
    }

    /** Returns the storage behind this one. */
    protected final Storage storage() {
        return storage;
    }

    @Override
    public String qualify(String location) {
        return storage.qualify(location);
    }

    @Override
    public void createExclusive(String path, byte[] content) throws IOException {
        storage.createExclusive(path, content);
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        storage.replace(path, content);
    }

    @Override
    public StorageOutput create(String path, IfExists ifExists) throws IOException {
        return storage.create(path, ifExists);
    }

    @Override
    public void link(String existing, String target) throws IOException {
        storage.link(existing, target);
    }

    @Override
    public void move(String source, String target) throws IOException {
        storage.move(source, target);
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
        storage.makeDirectories(directory);
    }

    @Override
    public void makeDurable(String directory) throws IOException {
        storage.makeDurable(directory);
    }

    @Override
    public void delete(String path) throws IOException {
        storage.delete(path);
    }

    @Override
    public void deleteRecursively(String path) throws IOException {
        storage.deleteRecursively(path);
    }

    @Override
    public Optional<StorageLock> tryLock(String path) throws IOException {
        return storage.tryLock(path);
    }
}
