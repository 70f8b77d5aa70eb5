package io.tidemark.ops.drill.crash.storage;

import io.tidemark.ops.drill.crash.storage.Life.Change;
import io.tidemark.ops.drill.crash.storage.Life.Failing;
import io.tidemark.ops.drill.crash.storage.ObjectKeys.StoredObject;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

/**
 * An object store in memory, seen as Hadoop's S3A shows one: a file is an upload that is there whole or not at all, with
 * the options of hadoop-aws for conditional uploads. Its calls are the changing requests.
 */
public final class SimulatedObjectStore extends SimulatedFileSystem<ObjectKeys> {
    private static final String CONDITIONAL = "fs.option.create.conditional.overwrite";
    private static final String HEADER = "fs.s3a.create.header.";
    private static final String ATTEMPT = "tidemark-attempt";
    private static final int PART_BYTES = 1 << 18; // a larger file is uploaded in parts

    private Conditions conditions = Conditions.KEPT;

    /** What a store and its client make of {@code If-None-Match}. */
    enum Conditions {
        /** The upload fails if something stands under the key. */
        KEPT,
        /** The store overwrites all the same, as those do that do not know the header. */
        IGNORED,
        /** The client does not know the option, as before Hadoop 3.4.2. */
        UNKNOWN;

        static final String KEY = "tidemark.drill.conditions";
    }

    public SimulatedObjectStore() {
        super("s3a");
    }

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        super.initialize(name, conf);
        conditions = conf.getEnum(Conditions.KEY, Conditions.KEPT);
    }

    private String key(Path path) {
        String key = inServer(path);
        return key.equals("/") ? "" : key;
    }

    private void make(String call, String key, long bytes, Change<ObjectKeys> change) throws IOException {
        life().make(call, key, bytes, change, SimulatedObjectStore::failure);
    }

    private static IOException failure(Failing failing) {
        boolean even = failing.occurrence() % 2 == 0;
        return switch (failing.kind()) {
            case ERROR_ONCE -> new IOException((even ? "503 Slow Down: " : "409 Conflict: ") + failing.path());
            case ERROR_FOR_EVER -> new IOException("503 Slow Down: " + failing.path());
            case DISK_FULL -> new IOException("Disk quota exceeded: " + failing.path());
            case APPLIED_BUT_FAILED ->
                even ? new IOException("connection reset: " + failing.path()) : preconditionFailed(failing.path());
        };
    }

    private static IOException preconditionFailed(String key) {
        return new IOException("412 Precondition Failed: " + key);
    }

    @Override
    public FSDataOutputStreamBuilder<?, ?> createFile(Path path) {
        return new Upload(path);
    }

    private final class Upload extends FSDataOutputStreamBuilder<FSDataOutputStream, Upload> {
        private final Path path;

        Upload(Path path) {
            super(SimulatedObjectStore.this, path);
            this.path = path;
        }

        @Override
        public Upload getThisBuilder() {
            return this;
        }

        @Override
        public FSDataOutputStream build() throws IOException {
            rejectUnknownMandatoryKeys(
                    conditions == Conditions.UNKNOWN ? Set.of() : Set.of(CONDITIONAL), "for " + path);
            boolean conditional = getOptions().getBoolean(CONDITIONAL, false);
            String key = key(path);
            synchronized (life()) {
                if (!life().now().below(key).isEmpty()) {
                    throw new FileAlreadyExistsException(path + " is a directory");
                }
                boolean overwrite = getFlags().contains(org.apache.hadoop.fs.CreateFlag.OVERWRITE);
                if (!overwrite && !conditional && life().now().get(key) != null) {
                    throw new FileAlreadyExistsException(path + " already exists"); // asked before, not when uploaded
                }
            }
            String attempt = getOptions().get(HEADER + ATTEMPT, "");
            return new FSDataOutputStream(
                    new UploadStream(key, attempt, conditional && conditions == Conditions.KEPT), statistics);
        }
    }

    private final class UploadStream extends OutputStream implements Abortable {
        private final String key;
        private final String attempt;
        private final boolean conditional;
        private Content content = Content.EMPTY;
        private int uploaded;
        private boolean closed;

        UploadStream(String key, String attempt, boolean conditional) {
            this.key = key;
            this.attempt = attempt;
            this.conditional = conditional;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            content = content.plus(bytes, offset, length);
            while (content.length() - uploaded >= PART_BYTES) {
                uploadPart(PART_BYTES);
            }
        }

        /** A part is stored under no key; without the last call nobody ever sees it. */
        private void uploadPart(int bytes) throws IOException {
            make("upload-part", key, bytes, Change.taking(objects -> {}));
            uploaded += bytes;
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            boolean inParts = uploaded > 0;
            if (inParts && uploaded < content.length()) {
                uploadPart(content.length() - uploaded);
            }
            StoredObject object = new StoredObject(content, attempt);
            synchronized (life()) {
                life().arrive();
                if (conditional && life().now().get(key) != null) {
                    throw preconditionFailed(key);
                }
                make(
                        inParts ? "complete-upload" : "put",
                        key,
                        inParts ? -1 : content.length(),
                        Change.<ObjectKeys>taking(objects -> objects.put(key, object))
                                .orLate(objects -> {
                                    if (!conditional || objects.get(key) == null) {
                                        objects.put(key, object);
                                    }
                                }));
            }
        }

        @Override
        public AbortableResult abort() {
            boolean already = closed;
            closed = true;
            return new AbortableResult() {
                @Override
                public boolean alreadyClosed() {
                    return already;
                }

                @Override
                public @Nullable IOException anyCleanupException() {
                    return null;
                }
            };
        }
    }

    @Override
    public byte[] getXAttr(Path path, String name) throws IOException {
        synchronized (life()) {
            StoredObject object = life().now().get(key(path));
            if (object == null) {
                throw new FileNotFoundException("404 Not Found: " + path);
            }
            return name.equals("header." + ATTEMPT) ? object.attempt().getBytes(StandardCharsets.UTF_8) : new byte[0];
        }
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        synchronized (life()) {
            StoredObject object = life().now().get(key(path));
            if (object == null) {
                throw new FileNotFoundException("404 Not Found: " + path);
            }
            return HadoopBytes.stream(object.content());
        }
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        String key = key(path);
        synchronized (life()) {
            StoredObject object = life().now().get(key);
            if (object != null) {
                return status(key, object);
            }
            if (key.isEmpty() || !life().now().below(key).isEmpty()) {
                return directory(key);
            }
            throw new FileNotFoundException("No such file or directory: " + path);
        }
    }

    private FileStatus status(String key, StoredObject object) {
        return new FileStatus(object.content().length(), false, 1, 32 << 20, MODIFIED_MILLIS, path(key));
    }

    private FileStatus directory(String key) {
        return new FileStatus(0, true, 1, 0, MODIFIED_MILLIS, path(key));
    }

    private Path path(String key) {
        return qualified(key.isEmpty() ? "/" : key);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        String key = key(path);
        synchronized (life()) {
            if (!getFileStatus(path).isDirectory()) {
                return new FileStatus[] {getFileStatus(path)};
            }
            Set<String> children = new TreeSet<>();
            for (String below : life().now().below(key).keySet()) {
                String name = below.substring(key.length() + 1);
                int slash = name.indexOf('/');
                if (!name.isEmpty()) { // else the marker of the directory itself
                    children.add(slash < 0 ? name : name.substring(0, slash));
                }
            }
            List<FileStatus> list = new ArrayList<>();
            for (String child : children) {
                list.add(getFileStatus(path(key + "/" + child)));
            }
            return list.toArray(FileStatus[]::new);
        }
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        String key = key(path);
        synchronized (life()) {
            for (String at = key; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
                if (life().now().get(at) != null) {
                    throw new FileAlreadyExistsException(path(at) + " is a file");
                }
            }
            mark(key);
            return true;
        }
    }

    private void mark(String key) throws IOException {
        if (!key.isEmpty() && life().now().below(key).isEmpty()) {
            make("put", key + "/", 0, Change.taking(objects -> objects.put(key + "/", StoredObject.MARKER)));
        }
    }

    /** One request for each object, and then a marker where the directory above would be gone with its last object. */
    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        String key = key(path);
        synchronized (life()) {
            life().arrive();
            boolean file = life().now().get(key) != null;
            List<String> keys = new ArrayList<>(life().now().below(key).keySet());
            if (!file && keys.isEmpty()) {
                return false;
            }
            if (!recursive && keys.stream().anyMatch(below -> !below.equals(key + "/"))) {
                throw new PathIsNotEmptyDirectoryException(key);
            }
            if (file) {
                keys.add(key);
            }
            for (String doomed : keys) {
                make("delete", doomed, -1, Change.of(objects -> objects.remove(doomed)));
            }
            mark(key.substring(0, key.lastIndexOf('/')));
            return true;
        }
    }

    @Override
    public boolean rename(Path source, Path target) {
        throw new AssertionError(
                String.format(Locale.ROOT, "rename '%s' to '%s': an object store has no rename", source, target));
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
        return Objects.requireNonNull(
                new Upload(path).recursive().overwrite(overwrite).build());
    }
}
