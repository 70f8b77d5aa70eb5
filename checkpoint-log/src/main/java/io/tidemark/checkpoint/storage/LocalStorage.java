package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.api.storage.StorageOutput;
import io.tidemark.api.storage.UnknownOutcomeException;
import io.tidemark.checkpoint.storage.LocalDisk.LocalFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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
    private final LocalDisk disk;
    private final @Nullable String root;
    private final @Nullable Path temporary;
    private final PublishHook hook;
    private final Set<Path> durable; // directories whose names were synced here, with those of all above them

    private LocalStorage(
            LocalDisk disk, @Nullable String root, @Nullable Path temporary, PublishHook hook, Set<Path> durable) {
        this.disk = disk;
        this.root = root;
        this.temporary = temporary;
        this.hook = hook;
        this.durable = durable;
    }

    /** Returns storage that keeps temporary files beside their targets, as {@code .name.<uuid>.tmp}. */
    public static LocalStorage create() {
        return on(LocalDisk.ofThisMachine());
    }

    /** Returns the same as {@link #create} on another disk. */
    public static LocalStorage on(LocalDisk disk) {
        return new LocalStorage(disk, null, null, PublishHook.NONE, ConcurrentHashMap.newKeySet());
    }

    /**
     * Returns storage that keeps the temporary files of every target below {@code root} in {@code directory}, which must
     * be on the same file system; those of other targets stand beside them.
     */
    public LocalStorage withTemporaryDirectory(String root, String directory) {
        return new LocalStorage(disk, qualify(root) + "/", Path.of(qualify(directory)), hook, durable);
    }

    LocalStorage withHook(PublishHook publishHook) {
        return new LocalStorage(disk, root, temporary, publishHook, durable);
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

    private LocalFile openNew(Path temp) throws IOException {
        try {
            return disk.create(temp);
        } catch (FileNotFoundException e) {
            makeDirectories(directoryOf(temp)); // usually what was missing, unless another writer was quicker
        }
        try {
            return disk.create(temp);
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
            if (!disk.exists(temp)) {
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

    void written(StorageOperation operation, Path target, LocalFile file, long length) throws IOException {
        hook.written(operation, target.toString(), file, length);
    }

    private void give(Path temp, Path target, IfExists ifExists) throws IOException {
        Path stale = checksumOf(target);
        if (disk.exists(stale, LinkOption.NOFOLLOW_LINKS)
                && (ifExists == IfExists.REPLACE || !disk.exists(target, LinkOption.NOFOLLOW_LINKS))) {
            disk.remove(stale);
        }
        if (ifExists == IfExists.REPLACE) {
            disk.rename(temp, target);
        } else {
            hardLink(target, temp);
        }
    }

    private void hardLink(Path name, Path existing) throws IOException {
        try {
            disk.link(existing, name);
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw DiskFull.translate(e);
        }
    }

    private void syncPublished(Path target) throws IOException {
        try {
            disk.syncDirectory(directoryOf(target));
            settle(directoryOf(target));
        } catch (IOException e) {
            throw new UnknownOutcomeException("'" + target + "' has its name, but its directory cannot be synced", e);
        }
    }

    /** Makes the names of a directory and of those above it durable, once: others may have made them and not synced. */
    private void settle(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent == null || durable.contains(directory)) {
            return;
        }
        settle(parent);
        try {
            disk.syncDirectory(parent);
        } catch (AccessDeniedException e) {
            // whoever may not read a directory has made nothing in it
        }
        durable.add(directory);
    }

    @Override
    public void makeDurable(String directory) throws IOException {
        Path path = Path.of(directory);
        if (isDirectory(path)) {
            disk.syncDirectory(path);
            settle(path);
        }
    }

    @Override
    public void link(String existing, String target) throws IOException {
        Path source = Path.of(existing);
        Path name = Path.of(target);
        if (!disk.exists(source)) {
            throw new NoSuchFileException(existing);
        }
        makeDirectories(directoryOf(name));
        try {
            give(source, name, IfExists.FAIL);
        } catch (FileAlreadyExistsException e) {
            if (!disk.sameContent(source, name)) {
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
        if (disk.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target);
        }
        disk.remove(checksumOf(from));
        disk.rename(from, to);
        hook.named(StorageOperation.MOVE, target);
        syncPublished(to);
        if (!directoryOf(from).equals(directoryOf(to))) {
            syncPublished(from);
        }
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        Optional<byte[]> held = disk.contentOfHeld(Path.of(path));
        if (held.isPresent()) {
            return held;
        }
        try {
            return Optional.of(disk.read(Path.of(path)));
        } catch (FileNotFoundException e) {
            if (!disk.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public StorageInput open(String path) throws IOException {
        return disk.open(Path.of(path));
    }

    @Override
    public Optional<FileStatus> status(String path) throws IOException {
        try {
            return Optional.of(disk.status(Path.of(path)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FileSystemException e) {
            if (String.valueOf(e.getReason()).contains("Not a directory")) { // something above it is a file
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public List<FileStatus> list(String directory) throws IOException {
        List<FileStatus> children = new ArrayList<>();
        try {
            for (Path child : disk.list(Path.of(directory))) {
                try {
                    children.add(disk.status(child));
                } catch (NoSuchFileException e) {
                    continue; // deleted while we looked, or a link to nothing
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        children.sort(Comparator.comparing(FileStatus::name));
        return List.copyOf(children);
    }

    @Override
    public void makeDirectories(String directory) throws IOException {
        makeDirectories(Path.of(directory));
    }

    private void makeDirectories(Path directory) throws IOException {
        if (isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            makeDirectories(parent);
        }
        try {
            disk.makeDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!isDirectory(directory)) {
                throw new FileSystemException(directory.toString(), null, "a file stands where a directory must be");
            }
        } catch (IOException e) {
            throw DiskFull.translate(e);
        }
        if (parent != null) {
            disk.syncDirectory(parent);
            if (durable.contains(parent)) {
                durable.add(directory);
            }
        }
    }

    private boolean isDirectory(Path path) {
        try {
            return disk.status(path).directory();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void delete(String path) throws IOException {
        Path file = Path.of(path);
        disk.remove(checksumOf(file));
        disk.remove(file);
    }

    @Override
    public void deleteRecursively(String path) throws IOException {
        Path top = Path.of(path);
        if (disk.exists(top, LinkOption.NOFOLLOW_LINKS)) {
            removeTree(top);
        }
    }

    private void removeTree(Path top) throws IOException {
        try {
            if (disk.status(top, LinkOption.NOFOLLOW_LINKS).directory()) {
                for (Path child : disk.list(top)) {
                    removeTree(child);
                }
            }
        } catch (NoSuchFileException e) {
            return; // removed while we looked
        }
        disk.remove(top);
    }

    @Override
    public Optional<StorageLock> tryLock(String path) throws IOException {
        Path file = Path.of(path);
        makeDirectories(directoryOf(file));
        try {
            return disk.tryLock(file);
        } catch (IOException e) {
            throw DiskFull.translate(e); // the owner is written into the file
        }
    }

    void deleteQuietly(Path file) {
        try {
            disk.remove(file);
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
