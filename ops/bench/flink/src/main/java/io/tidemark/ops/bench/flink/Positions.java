package io.tidemark.ops.bench.flink;

import io.tidemark.ops.bench.job.CommitLine;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far each source task has read, and how far the rows of a finished checkpoint go. All tasks of the job run in this
 * JVM, so that a static field is all it takes.
 */
final class Positions {
    private static final ThreadLocal<long[]> READ = new ThreadLocal<>();
    private static final Map<Long, long[]> AT_CHECKPOINT = new TreeMap<>();

    private Positions() {}

    /** Returns by partition the next offset to read, of the task that the calling thread runs. */
    static long[] read(int partitions) {
        long[] read = READ.get();
        if (read == null) {
            read = new long[partitions];
            READ.set(read);
        }
        return read;
    }

    /** Called by each task at its place in a checkpoint. */
    static synchronized void snapshot(long checkpoint, long[] read) {
        long[] all = AT_CHECKPOINT.computeIfAbsent(checkpoint, id -> new long[read.length]);
        for (int partition = 0; partition < read.length; partition++) {
            all[partition] = Math.max(all[partition], read[partition]);
        }
    }

    /** Called by each task when all have finished a checkpoint; tells of it once. */
    static synchronized void complete(long checkpoint) {
        long[] all = AT_CHECKPOINT.remove(checkpoint);
        if (all != null) {
            CommitLine.print(all);
        }
    }
}
