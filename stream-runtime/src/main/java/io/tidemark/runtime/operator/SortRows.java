package io.tidemark.runtime.operator;

import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.RowComparator;
import io.tidemark.runtime.expression.function.VectorGather;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Orders a batch's whole result by Spark's order of values; rows that are equal in all keys stay in the order they came
 * in. Keeps no state.
 *
 * @param keys the most significant first
 */
record SortRows(StructType schema, List<Key> keys) implements ReduceOperator {
    SortRows {
        keys = List.copyOf(keys);
    }

    /**
     * One key.
     *
     * @param text the key, for people
     */
    record Key(Kernel value, RowComparator order, boolean ascending, boolean nullsFirst, String text) {
        private int compare(ColumnVector a, int i, ColumnVector b, int j) {
            boolean leftNull = a.isNull(i);
            boolean rightNull = b.isNull(j);
            if (leftNull || rightNull) {
                return leftNull == rightNull ? 0 : leftNull == nullsFirst ? -1 : 1;
            }
            int order = order().compare(a, i, b, j);
            return ascending ? order : -order;
        }
    }

    @Override
    public String describe() {
        return "Sort "
                + keys.stream()
                        .map(k -> k.text
                                + (k.ascending ? " ASC" : " DESC")
                                + (k.nullsFirst ? " NULLS FIRST" : " NULLS LAST"))
                        .toList();
    }

    @Override
    public boolean isSinglePartition() {
        return true;
    }

    @Override
    public void run(TaskContext context, Iterator<ColumnBatch> input, BatchConsumer out) throws Exception {
        List<ColumnBatch> batches = new ArrayList<>();
        List<ColumnVector[]> values = new ArrayList<>();
        long rows = 0;
        while (input.hasNext()) {
            ColumnBatch batch = input.next();
            if (batch.rowCount() > 0) {
                batches.add(batch);
                values.add(keys.stream()
                        .map(k -> k.value.evaluate(batch, batch.selection(), context.evaluation()))
                        .toArray(ColumnVector[]::new));
                rows += batch.rowCount();
            }
        }
        if (rows > 0) {
            out.accept(gather(batches, order(batches, values, Math.toIntExact(rows))));
        }
    }

    /** Returns the rows in order: the batch in the upper half, the position in it in the lower. */
    private long[] order(List<ColumnBatch> batches, List<ColumnVector[]> values, int rows) {
        Long[] places = new Long[rows];
        int count = 0;
        for (int b = 0; b < batches.size(); b++) {
            Selection selection = batches.get(b).selection();
            for (int i = 0; i < selection.count(); i++) {
                places[count++] = (long) b << 32 | selection.at(i);
            }
        }
        Arrays.sort(places, (x, y) -> {
            ColumnVector[] left = values.get((int) (x >>> 32));
            ColumnVector[] right = values.get((int) (y >>> 32));
            for (int k = 0; k < left.length; k++) {
                int order = keys.get(k).compare(left[k], (int) (long) x, right[k], (int) (long) y);
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        });
        return Arrays.stream(places).mapToLong(Long::longValue).toArray();
    }

    private ColumnBatch gather(List<ColumnBatch> batches, long[] places) {
        int[] which = new int[places.length];
        int[] index = new int[places.length];
        for (int i = 0; i < places.length; i++) {
            which[i] = (int) (places[i] >>> 32);
            index[i] = (int) places[i];
        }
        List<ColumnVector> columns = new ArrayList<>(schema.size());
        for (int c = 0; c < schema.size(); c++) {
            int column = c;
            columns.add(VectorGather.gather(
                    schema.field(c).dataType(),
                    batches.stream().map(b -> b.column(column)).toList(),
                    which,
                    index,
                    places.length));
        }
        return new ColumnBatch(schema, columns, places.length);
    }
}
