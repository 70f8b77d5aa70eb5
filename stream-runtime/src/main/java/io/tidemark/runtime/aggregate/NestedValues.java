package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.expression.function.RowComparator;
import io.tidemark.runtime.expression.function.TypeCoercion;
import io.tidemark.runtime.expression.function.VectorGather;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A struct, array or map for each group. While a batch is fed, the values taken from it are only pointed at; then they
 * are copied into a chunk of their own, and when most of what the chunks hold was replaced, the rest moves into one.
 */
final class NestedValues extends GroupValues {
    private static final int CHUNKS_MAX = 32;

    private final @Nullable RowComparator order;
    /** Without rows; beside it {@link VectorGather} copies bytes instead of sharing those of its only source. */
    private final ColumnVector none;

    private final List<ColumnVector> chunks = new ArrayList<>();
    private long chunkRows;
    /** By group: the chunk, which while feeding may be the one to come; its row there. */
    private int[] which = {};

    private int[] index = {};
    private int groupCount;

    private @Nullable ColumnVector fed;
    private int[] taken = new int[16];
    private int takenCount;

    NestedValues(DataType type) {
        super(type);
        order = TypeCoercion.isOrderable(type) ? RowComparator.of(type) : null;
        none = VectorBuilder.of(type, 0).build();
    }

    @Override
    int compare(int group, ColumnVector with, int row) {
        ColumnVector held = which[group] == chunks.size() ? fed : chunks.get(which[group]);
        if (order == null || held == null) {
            throw new IllegalStateException("no order on " + type.sql());
        }
        return order.compare(held, index[group], with, row);
    }

    @Override
    void put(int group, ColumnVector from, int row) {
        fed = from;
        if (which[group] != chunks.size() || index[group] < 0) {
            if (takenCount == taken.length) {
                taken = Arrays.copyOf(taken, 2 * takenCount);
            }
            taken[takenCount++] = group;
            which[group] = chunks.size();
        }
        index[group] = row;
    }

    @Override
    void settle() {
        ColumnVector source = fed;
        if (source == null) {
            return;
        }
        int[] rows = new int[takenCount];
        int[] from = new int[takenCount];
        for (int i = 0; i < takenCount; i++) {
            rows[i] = index[taken[i]];
            index[taken[i]] = i;
        }
        chunks.add(VectorGather.gather(type, List.of(source, none), from, rows, takenCount));
        chunkRows += takenCount;
        takenCount = 0;
        fed = null;
        if (chunks.size() > CHUNKS_MAX || chunkRows > 2L * groupCount) {
            ColumnVector all = gather(groupCount);
            for (int group = 0; group < groupCount; group++) {
                which[group] = 0;
                index[group] = isNull(group) ? -1 : group;
            }
            chunks.clear();
            chunks.add(all);
            chunkRows = groupCount;
        }
    }

    private ColumnVector gather(int groups) {
        int[] sources = Arrays.copyOf(which, groups);
        for (int group = 0; group < groups; group++) {
            if (isNull(group)) {
                sources[group] = -1;
            }
        }
        List<ColumnVector> all = new ArrayList<>(chunks);
        all.add(none);
        return VectorGather.gather(type, all, sources, index, groups);
    }

    @Override
    ColumnVector column(int groups) {
        return gather(groups);
    }

    @Override
    long memoryBytes() {
        long bytes = 8L * which.length + present.memoryBytes();
        for (ColumnVector chunk : chunks) {
            bytes += VectorSize.bytes(chunk);
        }
        return bytes;
    }

    @Override
    void resize(int groups) {
        which = Arrays.copyOf(which, groups);
        index = Arrays.copyOf(index, groups);
        Arrays.fill(index, groupCount, groups, -1);
        groupCount = groups;
    }
}
