package io.tidemark.runtime.task;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.runtime.operator.Shuffle;
import io.tidemark.runtime.shuffle.MapOutput;
import io.tidemark.runtime.shuffle.ShuffleReader;
import io.tidemark.runtime.shuffle.ShuffleSpace;
import io.tidemark.runtime.shuffle.ShuffleWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shuffles of one batch and their lineage: which task made which blocks. A lost block has the one task that made it run
 * again, on the thread of the task that misses it; that task may in turn miss blocks of a stage before its own, so recovery
 * goes back as far as the nearest blocks that are whole. Blocks stay until the batch ends, for the same reason.
 *
 * <p>Whoever repairs holds the lock of one map task and may wait for one of an earlier stage, never of a later one.
 */
final class Shuffles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shuffles.class);

    private final ShuffleSpace space;
    private final int partitions;
    private final int maxRepeats;
    private final Tally tally;
    private final TreeMap<Integer, Produced> produced = new TreeMap<>();
    private final List<MapOutput> kept = new ArrayList<>();
    private boolean closed;

    /** @param maxRepeats how often one task may run again for lost blocks */
    Shuffles(ShuffleSpace space, int partitions, int maxRepeats, Tally tally) {
        this.space = space;
        this.partitions = partitions;
        this.maxRepeats = maxRepeats;
        this.tally = tally;
    }

    ShuffleWriter writer(Shuffle shuffle, int mapTask) {
        return new ShuffleWriter(shuffle, mapTask, shuffle.single() ? 1 : partitions, space);
    }

    /** Keeps an output until the batch ends, whether or not anybody reads it. */
    MapOutput keep(MapOutput output) {
        tally.shuffled(output.bytes(), output.spilledBytes());
        synchronized (kept) {
            if (!closed) {
                kept.add(output);
                return output;
            }
        }
        output.release(); // of an attempt that outlived the batch
        return output;
    }

    /** Says that all map tasks of a shuffle are done. */
    void complete(Shuffle shuffle, List<StageTask> tasks, List<MapOutput> outputs) {
        synchronized (produced) {
            produced.put(shuffle.id(), new Produced(tasks, outputs));
        }
    }

    ShuffleReader.Outputs outputs(Shuffle shuffle) {
        synchronized (produced) {
            Produced outputs = produced.get(shuffle.id());
            if (outputs == null) {
                throw new IllegalStateException("shuffle " + shuffle.id() + " is read before it is written");
            }
            return outputs;
        }
    }

    @Override
    public void close() {
        synchronized (kept) {
            closed = true;
            kept.forEach(MapOutput::release);
            kept.clear();
        }
    }

    private final class Produced implements ShuffleReader.Outputs {
        private final List<StageTask> tasks;
        private final AtomicReferenceArray<MapOutput> outputs;
        private final List<ReentrantLock> locks = new ArrayList<>();
        private final int[] repeats; // each guarded by its task's lock

        Produced(List<StageTask> tasks, List<MapOutput> outputs) {
            this.tasks = List.copyOf(tasks);
            this.outputs = new AtomicReferenceArray<>(outputs.toArray(MapOutput[]::new));
            this.repeats = new int[tasks.size()];
            tasks.forEach(task -> locks.add(new ReentrantLock()));
        }

        @Override
        public int mapTasks() {
            return tasks.size();
        }

        @Override
        public MapOutput of(int mapTask) {
            return outputs.get(mapTask);
        }

        @Override
        public void repair(int mapTask, MapOutput broken, String why) throws Exception {
            StageTask task = tasks.get(mapTask);
            locks.get(mapTask).lockInterruptibly();
            try {
                if (outputs.get(mapTask) != broken) {
                    return; // somebody else has repaired it
                }
                tally.lost();
                if (++repeats[mapTask] > maxRepeats) {
                    throw new TidemarkException(
                            ErrorCode.SHUFFLE_BLOCK_LOST,
                            "Shuffle blocks of " + task.describe() + " were lost " + repeats[mapTask]
                                    + " times, last because " + why
                                    + ". Look at the disk and memory of this machine (spark.local.dir says where"
                                    + " shuffle files are) and start again; nothing of the batch was committed.");
                }
                LOG.warn("A shuffle block is lost ({}); {} is run again alone.", why, task.describe());
                tally.repeated();
                outputs.set(mapTask, task.repeat());
                broken.release();
            } finally {
                locks.get(mapTask).unlock();
            }
        }
    }
}
