package io.tidemark.connectors.delta;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ArrayVectorBuilder;
import io.tidemark.api.vector.BooleanVectorBuilder;
import io.tidemark.api.vector.BytesVectorBuilder;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVectorBuilder;
import io.tidemark.api.vector.DoubleVectorBuilder;
import io.tidemark.api.vector.FloatVectorBuilder;
import io.tidemark.api.vector.IntVectorBuilder;
import io.tidemark.api.vector.LongVectorBuilder;
import io.tidemark.api.vector.MapVectorBuilder;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.StructVectorBuilder;
import io.tidemark.api.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.List;

/** Copies what Kernel read into columns of ours. */
final class KernelColumns {
    private KernelColumns() {}

    /**
     * Returns the rows that Kernel's selection (deletion vectors) leaves, all of them selected.
     *
     * @param schema the batch's schema as ours
     */
    static ColumnBatch copy(FilteredColumnarBatch read, StructType schema) {
        int size = read.getData().getSize();
        int[] kept = new int[size];
        int count = 0;
        for (int row = 0; row < size; row++) {
            int at = row;
            boolean alive = read.getSelectionVector()
                    .map(v -> !v.isNullAt(at) && v.getBoolean(at))
                    .orElse(true);
            if (alive) {
                kept[count++] = row;
            }
        }
        List<ColumnVector> columns = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
            VectorBuilder builder = VectorBuilder.of(schema.field(i).dataType(), count);
            io.delta.kernel.data.ColumnVector from = read.getData().getColumnVector(i);
            for (int k = 0; k < count; k++) {
                append(schema.field(i).dataType(), from, kept[k], builder);
            }
            columns.add(builder.build());
        }
        return new ColumnBatch(schema, columns, Selection.all(count));
    }

    private static void append(DataType type, io.delta.kernel.data.ColumnVector from, int row, VectorBuilder into) {
        if (from.isNullAt(row)) {
            into.appendNull();
        } else if (type instanceof DecimalType) {
            ((DecimalVectorBuilder) into).appendDecimal(from.getDecimal(row));
        } else if (type instanceof ArrayType array) {
            ArrayValue value = from.getArray(row);
            ArrayVectorBuilder list = (ArrayVectorBuilder) into;
            for (int i = 0; i < value.getSize(); i++) {
                append(array.elementType(), value.getElements(), i, list.elements());
            }
            list.endRow();
        } else if (type instanceof MapType map) {
            MapValue value = from.getMap(row);
            MapVectorBuilder entries = (MapVectorBuilder) into;
            for (int i = 0; i < value.getSize(); i++) {
                append(map.keyType(), value.getKeys(), i, entries.keys());
                append(map.valueType(), value.getValues(), i, entries.entryValues());
            }
            entries.endRow();
        } else if (type instanceof StructType struct) {
            StructVectorBuilder fields = (StructVectorBuilder) into;
            for (int i = 0; i < struct.size(); i++) {
                append(struct.field(i).dataType(), from.getChild(i), row, fields.child(i));
            }
            fields.endRow();
        } else {
            appendAtomic((AtomicType) type, from, row, into);
        }
    }

    private static void appendAtomic(
            AtomicType type, io.delta.kernel.data.ColumnVector from, int row, VectorBuilder into) {
        switch (type) {
            case BOOLEAN -> ((BooleanVectorBuilder) into).appendBoolean(from.getBoolean(row));
            case TINYINT -> ((IntVectorBuilder) into).appendInt(from.getByte(row));
            case SMALLINT -> ((IntVectorBuilder) into).appendInt(from.getShort(row));
            case INT, DATE -> ((IntVectorBuilder) into).appendInt(from.getInt(row));
            case BIGINT, TIMESTAMP, TIMESTAMP_NTZ -> ((LongVectorBuilder) into).appendLong(from.getLong(row));
            case FLOAT -> ((FloatVectorBuilder) into).appendFloat(from.getFloat(row));
            case DOUBLE -> ((DoubleVectorBuilder) into).appendDouble(from.getDouble(row));
            case STRING -> ((BytesVectorBuilder) into).appendString(from.getString(row));
            case BINARY -> {
                byte[] bytes = from.getBinary(row);
                ((BytesVectorBuilder) into).appendBytes(bytes, 0, bytes.length);
            }
            case NULL -> throw new IllegalStateException("a table has no column of type void");
        }
    }
}
