package io.tidemark.ops.drill.crash.storage;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.checkpoint.storage.LocalDisk;
import io.tidemark.ops.drill.crash.storage.Life.Change;
import io.tidemark.ops.drill.crash.storage.Life.Failing;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Fault;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A disk in memory. It has no symbolic links; all files have one age. */
final class SimulatedDisk implements LocalDisk {
    private static final long MODIFIED_MILLIS = 1_700_000_000_000L;
    private static final byte[] OWNER = "process 1 on host simulated".getBytes(StandardCharsets.UTF_8);

    private final Life<DiskTree> life;
    private final Set<Path> held = new HashSet<>(); // guarded by life

    SimulatedDisk(Life<DiskTree> life) {
        this.life = life;
    }

    @Override
    public LocalFile create(Path file) throws IOException {
        synchronized (life) {
            try {
                return openNew("open", file);
            } catch (FileSystemException e) {
                throw new FileNotFoundException(file + " (" + e.getMessage() + ")"); // as FileOutputStream says it
            }
        }
    }

    private OpenFile openNew(String call, Path file) throws IOException {
        Entry entry = entry(file);
        if (entry.node >= 0) {
            if (life.now().isDirectory(entry.node)) {
                throw new FileSystemException(file.toString(), null, "Is a directory");
            }
            make(call, file, -1, Change.taking(tree -> tree.write(entry.node, Content.EMPTY)));
            return new OpenFile(file, entry.node);
        }
        int node = life.now().next();
        make(call, file, -1, Change.taking(tree -> tree.createFile(entry.directory, entry.name, node)));
        return new OpenFile(file, node);
    }

    private final class OpenFile implements LocalFile {
        private final Path file;
        private final int node;

        OpenFile(Path file, int node) {
            this.file = file;
            this.node = node;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return;
            }
            synchronized (life) {
                Content before = life.now().content(node);
                Content after = before.plus(bytes, offset, length);
                make(
                        "write",
                        file,
                        length,
                        new Change<>(
                                tree -> tree.write(node, after),
                                part -> tree -> tree.write(node, after.prefix(before.length() + part)),
                                true));
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            synchronized (life) {
                Content cut =
                        Content.of(life.now().content(node).prefix((int) length).bytes());
                make("ftruncate", file, -1, Change.of(tree -> tree.write(node, cut)));
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (life) {
                make("fsync", file, -1, Change.taking(tree -> tree.sync(node)));
            }
        }

        @Override
        public void close() {}
    }

    @Override
    public void link(Path existing, Path name) throws IOException {
        synchronized (life) {
            int node = existing(existing).node;
            Entry entry = entry(name);
            if (entry.node >= 0) {
                throw new FileAlreadyExistsException(name.toString());
            }
            make("link", name, -1, Change.taking(tree -> tree.link(entry.directory, entry.name, node)));
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        synchronized (life) {
            Entry source = existing(from);
            Entry target = entry(to);
            if (target.node >= 0 && life.now().isDirectory(target.node)) {
                throw new FileSystemException(from.toString(), to.toString(), "Is a directory");
            }
            make(
                    "rename",
                    to,
                    -1,
                    Change.taking(tree -> tree.rename(source.directory, source.name, target.directory, target.name)));
        }
    }

    @Override
    public boolean remove(Path path) throws IOException {
        synchronized (life) {
            Entry entry;
            try {
                entry = entry(path);
            } catch (NoSuchFileException e) {
                return false;
            }
            if (entry.node < 0) {
                return false;
            }
            boolean directory = life.now().isDirectory(entry.node);
            if (directory && !life.now().children(entry.node).isEmpty()) {
                throw new DirectoryNotEmptyException(path.toString());
            }
            make(directory ? "rmdir" : "unlink", path, -1, Change.of(tree -> tree.unlink(entry.directory, entry.name)));
            return true;
        }
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        synchronized (life) {
            Entry entry = entry(directory);
            if (entry.node >= 0) {
                throw new FileAlreadyExistsException(directory.toString());
            }
            int node = life.now().next();
            make(
                    "mkdir",
                    directory,
                    -1,
                    Change.taking(tree -> tree.createDirectory(entry.directory, entry.name, node)));
        }
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        synchronized (life) {
            int node = existing(directory).node;
            make("fsync", directory, -1, Change.of(tree -> tree.syncDirectory(node)));
        }
    }

    @Override
    public boolean exists(Path path, LinkOption... options) {
        synchronized (life) {
            try {
                return entry(path).node >= 0;
            } catch (IOException e) {
                return false;
            }
        }
    }

    @Override
    public FileStatus status(Path path, LinkOption... options) throws IOException {
        synchronized (life) {
            int node = existing(path).node;
            boolean directory = life.now().isDirectory(node);
            long length = directory ? 0 : life.now().content(node).length();
            return new FileStatus(path.toString(), length, MODIFIED_MILLIS, directory);
        }
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        synchronized (life) {
            int node = existing(directory).node;
            if (!life.now().isDirectory(node)) {
                throw new NotDirectoryException(directory.toString());
            }
            List<Path> children = new ArrayList<>();
            life.now().children(node).keySet().forEach(name -> children.add(directory.resolve(name)));
            return children;
        }
    }

    @Override
    public byte[] read(Path file) throws IOException {
        try {
            return contentOf(file).bytes();
        } catch (FileSystemException e) {
            throw new FileNotFoundException(file + " (" + e.getMessage() + ")");
        }
    }

    private Content contentOf(Path file) throws IOException {
        synchronized (life) {
            int node = existing(file).node;
            if (life.now().isDirectory(node)) {
                throw new FileSystemException(file.toString(), null, "Is a directory");
            }
            return life.now().content(node);
        }
    }

    @Override
    public StorageInput open(Path file) throws IOException {
        return input(file.toString(), contentOf(file));
    }

    static StorageInput input(String path, Content content) {
        return new StorageInput() {
            @Override
            public long length() {
                return content.length();
            }

            @Override
            public void readFully(long position, byte[] target, int offset, int count) throws IOException {
                if (position + count > content.length()) {
                    throw new EOFException("'" + path + "' ends at byte " + content.length() + ", wanted " + count
                            + " bytes from " + position);
                }
                content.copyTo((int) position, target, offset, count);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public boolean sameContent(Path one, Path other) throws IOException {
        return contentOf(one).sameAs(contentOf(other));
    }

    @Override
    public Optional<StorageLock> tryLock(Path file) throws IOException {
        synchronized (life) {
            if (held.contains(file)) {
                return Optional.empty();
            }
            Entry entry = entry(file);
            OpenFile open = entry.node < 0 ? openNew("open", file) : new OpenFile(file, entry.node);
            if (life.now().content(open.node).length() > 0) {
                open.truncate(0);
            }
            open.write(OWNER, 0, OWNER.length);
            held.add(file);
            return Optional.of(new HeldLock(file));
        }
    }

    private final class HeldLock implements StorageLock {
        private final Path file;

        HeldLock(Path file) {
            this.file = file;
        }

        @Override
        public boolean excludesOthers() {
            return true;
        }

        @Override
        public void close() {
            synchronized (life) {
                held.remove(file);
            }
        }
    }

    @Override
    public Optional<byte[]> contentOfHeld(Path file) {
        synchronized (life) {
            return held.contains(file) ? Optional.of(OWNER.clone()) : Optional.empty();
        }
    }

    private void make(String call, Path path, long bytes, Change<DiskTree> change) throws IOException {
        life.make(call, path.toString(), bytes, change, SimulatedDisk::failure);
    }

    private static IOException failure(Failing failing) {
        return new FileSystemException(
                failing.path(),
                null,
                failing.kind() == Fault.Kind.DISK_FULL ? "No space left on device" : "Input/output error");
    }

    private Entry existing(Path path) throws IOException {
        Entry entry = entry(path);
        if (entry.node < 0) {
            throw new NoSuchFileException(path.toString());
        }
        return entry;
    }

    /** Finds a name; its directory must be there. */
    private Entry entry(Path path) throws IOException {
        DiskTree tree = life.now();
        int directory = DiskTree.ROOT;
        int last = path.getNameCount() - 1;
        for (int i = 0; i < last; i++) {
            directory = tree.child(directory, path.getName(i).toString());
            if (directory < 0) {
                throw new NoSuchFileException(path.toString());
            }
            if (!tree.isDirectory(directory)) {
                throw new FileSystemException(path.toString(), null, "Not a directory");
            }
        }
        if (last < 0) {
            return new Entry(DiskTree.ROOT, "", DiskTree.ROOT);
        }
        String name = path.getName(last).toString();
        return new Entry(directory, name, tree.child(directory, name));
    }

    private record Entry(int directory, String name, int node) {}
}
