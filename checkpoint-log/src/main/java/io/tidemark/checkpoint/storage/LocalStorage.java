package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.api.storage.StorageOutput;
import io.tidemark.api.storage.UnknownOutcomeException;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The file layer on a local disk.
 *
 * <p>A file is written under a temporary name, synced, and then gets its own by {@code link(2)}, which fails if the name
 * is taken, between processes too; a file that may replace another is renamed. Then its directory is synced: one file
 * sync and one directory sync per operation. Hadoop's {@code .f.crc} is never written; a stale one is removed before it
 * could be taken for the checksum of a new {@code f}.
 *
 * <p>An interrupt of the calling thread never fails a write half way; the flag stays set for the caller.
 */
public final class LocalStorage implements Storage {
    private final @Nullable String root;
    private final @Nullable Path temporary;
    private final PublishHook hook;

    private LocalStorage(@Nullable String root, @Nullable Path temporary, PublishHook hook) {
        this.root = root;
        this.temporary = temporary;
        this.hook = hook;
    }

    /** Returns storage that keeps temporary files beside their targets, as {@code .name.<uuid>.tmp}. */
    public static LocalStorage create() {
        return new LocalStorage(null, null, PublishHook.NONE);
    }

    /**
     * Returns storage that keeps the temporary files of every target below {@code root} in {@code directory}, which must
     * be on the same file system; those of other targets stand beside them.
     */
    public LocalStorage withTemporaryDirectory(String root, String directory) {
        return new LocalStorage(qualify(root) + "/", Path.of(qualify(directory)), hook);
    }

    LocalStorage withHook(PublishHook publishHook) {
        return new LocalStorage(root, temporary, publishHook);
    }

    @Override
    public String qualify(String location) {
        String path = location;
        if (path.startsWith("file:")) { // file:/x, file:///x; nothing is unescaped, as in Spark
            path = path.substring("file:".length());
            while (path.startsWith("//")) {
                path = path.substring(1);
            }
        }
        return Path.of(path).toAbsolutePath().normalize().toString();
    }

    @Override
    public void createExclusive(String path, byte[] content) throws IOException {
        write(StorageOperation.CREATE_EXCLUSIVE, path, content, IfExists.FAIL);
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        write(StorageOperation.REPLACE, path, content, IfExists.REPLACE);
    }

    private void write(StorageOperation operation, String path, byte[] content, IfExists ifExists) throws IOException {
        try (LocalOutput output = openOutput(operation, path, ifExists, 0)) {
            output.writeThrough(content);
            output.publish();
        }
    }

    @Override
    public StorageOutput create(String path, IfExists ifExists) throws IOException {
        return openOutput(StorageOperation.PUBLISH, path, ifExists, LocalOutput.BUFFER_BYTES);
    }

    private LocalOutput openOutput(StorageOperation operation, String path, IfExists ifExists, int buffer)
            throws IOException {
        Path target = Path.of(path);
        Path temp = temporaryFor(target);
        return new LocalOutput(this, operation, target, temp, openNew(temp), ifExists, buffer);
    }

    private static FileOutputStream openNew(Path temp) throws IOException {
        try {
            return new FileOutputStream(temp.toFile()); // unlike a channel, not closed by an interrupt
        } catch (FileNotFoundException e) {
            makeDirectories(directoryOf(temp)); // usually what was missing, unless another writer was quicker
        }
        try {
            return new FileOutputStream(temp.toFile());
        } catch (FileNotFoundException e) {
            throw DiskFull.translate(e);
        }
    }

    private Path temporaryFor(Path target) {
        String name = "." + target.getFileName() + "." + UUID.randomUUID() + ".tmp";
        return temporary != null && root != null && target.toString().startsWith(root)
                ? temporary.resolve(name)
                : directoryOf(target).resolve(name);
    }

    /** Gives a synced temporary file its name; durable on return. */
    void publish(StorageOperation operation, Path temp, Path target, IfExists ifExists) throws IOException {
        try {
            give(temp, target, ifExists);
        } catch (NoSuchFileException e) {
            if (!Files.exists(temp)) {
                throw e;
            }
            makeDirectories(directoryOf(target)); // another writer may have made it by now
            give(temp, target, ifExists);
        }
        hook.named(operation, target.toString());
        if (ifExists == IfExists.FAIL) {
            deleteQuietly(temp);
        }
        syncPublished(target);
    }

    void written(StorageOperation operation, Path target, FileOutputStream stream) throws IOException {
        hook.written(operation, target.toString(), stream);
    }

    private static void give(Path temp, Path target, IfExists ifExists) throws IOException {
        Path stale = checksumOf(target);
        if (Files.exists(stale, LinkOption.NOFOLLOW_LINKS)
                && (ifExists == IfExists.REPLACE || !Files.exists(target, LinkOption.NOFOLLOW_LINKS))) {
            Files.deleteIfExists(stale);
        }
        if (ifExists == IfExists.REPLACE) {
            Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
        } else {
            hardLink(target, temp);
        }
    }

    private static void hardLink(Path name, Path existing) throws IOException {
        try {
            Files.createLink(name, existing);
        } catch (UnsupportedOperationException e) {
            throw new FileSystemException(
                    name.toString(), existing.toString(), "this file system has no hard links: use another one");
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw DiskFull.translate(e);
        }
    }

    private static void syncPublished(Path target) throws IOException {
        try {
            DirectorySync.sync(directoryOf(target));
        } catch (IOException e) {
            throw new UnknownOutcomeException("'" + target + "' has its name, but its directory cannot be synced", e);
        }
    }

    @Override
    public void link(String existing, String target) throws IOException {
        Path source = Path.of(existing);
        Path name = Path.of(target);
        if (!Files.exists(source)) {
            throw new NoSuchFileException(existing);
        }
        makeDirectories(directoryOf(name));
        try {
            give(source, name, IfExists.FAIL);
        } catch (FileAlreadyExistsException e) {
            if (Files.mismatch(source, name) >= 0) {
                throw e;
            }
        }
        hook.named(StorageOperation.LINK, target);
        syncPublished(name);
    }

    @Override
    public void move(String source, String target) throws IOException {
        Path from = Path.of(source);
        Path to = Path.of(target);
        makeDirectories(directoryOf(to));
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target);
        }
        Files.deleteIfExists(checksumOf(from));
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        hook.named(StorageOperation.MOVE, target);
        syncPublished(to);
        if (!directoryOf(from).equals(directoryOf(to))) {
            syncPublished(from);
        }
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        Optional<byte[]> held = LocalLocks.contentOfHeld(Path.of(path));
        if (held.isPresent()) {
            return held;
        }
        try (InputStream in = new FileInputStream(path)) {
            return Optional.of(in.readAllBytes());
        } catch (FileNotFoundException e) {
            if (!Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public StorageInput open(String path) throws IOException {
        return new LocalInput(Path.of(path));
    }

    @Override
    public Optional<FileStatus> status(String path) throws IOException {
        try {
            return Optional.of(statusOf(Path.of(path)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FileSystemException e) {
            if (String.valueOf(e.getReason()).contains("Not a directory")) { // something above it is a file
                return Optional.empty();
            }
            throw e;
        }
    }

    private static FileStatus statusOf(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return new FileStatus(
                path.toString(),
                attributes.isDirectory() ? 0 : attributes.size(),
                attributes.lastModifiedTime().toMillis(),
                attributes.isDirectory());
    }

    @Override
    public List<FileStatus> list(String directory) throws IOException {
        List<FileStatus> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(Path.of(directory))) {
            for (Path child : stream) {
                try {
                    children.add(statusOf(child));
                } catch (NoSuchFileException e) {
                    continue; // deleted while we looked, or a link to nothing
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        children.sort(Comparator.comparing(FileStatus::name));
        return List.copyOf(children);
    }

    @Override
    public void makeDirectories(String directory) throws IOException {
        makeDirectories(Path.of(directory));
    }

    private static void makeDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            makeDirectories(parent);
        }
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw new FileSystemException(directory.toString(), null, "a file stands where a directory must be");
            }
        } catch (IOException e) {
            throw DiskFull.translate(e);
        }
        if (parent != null) {
            DirectorySync.sync(parent);
        }
    }

    @Override
    public void delete(String path) throws IOException {
        Path file = Path.of(path);
        Files.deleteIfExists(checksumOf(file));
        Files.deleteIfExists(file);
    }

    @Override
    public void deleteRecursively(String path) throws IOException {
        Path top = Path.of(path);
        if (!Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public Optional<StorageLock> tryLock(String path) throws IOException {
        Path file = Path.of(path);
        makeDirectories(directoryOf(file));
        try {
            return LocalLocks.tryLock(file);
        } catch (IOException e) {
            throw DiskFull.translate(e); // the owner is written into the file
        }
    }

    static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            return; // a temporary file that stays is an absent entry
        }
    }

    private static Path checksumOf(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".crc");
    }

    private static Path directoryOf(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("not an absolute path of a file: " + file);
        }
        return parent;
    }
}
