package io.tidemark.ops.fuzz;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.api.storage.StorageOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Files to read, in memory, so that a hundred thousand damaged ones can be read in seconds. Nothing can be written. */
final class FilesInMemory implements Storage {
    private final TreeMap<String, byte[]> files = new TreeMap<>();

    FilesInMemory() {}

    /** Returns what stands in {@code folder} and below, under {@code root}. */
    static FilesInMemory of(Path folder, String root) {
        FilesInMemory memory = new FilesInMemory();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                memory.files.put(root + "/" + folder.relativize(file), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return memory;
    }

    /** Returns the same files with another content under one path. */
    FilesInMemory with(String path, byte[] content) {
        FilesInMemory changed = new FilesInMemory();
        changed.files.putAll(files);
        changed.files.put(path, content);
        return changed;
    }

    /** Returns the same files but one. */
    FilesInMemory without(String path) {
        FilesInMemory changed = new FilesInMemory();
        changed.files.putAll(files);
        changed.files.remove(path);
        return changed;
    }

    byte[] content(String path) {
        byte[] content = files.get(path);
        if (content == null) {
            throw new IllegalArgumentException("no file " + path + " among " + files.keySet());
        }
        return content;
    }

    @Override
    public String qualify(String location) {
        return location;
    }

    @Override
    public Optional<byte[]> read(String path) {
        return Optional.ofNullable(files.get(path)).map(byte[]::clone);
    }

    @Override
    public StorageInput open(String path) throws NoSuchFileException {
        byte[] content = files.get(path);
        if (content == null) {
            throw new NoSuchFileException(path);
        }
        return StorageInput.of(path, content);
    }

    @Override
    public Optional<FileStatus> status(String path) {
        byte[] content = files.get(path);
        if (content != null) {
            return Optional.of(new FileStatus(path, content.length, 0, false));
        }
        return list(path).isEmpty() ? Optional.empty() : Optional.of(new FileStatus(path, 0, 0, true));
    }

    @Override
    public List<FileStatus> list(String directory) {
        String start = directory + "/";
        TreeMap<String, FileStatus> children = new TreeMap<>();
        files.tailMap(start).forEach((path, content) -> {
            if (path.startsWith(start)) {
                int slash = path.indexOf('/', start.length());
                String child = slash < 0 ? path : path.substring(0, slash);
                children.put(child, new FileStatus(child, slash < 0 ? content.length : 0, 0, slash >= 0));
            }
        });
        return List.copyOf(children.values());
    }

    @Override
    public void createExclusive(String path, byte[] content) throws IOException {
        throw readOnly(path);
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        throw readOnly(path);
    }

    @Override
    public StorageOutput create(String path, IfExists ifExists) throws IOException {
        throw readOnly(path);
    }

    @Override
    public void link(String existing, String target) throws IOException {
        throw readOnly(target);
    }

    @Override
    public void move(String source, String target) throws IOException {
        throw readOnly(source);
    }

    @Override
    public void makeDirectories(String directory) throws IOException {
        throw readOnly(directory);
    }

    @Override
    public void delete(String path) throws IOException {
        throw readOnly(path);
    }

    @Override
    public void deleteRecursively(String path) throws IOException {
        throw readOnly(path);
    }

    @Override
    public Optional<StorageLock> tryLock(String path) {
        return Optional.of(StorageLock.unsupported());
    }

    private static IOException readOnly(String path) {
        return new IOException("read-only: " + path);
    }
}
