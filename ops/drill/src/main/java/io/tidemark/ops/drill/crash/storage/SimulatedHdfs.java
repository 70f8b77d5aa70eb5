package io.tidemark.ops.drill.crash.storage;

import io.tidemark.ops.drill.crash.storage.HdfsNames.Node;
import io.tidemark.ops.drill.crash.storage.Life.Change;
import io.tidemark.ops.drill.crash.storage.Life.Failing;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Fault;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Function;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.fs.Syncable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.protocol.AlreadyBeingCreatedException;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

/** HDFS in memory: its calls are those to the name node, and the syncs of a file's pipeline. */
public final class SimulatedHdfs extends SimulatedFileSystem<HdfsNames> {
    private static final int PORT = 8020; // Hadoop wants one, and never writes it
    private static final long BLOCK = 128L << 20;

    public SimulatedHdfs() {
        super("hdfs");
    }

    @Override
    protected int getDefaultPort() {
        return PORT;
    }

    private String key(Path path) {
        return inServer(path);
    }

    private void make(String call, String path, long bytes, Change<HdfsNames> change) throws IOException {
        make(call, path, bytes, change, SimulatedHdfs::failure);
    }

    private void make(
            String call, String path, long bytes, Change<HdfsNames> change, Function<Failing, IOException> failure)
            throws IOException {
        life().make(call, path, bytes, change, failure);
    }

    private static IOException failure(Failing failing) {
        return failing.kind() == Fault.Kind.DISK_FULL
                ? new IOException("DSQuotaExceededException: the diskspace quota of " + failing.path() + " is exceeded")
                : new IOException("connection reset by name node, " + failing.path());
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        synchronized (life()) {
            return HadoopBytes.stream(file(path).visible());
        }
    }

    private Node file(Path path) throws IOException {
        Node node = node(path);
        if (node.directory()) {
            throw new FileNotFoundException(path + " is a directory");
        }
        return node;
    }

    private Node node(Path path) throws FileNotFoundException {
        Node node = life().now().get(key(path));
        if (node == null) {
            throw new FileNotFoundException("File does not exist: " + path);
        }
        return node;
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            @Nullable Progressable progress)
            throws IOException {
        String key = key(path);
        synchronized (life()) {
            Node there = life().now().get(key);
            if (there != null && there.directory()) {
                throw new FileAlreadyExistsException(path + " already exists as a directory");
            }
            if (there != null && there.open()) {
                throw new AlreadyBeingCreatedException("another client holds the lease of " + path);
            }
            if (there != null && !overwrite) {
                throw new FileAlreadyExistsException(path + " already exists");
            }
            checkParents(key);
            make("create", key, -1, Change.taking(names -> {
                names.makeDirectories(HdfsNames.parent(key));
                names.put(key, Node.NEW_FILE);
            }));
            return new FSDataOutputStream(new Pipeline(key), statistics);
        }
    }

    private void checkParents(String key) throws IOException {
        for (String at = HdfsNames.parent(key); !at.equals(HdfsNames.ROOT); at = HdfsNames.parent(at)) {
            Node node = life().now().get(at);
            if (node != null && !node.directory()) {
                throw new ParentNotDirectoryException(at + " is not a directory");
            }
        }
    }

    private final class Pipeline extends OutputStream implements Syncable {
        private final String key;
        private Content content = Content.EMPTY;
        private int synced;
        private boolean closed;

        Pipeline(String key) {
            this.key = key;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return;
            }
            Content more = content.plus(bytes, offset, length);
            int known = synced;
            make("write", key, length, Change.taking(names -> replace(names, new Node(more, known, true))));
            content = more;
        }

        /** The file may have been renamed or deleted under its writer. */
        private void replace(HdfsNames names, Node node) {
            if (names.get(key) != null) {
                names.put(key, node);
            }
        }

        @Override
        public void hflush() throws IOException {
            hsync();
        }

        @Override
        public void hsync() throws IOException {
            Content all = content;
            int before = synced;
            make(
                    "hsync",
                    key,
                    all.length() - before,
                    new Change<>(
                            names -> replace(names, new Node(all, all.length(), true)),
                            part -> names -> replace(names, new Node(all, before + part, true)),
                            true));
            synced = all.length();
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                Content all = content;
                int known = synced;
                make("complete", key, -1, Change.taking(names -> replace(names, new Node(all, known, false))));
            }
        }
    }

    /** Renames as the name node does it: at once, onto a file only if that may be replaced. */
    void rename(Path source, Path target, boolean overwrite) throws IOException {
        String from = key(source);
        String to = key(target);
        synchronized (life()) {
            node(source);
            Node parent = life().now().get(HdfsNames.parent(to));
            if (parent == null) {
                throw new FileNotFoundException("rename destination parent " + HdfsNames.parent(to) + " not found");
            }
            if (!parent.directory()) {
                throw new ParentNotDirectoryException(HdfsNames.parent(to) + " is not a directory");
            }
            Node there = life().now().get(to);
            if (there != null && (!overwrite || there.directory())) {
                throw new FileAlreadyExistsException("rename destination " + to + " already exists");
            }
            make(
                    "rename",
                    to,
                    -1,
                    Change.taking(names -> names.rename(from, to)),
                    failing -> renameFailure(failing, from));
        }
    }

    /** What a client sees whose first try was done and whose second one finds it so. */
    private static IOException renameFailure(Failing failing, String from) {
        if (failing.kind() != Fault.Kind.APPLIED_BUT_FAILED) {
            return failure(failing);
        }
        return failing.occurrence() % 2 == 0
                ? new FileAlreadyExistsException("rename destination " + failing.path() + " already exists")
                : new FileNotFoundException("rename source " + from + " not found");
    }

    @Override
    public boolean rename(Path source, Path target) throws IOException {
        rename(source, target, false);
        return true;
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        String key = key(path);
        synchronized (life()) {
            Node node = life().now().get(key);
            if (node == null) {
                return false;
            }
            if (!recursive && !life().now().children(key).isEmpty()) {
                throw new PathIsNotEmptyDirectoryException(key);
            }
            make("delete", key, -1, Change.of(names -> names.remove(key)));
            return true;
        }
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        synchronized (life()) {
            Node node = node(path);
            if (!node.directory()) {
                return new FileStatus[] {getFileStatus(path)};
            }
            String key = key(path);
            return life().now().children(key).stream()
                    .map(child -> status(
                            child, java.util.Objects.requireNonNull(life().now().get(child))))
                    .toArray(FileStatus[]::new);
        }
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        synchronized (life()) {
            return status(key(path), node(path));
        }
    }

    private FileStatus status(String key, Node node) {
        // while a file is open, the name node does not know the length of its last block
        long length = node.directory() || node.open() ? 0 : node.bytes().length();
        return new FileStatus(length, node.directory(), 3, BLOCK, MODIFIED_MILLIS, qualified(key));
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        String key = key(path);
        synchronized (life()) {
            Node node = life().now().get(key);
            if (node != null && node.directory()) {
                return true;
            }
            if (node != null) {
                throw new FileAlreadyExistsException(path + " is a file");
            }
            checkParents(key);
            make("mkdirs", key, -1, Change.taking(names -> names.makeDirectories(key)));
            return true;
        }
    }
}
