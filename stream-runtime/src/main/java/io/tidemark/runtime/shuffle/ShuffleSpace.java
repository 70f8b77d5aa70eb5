package io.tidemark.runtime.shuffle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the shuffles of one query may use: memory up to a budget, and beyond it files in a directory of their own, which is
 * made when it is first needed and removed at the end. Safe for use by many threads.
 */
public final class ShuffleSpace implements AutoCloseable {
    private final long budget;
    private final Path parent;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private @Nullable SpillDirectory directory;

    /**
     * @param budget how many bytes of blocks may be in memory at once
     * @param parent where the directory for the rest is made
     */
    public ShuffleSpace(long budget, Path parent) {
        this.budget = budget;
        this.parent = parent;
    }

    /** Takes memory if there is enough left. */
    boolean reserve(long bytes) {
        for (; ; ) {
            long before = used.get();
            if (bytes > budget - before) {
                return false;
            }
            if (used.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    /** Returns how many bytes of blocks are in memory. */
    public long usedBytes() {
        return used.get();
    }

    /** Makes a new file. */
    SpillFile spill(String label) throws IOException {
        return new SpillFile(directory().resolve(label + "-" + files.getAndIncrement() + ".blocks"));
    }

    private synchronized Path directory() throws IOException {
        SpillDirectory ours = directory;
        if (ours == null || !Files.isDirectory(ours.path())) {
            if (ours != null) {
                ours.close();
            }
            ours = SpillDirectory.create(parent);
            directory = ours;
        }
        return ours.path();
    }

    @Override
    public synchronized void close() {
        if (directory != null) {
            directory.close();
            directory = null;
        }
    }
}
