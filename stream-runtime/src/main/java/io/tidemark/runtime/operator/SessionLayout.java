package io.tidemark.runtime.operator;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.runtime.aggregate.AggregateFunction;
import io.tidemark.state.KeyEncoding;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a session's state.
 *
 * @param grouping the grouping columns, the session among them
 * @param session place of the session in them
 * @param prefix the grouping columns without the session
 * @param key those, then the session's start
 * @param value all grouping columns, then the buffers: the schema of the input too
 */
record SessionLayout(StructType grouping, int session, StructType prefix, StructType key, StructType value) {
    static SessionLayout of(StructType grouping, int session, List<AggregateFunction> functions) {
        List<StructField> prefix = new ArrayList<>(grouping.fields());
        prefix.remove(session);
        List<StructField> value = new ArrayList<>(grouping.fields());
        value.addAll(AggregateBuffers.schema(functions).fields());
        return new SessionLayout(
                grouping,
                session,
                new StructType(prefix),
                new StructType(prefix).add(new StructField("sessionStartTime", AtomicType.TIMESTAMP, false)),
                new StructType(value));
    }

    /** Returns the store of it: entries are found by a scan over the prefix. */
    StateStoreSpec store() {
        return new StateStoreSpec(StateStoreId.DEFAULT, key, value, new KeyEncoding.PrefixScan(prefix.size()));
    }

    /** Returns a grouping column as a column of the value. */
    @Nullable
    EventTimeColumn inValue(@Nullable EventTimeColumn grouped) {
        return grouped == null ? null : new EventTimeColumn(value, grouped.ordinal(), grouped.delayMillis());
    }

    /** Returns the columns of {@link #prefix}, out of columns that begin with {@link #grouping}. */
    List<ColumnVector> prefixColumns(List<ColumnVector> columns) {
        List<ColumnVector> prefixColumns = new ArrayList<>(columns.subList(0, grouping.size()));
        prefixColumns.remove(session);
        return prefixColumns;
    }

    /** Returns the columns of {@link #key}. */
    List<ColumnVector> keyColumns(List<ColumnVector> columns, long[] starts) {
        List<ColumnVector> keyColumns = prefixColumns(columns);
        keyColumns.add(new LongVector(AtomicType.TIMESTAMP, starts.length, starts, null));
        return keyColumns;
    }

    /** Returns where in an encoded row of {@link #value} the session's start stands; its end is the next word. */
    int startOffset(byte[] row) {
        return EncodedWord.structOffset(row, value.size(), session) + 8;
    }
}
