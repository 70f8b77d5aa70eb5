package io.tidemark.runtime.shuffle;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A directory for spill files, held by a lock on a file in it. The lock goes with the process, so a directory that can be
 * locked was left behind by one that was killed, and is removed by the next that makes its own.
 */
final class SpillDirectory {
    private static final String PREFIX = "tidemark-shuffle-";
    private static final String LOCK = "lock";
    /** This process's own, not to be looked into: closing any handle of a locked file would unlock it. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final RandomAccessFile held;

    private SpillDirectory(Path path, RandomAccessFile held) {
        this.path = path;
        this.held = held;
    }

    Path path() {
        return path;
    }

    static SpillDirectory create(Path parent) throws IOException {
        try {
            Path real =
                    Files.createDirectories(parent).toRealPath(); // one name for each of ours, however it is written
            removeLeftovers(real);
            Path path = Files.createTempDirectory(real, PREFIX);
            OWN.add(path);
            RandomAccessFile lock = new RandomAccessFile(path.resolve(LOCK).toFile(), "rw");
            lock.getChannel().tryLock();
            return new SpillDirectory(path, lock);
        } catch (IOException e) {
            throw new IOException(
                    "cannot make a directory for shuffle files in '" + parent + "' (" + e
                            + "); set spark.local.dir to one that can be written to",
                    e);
        }
    }

    private static void removeLeftovers(Path parent) throws IOException {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path other : others) {
                Path lock = other.resolve(LOCK);
                if (!OWN.contains(other) && Files.exists(lock) && isOrphaned(lock)) {
                    SpillFile.deleteDirectory(other);
                }
            }
        }
    }

    private static boolean isOrphaned(Path lock) {
        try (RandomAccessFile file = new RandomAccessFile(lock.toFile(), "rw");
                FileLock got = file.getChannel().tryLock()) {
            return got != null;
        } catch (IOException e) {
            return false; // somebody else's to remove
        }
    }

    void close() {
        try {
            held.close();
        } catch (IOException e) {
            // the lock goes with the process
        }
        SpillFile.deleteDirectory(path);
        OWN.remove(path);
    }
}
