package io.tidemark.connectors.builtin;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.api.storage.StorageOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** The little of a storage that these sources use, on a folder. */
final class FolderStorage implements Storage {
    @Override
    public String qualify(String location) {
        return location;
    }

    @Override
    public void createExclusive(String path, byte[] content) throws IOException {
        Files.createDirectories(Path.of(path).getParent());
        Files.write(Path.of(path), content, StandardOpenOption.CREATE_NEW);
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        return Files.exists(Path.of(path)) ? Optional.of(Files.readAllBytes(Path.of(path))) : Optional.empty();
    }

    @Override
    public void replace(String path, byte[] content) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StorageOutput create(String path, IfExists ifExists) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void link(String existing, String target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void move(String source, String target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StorageInput open(String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<FileStatus> status(String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<FileStatus> list(String directory) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void makeDirectories(String directory) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void deleteRecursively(String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<StorageLock> tryLock(String path) {
        throw new UnsupportedOperationException();
    }
}
