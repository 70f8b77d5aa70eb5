package io.tidemark.runtime.operator;

import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.runtime.aggregate.AggregateFunction;
import io.tidemark.state.StateIterator;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowDecoder;
import java.util.ArrayList;
import java.util.List;

/** Makes results of entries of an aggregate's state and hands them out, some thousand at a time. One thread. */
final class EncodedOutput {
    /** How many entries make a batch. */
    static final int ROWS = 4096;

    private final StructType schema;
    private final List<AggregateFunction> functions;
    private final boolean keyCounts;
    private final RowDecoder keyDecoder;
    private final RowDecoder valueDecoder;
    private final BatchConsumer out;
    private RowBlock.Builder keys = block();
    private RowBlock.Builder values = block();

    private EncodedOutput(
            StructType schema,
            List<AggregateFunction> functions,
            boolean keyCounts,
            StructType key,
            StructType value,
            BatchConsumer out) {
        this.schema = schema;
        this.functions = functions;
        this.keyCounts = keyCounts;
        this.keyDecoder = new RowDecoder(key);
        this.valueDecoder = new RowDecoder(value);
        this.out = out;
    }

    /**
     * For entries whose key are the grouping columns and whose value are the buffers.
     *
     * @param schema of what is handed out: the grouping columns, then the results
     */
    static EncodedOutput ofKeysAndValues(
            StructType schema, StructType grouping, List<AggregateFunction> functions, BatchConsumer out) {
        return new EncodedOutput(schema, functions, true, grouping, AggregateBuffers.schema(functions), out);
    }

    /**
     * For entries whose value holds the grouping columns and the buffers.
     *
     * @param schema of what is handed out: the grouping columns, then the results
     */
    static EncodedOutput ofValues(
            StructType schema, StructType value, List<AggregateFunction> functions, BatchConsumer out) {
        return new EncodedOutput(schema, functions, false, StructType.EMPTY, value, out);
    }

    private static RowBlock.Builder block() {
        return new RowBlock.Builder(ROWS, ROWS * 32);
    }

    void add(StateIterator entry) throws Exception {
        if (keyCounts) {
            keys.add(entry.key());
        }
        values.add(entry.value());
        if (values.count() == ROWS) {
            flush();
        }
    }

    /** Hands out what is held back. */
    void flush() throws Exception {
        int rows = values.count();
        if (rows == 0) {
            return;
        }
        List<ColumnVector> stored = new ArrayList<>();
        if (keyCounts) {
            stored.addAll(keyDecoder.decode(keys.build()));
        }
        stored.addAll(valueDecoder.decode(values.build()));
        keys = block();
        values = block();
        int grouping = schema.size() - functions.size();
        List<ColumnVector> columns = new ArrayList<>(stored.subList(0, grouping));
        columns.addAll(AggregateBuffers.resultsOf(functions, stored.subList(grouping, stored.size()), rows));
        out.accept(new ColumnBatch(schema, columns, rows));
    }
}
