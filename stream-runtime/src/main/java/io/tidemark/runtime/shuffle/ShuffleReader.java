package io.tidemark.runtime.shuffle;

import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The rows of one partition of a shuffle, in the order of the map tasks. Where blocks are lost it has their task run again
 * and goes on with what that made. One thread.
 */
public final class ShuffleReader implements Iterator<ColumnBatch> {
    private final StructType schema;
    private final int partition;
    private final Outputs outputs;
    private final ArrayDeque<byte[]> fetched = new ArrayDeque<>();
    private int nextMapTask;

    /** The outputs of a shuffle's map tasks. */
    public interface Outputs {
        /** Returns how many map tasks there are. */
        int mapTasks();

        /** Returns the output that stands for a map task now. */
        MapOutput of(int mapTask);

        /**
         * Replaces an output that has lost a block, if nobody has replaced it yet.
         *
         * @param broken what {@link #of} returned
         * @param why what was lost, for people
         * @throws Exception why it could not be made again; an {@link InterruptedException} if the reader is not wanted
         *     any more
         */
        void repair(int mapTask, MapOutput broken, String why) throws Exception;
    }

    /** Carries what went wrong through an iterator, which may throw nothing that is checked. */
    public static final class Broken extends RuntimeException {
        Broken(Exception cause) {
            super(cause);
        }

        /** Returns what went wrong. */
        public Exception reason() {
            return (Exception) getCause();
        }
    }

    public ShuffleReader(StructType schema, int partition, Outputs outputs) {
        this.schema = schema;
        this.partition = partition;
        this.outputs = outputs;
    }

    @Override
    public boolean hasNext() {
        if (Thread.interrupted()) {
            throw new Broken(new InterruptedException("task cancelled"));
        }
        while (fetched.isEmpty() && nextMapTask < outputs.mapTasks()) {
            try {
                fetch(nextMapTask++);
            } catch (Exception e) {
                throw new Broken(e);
            }
        }
        return !fetched.isEmpty();
    }

    private void fetch(int mapTask) throws Exception {
        for (; ; ) {
            MapOutput output = outputs.of(mapTask);
            try {
                fetched.addAll(output.fetch(partition));
                return;
            } catch (LostBlockException e) {
                outputs.repair(mapTask, output, String.valueOf(e.getMessage()));
            }
        }
    }

    @Override
    public ColumnBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return BlockDecoder.decode(schema, fetched.remove());
    }
}
