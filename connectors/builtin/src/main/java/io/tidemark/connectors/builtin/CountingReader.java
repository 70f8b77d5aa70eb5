package io.tidemark.connectors.builtin;

import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.LongVector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a {@link CountingPartition} as columns {@code timestamp} and {@code value}, in batches of 4,096 rows. */
final class CountingReader implements PartitionReader {
    static final StructType SCHEMA =
            StructType.EMPTY.add("timestamp", AtomicType.TIMESTAMP).add("value", AtomicType.BIGINT);

    private static final int MAX_ROWS = 4_096;

    private final StructType columns;
    private final CountingPartition partition;
    private long next;

    CountingReader(StructType columns, CountingPartition partition) {
        this.columns = columns;
        this.partition = partition;
        this.next = partition.first();
    }

    @Override
    public @Nullable ColumnBatch next() {
        if (next >= partition.until()) {
            return null;
        }
        long left = (partition.until() - next + partition.step() - 1) / partition.step();
        int count = (int) Math.min(left, MAX_ROWS);
        long[] values = new long[count];
        long[] micros = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = next;
            micros[i] = partition.micros(next);
            next += partition.step();
        }
        List<ColumnVector> vectors = new ArrayList<>();
        for (StructField column : columns.fields()) {
            long[] numbers = column.name().equals("value") ? values : micros;
            vectors.add(new LongVector(column.dataType(), count, numbers, null));
        }
        return new ColumnBatch(columns, vectors, count);
    }

    @Override
    public void close() {}
}
