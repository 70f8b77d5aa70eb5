package io.tidemark.ops.spark.job;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint that Tidemark may have left: what of it Spark must know, or must not touch. Reads through Hadoop, writes
 * nothing. On local disk it holds Tidemark's lock until it is closed, so that no Tidemark starts on the same checkpoint
 * meanwhile; elsewhere there is no lock, and Spark has no fence.
 */
final class TidemarkCheckpoint implements AutoCloseable {
    private final FileSystem files;
    private final Path root;
    private @Nullable FileChannel lockFile;

    TidemarkCheckpoint(String location, Configuration hadoop) throws IOException {
        Path written = new Path(location);
        this.files = written.getFileSystem(hadoop);
        this.root = files.makeQualified(written);
    }

    /** Returns why Spark may not run on it now, in one line each; empty if it may. */
    List<String> obstacles() throws IOException {
        List<String> found = new ArrayList<>();
        if (!lock()) {
            found.add("'" + root + "' is in use: a Tidemark process holds its lock. Stop it first.");
        }
        TreeSet<Long> plans = numbers("offsets");
        if (!plans.isEmpty()) {
            long newest = plans.last();
            if (!numbers("commits").contains(newest)
                    && numbers("_tidemark/prepared").contains(newest)) {
                found.add("Batch " + newest + " of '" + root
                        + "' is prepared but not committed: only Tidemark can finish it."
                        + " Run the pipeline there once more with --trigger available-now, then come back.");
            }
        }
        return List.copyOf(found);
    }

    /**
     * Returns the version of the state files' naming that Spark must be told to go on with; empty for a checkpoint without
     * commits.
     */
    OptionalLong formatVersion() throws IOException {
        TreeSet<Long> commits = numbers("commits");
        if (commits.isEmpty()) {
            return OptionalLong.empty();
        }
        Path newest = new Path(root, "commits/" + commits.last());
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(files.open(newest), StandardCharsets.UTF_8))) {
            String version = reader.readLine();
            if (version == null || !version.matches("v[0-9]{1,3}")) {
                throw new IOException("'" + newest + "' does not begin with a version");
            }
            return OptionalLong.of(Long.parseLong(version.substring(1)));
        }
    }

    /** Returns the numbers that begin the names of the files in a directory: {@code 7} and {@code 7.1} are 7. */
    private TreeSet<Long> numbers(String directory) throws IOException {
        TreeSet<Long> numbers = new TreeSet<>();
        Path path = new Path(root, directory);
        if (files.exists(path)) {
            for (FileStatus file : files.listStatus(path)) {
                String name = file.getPath().getName();
                if (name.matches("[0-9]{1,18}(\\.[0-9]+)?")) {
                    numbers.add(Long.parseLong(name.replaceFirst("\\..*", "")));
                }
            }
        }
        return numbers;
    }

    private boolean lock() throws IOException {
        Path lock = new Path(root, "_tidemark/lock");
        if (!files.getScheme().equals("file") || !files.exists(lock)) {
            return true;
        }
        FileChannel channel =
                FileChannel.open(java.nio.file.Path.of(lock.toUri().getPath()), StandardOpenOption.WRITE);
        FileLock held = channel.tryLock();
        if (held == null) {
            channel.close();
            return false;
        }
        lockFile = channel; // closing it lets the lock go
        return true;
    }

    @Override
    public void close() throws IOException {
        if (lockFile != null) {
            lockFile.close();
        }
    }
}
