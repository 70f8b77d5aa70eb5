package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.expression.function.VectorGather;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Any number of values for each group, numbered as they came. While a batch is fed, its values are only pointed at; then they
 * are copied into a chunk, and from time to time small chunks into a larger one.
 */
final class CollectedValues {
    private static final int CHUNKS_MAX = 64;

    private final DataType type;
    /** Without rows; beside it {@link VectorGather} copies bytes instead of sharing those of its only source. */
    private final ColumnVector none;

    private final List<ColumnVector> chunks = new ArrayList<>();
    /** The number of the first value of each chunk. */
    private final List<Integer> firsts = new ArrayList<>();

    private int settled;
    private int count;
    private int[] groups = new int[16];
    /** By value: its chunk and its place there; while feeding, the chunk to come and its row in what is fed. */
    private int[] which = new int[16];

    private int[] index = new int[16];
    private @Nullable ColumnVector fed;

    CollectedValues(DataType type) {
        this.type = type;
        this.none = VectorBuilder.of(type, 0).build();
    }

    int count() {
        return count;
    }

    /** Returns the group of a value. */
    int group(int value) {
        return groups[value];
    }

    /** Returns the column that holds a value, at {@link #row}. */
    ColumnVector column(int value) {
        ColumnVector now = fed;
        return which[value] == chunks.size() && now != null ? now : chunks.get(which[value]);
    }

    int row(int value) {
        return index[value];
    }

    /** Adds the value at a row, which is not null. Rows of one column only until {@link #settle}. */
    void add(int group, ColumnVector from, int row) {
        if (count == groups.length) {
            int more = Math.toIntExact(Math.min(Integer.MAX_VALUE - 16L, 2L * count));
            groups = Arrays.copyOf(groups, more);
            which = Arrays.copyOf(which, more);
            index = Arrays.copyOf(index, more);
        }
        fed = from;
        groups[count] = group;
        which[count] = chunks.size();
        index[count++] = row;
    }

    /** Ends feeding from one column. */
    void settle() {
        ColumnVector source = fed;
        if (source == null) {
            return;
        }
        int added = count - settled;
        int[] rows = Arrays.copyOfRange(index, settled, count);
        ColumnVector chunk = VectorGather.gather(type, List.of(source, none), new int[added], rows, added);
        fed = null;
        append(chunk, settled);
        settled = count;
        if (chunks.size() > CHUNKS_MAX) {
            // the first chunk stays as it is while it holds more than all others
            int from = firsts.get(1) > count - firsts.get(1) ? 1 : 0;
            int first = firsts.get(from);
            ColumnVector merged = gather(first, count);
            chunks.subList(from, chunks.size()).clear();
            firsts.subList(from, firsts.size()).clear();
            append(merged, first);
        }
    }

    private void append(ColumnVector chunk, int first) {
        for (int value = first; value < count; value++) {
            which[value] = chunks.size();
            index[value] = value - first;
        }
        chunks.add(chunk);
        firsts.add(first);
    }

    private ColumnVector gather(int from, int until) {
        return gather(Arrays.copyOfRange(which, from, until), Arrays.copyOfRange(index, from, until), until - from);
    }

    private ColumnVector gather(int[] sources, int[] rows, int length) {
        List<ColumnVector> all = new ArrayList<>(chunks);
        all.add(none);
        return VectorGather.gather(type, all, sources, rows, length);
    }

    /** Returns the values of each group, in the order in which they came. */
    ArrayVector arrays(int groupCount) {
        int[] lengths = new int[groupCount];
        for (int value = 0; value < count; value++) {
            lengths[groups[value]]++;
        }
        int[] starts = new int[groupCount];
        for (int group = 1; group < groupCount; group++) {
            starts[group] = starts[group - 1] + lengths[group - 1];
        }
        int[] next = starts.clone();
        int[] sources = new int[count];
        int[] rows = new int[count];
        for (int value = 0; value < count; value++) {
            int at = next[groups[value]]++;
            sources[at] = which[value];
            rows[at] = index[value];
        }
        return new ArrayVector(
                new ArrayType(type, false), groupCount, starts, lengths, gather(sources, rows, count), null);
    }

    long memoryBytes() {
        long bytes = 12L * groups.length;
        for (ColumnVector chunk : chunks) {
            bytes += VectorSize.bytes(chunk);
        }
        return bytes;
    }
}
