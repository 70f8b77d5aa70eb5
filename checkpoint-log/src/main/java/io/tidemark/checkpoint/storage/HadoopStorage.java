package io.tidemark.checkpoint.storage;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.api.storage.StorageOutput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file layer on Hadoop's file systems. How a file is published exclusively depends on the scheme ({@link
 * HadoopPublisher}); a link is a copy; there are no locks, so that ownership rests on epochs.
 */
public final class HadoopStorage implements Storage {
    /** What Hadoop's own files set; parsed once, because that takes longer than everything else in opening a storage. */
    private static final Configuration DEFAULTS = parsed();

    private final FileSystem files;
    private final HadoopPublisher publisher;

    private HadoopStorage(FileSystem files, HadoopPublisher publisher) {
        this.files = files;
        this.publisher = publisher;
    }

    /**
     * Opens the file system that holds {@code location}.
     *
     * @param conf Hadoop settings
     * @param temporary where files below {@code location} grow, relative to it; null for beside their targets
     * @throws TidemarkException {@code STORAGE_UNSUPPORTED} if Hadoop has no file system for it, {@code STORAGE_FAILED}
     *     if it cannot be reached
     */
    public static HadoopStorage open(String location, SortedMap<String, String> conf, @Nullable String temporary) {
        Configuration configuration = new Configuration(DEFAULTS);
        configuration.setBoolean("fs.automatic.close", false); // a stop still has a batch to finish when hooks run
        conf.forEach(configuration::set);
        Path path = new Path(location);
        try {
            FileSystem files = path.getFileSystem(configuration);
            String root = qualify(files, location);
            String directory = temporary == null ? null : root + "/" + temporary;
            HadoopPublisher publisher = files.getScheme().equals("s3a")
                    ? new ConditionalPublisher(files, new Path(root + "/_tidemark/probe"))
                    : new RenamePublisher(FileContext.getFileContext(path.toUri(), configuration), root, directory);
            return new HadoopStorage(files, publisher);
        } catch (org.apache.hadoop.fs.UnsupportedFileSystemException e) {
            throw unsupported(location, e);
        } catch (RuntimeException e) {
            if (e.getCause() instanceof ClassNotFoundException) { // how Hadoop says that a module is missing
                throw unsupported(location, e);
            }
            throw e;
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_FAILED,
                    "Cannot open '" + location + "': " + e.getMessage()
                            + ". Check that the file system is up and the address right.",
                    e);
        }
    }

    private static Configuration parsed() {
        Configuration configuration = new Configuration();
        int settings = configuration.size(); // asking for anything parses the files; copies share what is parsed
        assert settings > 0;
        return configuration;
    }

    private static TidemarkException unsupported(String location, Exception e) {
        return new TidemarkException(
                ErrorCode.STORAGE_UNSUPPORTED,
                "Cannot open '" + location + "': " + e.getMessage()
                        + ". Put Hadoop's module for it (s3a: hadoop-aws) on the class path.",
                e);
    }

    private static String qualify(FileSystem files, String location) {
        String path = files.makeQualified(new Path(location)).toString();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    @Override
    public String qualify(String location) {
        return qualify(files, location);
    }

    @Override
    public void createExclusive(String path, byte[] content) throws IOException {
        write(path, content, IfExists.FAIL);
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        write(path, content, IfExists.REPLACE);
    }

    private void write(String path, byte[] content, IfExists ifExists) throws IOException {
        try (StorageOutput output = create(path, ifExists)) {
            output.write(content);
            output.publish();
        }
    }

    @Override
    public StorageOutput create(String path, IfExists ifExists) throws IOException {
        try {
            return publisher.create(new Path(path), ifExists);
        } catch (IOException e) {
            throw DiskFull.translate(e);
        }
    }

    @Override
    public void link(String existing, String target) throws IOException {
        try {
            copy(existing, target);
        } catch (FileAlreadyExistsException e) {
            if (!sameContent(existing, target)) {
                throw e;
            }
        }
    }

    private void copy(String existing, String target) throws IOException {
        try (InputStream in = openStream(existing);
                StorageOutput output = create(target, IfExists.FAIL)) {
            in.transferTo(output);
            output.publish();
        }
    }

    private boolean sameContent(String one, String other) throws IOException {
        byte[] left = new byte[1 << 16];
        byte[] right = new byte[1 << 16];
        try (InputStream a = openStream(one);
                InputStream b = openStream(other)) {
            while (true) {
                int n = a.readNBytes(left, 0, left.length);
                int m = b.readNBytes(right, 0, right.length);
                if (n != m || !Arrays.equals(left, 0, n, right, 0, m)) {
                    return false;
                }
                if (n == 0) {
                    return true;
                }
            }
        }
    }

    @Override
    public void move(String source, String target) throws IOException {
        if (!publisher.rename(new Path(source), new Path(target))) {
            copy(source, target); // a store without rename; only files are moved on it
            delete(source);
        }
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        try (InputStream in = openStream(path)) {
            return Optional.of(in.readAllBytes());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private FSDataInputStream openStream(String path) throws IOException {
        try {
            return files.open(new Path(path));
        } catch (FileNotFoundException e) {
            throw missing(path, e);
        }
    }

    static NoSuchFileException missing(String path, IOException cause) {
        NoSuchFileException missing = new NoSuchFileException(path);
        missing.initCause(cause);
        return missing;
    }

    @Override
    public StorageInput open(String path) throws IOException {
        try {
            long length = files.getFileStatus(new Path(path)).getLen();
            FSDataInputStream stream = files.open(new Path(path));
            return new StorageInput() {
                @Override
                public long length() {
                    return length;
                }

                @Override
                public void readFully(long position, byte[] target, int offset, int count) throws IOException {
                    stream.readFully(position, target, offset, count);
                }

                @Override
                public void close() throws IOException {
                    stream.close();
                }
            };
        } catch (FileNotFoundException e) {
            throw missing(path, e);
        }
    }

    @Override
    public Optional<FileStatus> status(String path) throws IOException {
        try {
            return Optional.of(status(files.getFileStatus(new Path(path))));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    private static FileStatus status(org.apache.hadoop.fs.FileStatus status) {
        return new FileStatus(
                status.getPath().toString(),
                status.isDirectory() ? 0 : status.getLen(),
                status.getModificationTime(),
                status.isDirectory());
    }

    @Override
    public List<FileStatus> list(String directory) throws IOException {
        List<FileStatus> children = new ArrayList<>();
        try {
            for (org.apache.hadoop.fs.FileStatus child : files.listStatus(new Path(directory))) {
                children.add(status(child));
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        children.sort(Comparator.comparing(FileStatus::name));
        return List.copyOf(children);
    }

    @Override
    public void makeDirectories(String directory) throws IOException {
        try {
            files.mkdirs(new Path(directory));
        } catch (IOException e) {
            throw DiskFull.translate(e);
        }
    }

    @Override
    public void delete(String path) throws IOException {
        files.delete(new Path(path), false);
    }

    @Override
    public void deleteRecursively(String path) throws IOException {
        files.delete(new Path(path), true);
    }

    @Override
    public Optional<StorageLock> tryLock(String path) {
        return Optional.of(StorageLock.unsupported());
    }
}
