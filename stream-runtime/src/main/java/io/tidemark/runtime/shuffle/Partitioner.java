package io.tidemark.runtime.shuffle;

import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.operator.Shuffle;
import io.tidemark.state.codec.ColumnHash;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Says which partition each row goes to: {@code pmod(hash(keys), n)} with Spark's hash. One thread. */
final class Partitioner {
    private final int[] keys;
    private final int partitions;
    private int[] hashes = new int[0];

    Partitioner(Shuffle shuffle, int partitions) {
        if (partitions < 1 || (shuffle.single() && partitions != 1)) {
            throw new IllegalArgumentException(partitions + " partitions for shuffle " + shuffle.id());
        }
        this.keys = shuffle.keys().stream().mapToInt(Integer::intValue).toArray();
        this.partitions = partitions;
    }

    /**
     * A batch's selected rows by partition, each partition's in their order.
     *
     * @param rows positions in the batch; null if they are 0 to the count - 1
     * @param bounds of partition p in {@code rows}: from {@code bounds[p]} to before {@code bounds[p + 1]}
     */
    record Split(int @Nullable [] rows, int[] bounds) {
        int from(int partition) {
            return bounds[partition];
        }

        int until(int partition) {
            return bounds[partition + 1];
        }
    }

    Split split(ColumnBatch batch) {
        Selection rows = batch.selection();
        int count = rows.count();
        if (partitions == 1) {
            return new Split(rows.positions(), new int[] {0, count});
        }
        int[] of = hash(batch);
        int[] at = rows.positions();
        int[] bounds = new int[partitions + 1];
        for (int i = 0; i < count; i++) {
            int row = at == null ? i : at[i];
            of[row] = Math.floorMod(of[row], partitions);
            bounds[of[row] + 1]++;
        }
        for (int p = 0; p < partitions; p++) {
            bounds[p + 1] += bounds[p];
        }
        int[] next = Arrays.copyOf(bounds, partitions);
        int[] ordered = new int[count];
        for (int i = 0; i < count; i++) {
            int row = at == null ? i : at[i];
            ordered[next[of[row]]++] = row;
        }
        return new Split(ordered, bounds);
    }

    private int[] hash(ColumnBatch batch) {
        Selection rows = batch.selection();
        if (hashes.length < rows.limit()) {
            hashes = new int[rows.limit()];
        }
        Arrays.fill(hashes, 0, rows.limit(), ColumnHash.SEED);
        for (int key : keys) {
            ColumnHash.update(batch.column(key), rows, hashes);
        }
        return hashes;
    }
}
