package io.tidemark.runtime.shuffle;

import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.operator.BatchConsumer;
import io.tidemark.runtime.operator.Shuffle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits the rows of one run of a map task by partition, in their order, and encodes them. It gathers a few batches first,
 * so that blocks are not too small where there are many partitions. Where blocks are cut depends on the rows and batches
 * alone: the same task makes the same blocks again. One thread.
 */
public final class ShuffleWriter implements BatchConsumer, AutoCloseable {
    private static final int ROWS_PER_BLOCK = 1024;
    private static final int MIN_ROWS = 8 * ROWS_PER_BLOCK;
    private static final int MAX_ROWS = 64 * ROWS_PER_BLOCK;
    private static final long MAX_BYTES = 16L << 20;

    private final Shuffle shuffle;
    private final int mapTask;
    private final Partitioner partitioner;
    private final ShuffleSpace space;
    private final int rowsPerFlush;
    private final BlockEncoder encoder = new BlockEncoder();
    private final List<ColumnBatch> batches = new ArrayList<>();
    private final List<Partitioner.Split> splits = new ArrayList<>();
    private final List<List<Block>> blocks = new ArrayList<>();
    private int heldRows;
    private long heldBytes;
    private long memoryBytes;
    private @Nullable SpillFile file;
    private boolean finished;

    /** @param partitions into how many the rows are split; 1 for a single shuffle */
    public ShuffleWriter(Shuffle shuffle, int mapTask, int partitions, ShuffleSpace space) {
        this.shuffle = shuffle;
        this.mapTask = mapTask;
        this.partitioner = new Partitioner(shuffle, partitions);
        this.space = space;
        this.rowsPerFlush = (int) Math.min(MAX_ROWS, Math.max(MIN_ROWS, (long) partitions * ROWS_PER_BLOCK));
        for (int p = 0; p < partitions; p++) {
            blocks.add(new ArrayList<>());
        }
    }

    @Override
    public void accept(ColumnBatch batch) throws IOException {
        if (batch.selection().isEmpty()) {
            return;
        }
        batches.add(batch);
        splits.add(partitioner.split(batch));
        heldRows += batch.rowCount();
        heldBytes += textBytes(batch);
        if (heldRows >= rowsPerFlush || heldBytes >= MAX_BYTES) {
            flush();
        }
    }

    private static long textBytes(ColumnBatch batch) {
        Selection rows = batch.selection();
        long bytes = 0;
        for (ColumnVector column : batch.columns()) {
            if (column instanceof BytesVector text) {
                int[] lengths = text.lengths();
                int[] at = rows.positions();
                for (int i = 0; i < rows.count(); i++) {
                    bytes += lengths[at == null ? i : at[i]];
                }
            }
        }
        return bytes;
    }

    private void flush() throws IOException {
        int columns = shuffle.schema().size();
        int pieces = batches.size();
        int[][] rows = new int[pieces][];
        ColumnVector[][] vectors = new ColumnVector[columns][pieces];
        for (int k = 0; k < pieces; k++) {
            rows[k] = splits.get(k).rows();
            for (int c = 0; c < columns; c++) {
                vectors[c][k] = batches.get(k).column(c);
            }
        }
        for (int p = 0; p < blocks.size(); p++) {
            int[] from = new int[pieces];
            int[] until = new int[pieces];
            int count = 0;
            for (int k = 0; k < pieces; k++) {
                from[k] = splits.get(k).from(p);
                until[k] = splits.get(k).until(p);
                count += until[k] - from[k];
            }
            if (count > 0) {
                Picked[] picked = new Picked[columns];
                for (int c = 0; c < columns; c++) {
                    picked[c] = new Picked(vectors[c], rows, from, until);
                }
                encoder.encode(shuffle.schema(), picked, count);
                add(p);
            }
        }
        batches.clear();
        splits.clear();
        heldRows = 0;
        heldBytes = 0;
    }

    private void add(int partition) throws IOException {
        List<Block> sofar = blocks.get(partition);
        int length = encoder.length();
        int checksum =
                new Block.Address(shuffle.id(), mapTask, partition, sofar.size()).checksum(encoder.bytes(), length);
        if (space.reserve(length)) {
            memoryBytes += length;
            sofar.add(new Block(Arrays.copyOf(encoder.bytes(), length), 0, length, checksum));
            return;
        }
        if (file == null) {
            file = space.spill("shuffle-" + shuffle.id() + "-map-" + mapTask);
        }
        sofar.add(new Block(null, file.append(encoder.bytes(), length), length, checksum));
    }

    /** Ends the writing and returns the blocks, which are the caller's to release. */
    public MapOutput finish() throws IOException {
        if (heldRows > 0) {
            flush();
        }
        if (file != null) {
            file.close();
        }
        finished = true;
        return new MapOutput(shuffle.id(), mapTask, blocks, memoryBytes, file, space);
    }

    /** Drops what was written, unless it was finished. */
    @Override
    public void close() {
        if (finished) {
            return;
        }
        finished = true;
        space.release(memoryBytes);
        if (file != null) {
            file.delete();
        }
    }
}
