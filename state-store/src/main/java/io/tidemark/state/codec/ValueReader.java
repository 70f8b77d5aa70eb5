package io.tidemark.state.codec;

import static io.tidemark.state.codec.UnsafeLayout.arrayHeaderBytes;
import static io.tidemark.state.codec.UnsafeLayout.elementBytes;
import static io.tidemark.state.codec.UnsafeLayout.isVariable;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ArrayVectorBuilder;
import io.tidemark.api.vector.BooleanVectorBuilder;
import io.tidemark.api.vector.BytesVectorBuilder;
import io.tidemark.api.vector.DecimalVectorBuilder;
import io.tidemark.api.vector.DoubleVectorBuilder;
import io.tidemark.api.vector.FloatVectorBuilder;
import io.tidemark.api.vector.IntVectorBuilder;
import io.tidemark.api.vector.LongVectorBuilder;
import io.tidemark.api.vector.MapVectorBuilder;
import io.tidemark.api.vector.StructVectorBuilder;
import io.tidemark.api.vector.VectorBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/** Reads one row into builders; {@link ColumnReader} does the same for many rows at once. */
final class ValueReader {
    private final byte[] data;

    ValueReader(byte[] data) {
        this.data = data;
    }

    void row(StructType schema, int base, int size, List<? extends VectorBuilder> into) {
        int fixed = UnsafeLayout.fixedBytes(schema.size());
        if (size < fixed || (size & 7) != 0) {
            throw RowRules.notARow(size, schema);
        }
        long taken = 0;
        for (int i = 0; i < schema.size(); i++) {
            DataType type = schema.field(i).dataType();
            long word = UnsafeLayout.getLong(data, base + UnsafeLayout.bitsetBytes(schema.size()) + 8 * i);
            boolean isNull = UnsafeLayout.isNull(data, base, i);
            if (isNull) {
                RowRules.checkNull(type, word, fixed, size);
            } else if (isVariable(type)) {
                taken += Math.max(0, (int) word);
            } else {
                RowRules.checkBits(type, word);
            }
            append(type, isNull, word, base, size, fixed, into.get(i));
            if (taken > size - fixed) {
                throw RowRules.overlapping(schema);
            }
        }
    }

    private void append(DataType type, boolean isNull, long word, int base, int size, int fixed, VectorBuilder into) {
        if (isNull || type == AtomicType.NULL) {
            into.appendNull();
        } else if (isVariable(type)) {
            RowRules.checkReference(word, fixed, size);
            appendVariable(type, base + (int) (word >>> 32), (int) word, into);
        } else if (into instanceof LongVectorBuilder longs) {
            longs.appendLong(word);
        } else if (into instanceof IntVectorBuilder ints) {
            ints.appendInt(
                    type == AtomicType.TINYINT ? (byte) word : type == AtomicType.SMALLINT ? (short) word : (int) word);
        } else if (into instanceof DoubleVectorBuilder doubles) {
            doubles.appendDouble(Double.longBitsToDouble(word));
        } else if (into instanceof FloatVectorBuilder floats) {
            floats.appendFloat(Float.intBitsToFloat((int) word));
        } else if (into instanceof BooleanVectorBuilder booleans) {
            booleans.appendBoolean((word & 0xff) != 0);
        } else {
            ((DecimalVectorBuilder) into).appendUnscaled(word);
        }
    }

    private void appendVariable(DataType type, int at, int size, VectorBuilder into) {
        if (into instanceof BytesVectorBuilder bytes) {
            bytes.appendBytes(data, at, size);
        } else if (type instanceof StructType struct) {
            StructVectorBuilder builder = (StructVectorBuilder) into;
            int fixed = UnsafeLayout.fixedBytes(struct.size());
            if (size < fixed) {
                throw RowRules.notARow(size, struct);
            }
            for (int i = 0; i < struct.size(); i++) {
                StructField field = struct.field(i);
                long word = UnsafeLayout.getLong(data, at + UnsafeLayout.bitsetBytes(struct.size()) + 8 * i);
                boolean isNull = UnsafeLayout.isNull(data, at, i);
                append(field.dataType(), isNull, word, at, size, fixed, builder.child(i));
            }
            builder.endRow();
        } else if (type instanceof ArrayType array) {
            ArrayVectorBuilder builder = (ArrayVectorBuilder) into;
            appendElements(array.elementType(), at, size, builder.elements());
            builder.endRow();
        } else if (type instanceof MapType map) {
            MapVectorBuilder builder = (MapVectorBuilder) into;
            int keys = RowRules.keyBytes(data, at, size);
            int keyCount = appendElements(map.keyType(), at + 8, keys, builder.keys());
            int valueCount = appendElements(map.valueType(), at + 8 + keys, size - 8 - keys, builder.entryValues());
            if (keyCount != valueCount) {
                throw RowRules.unevenMap();
            }
            builder.endRow();
        } else {
            DecimalType decimal = (DecimalType) type;
            BigInteger unscaled = RowRules.wideDecimal(decimal, data, at, size);
            ((DecimalVectorBuilder) into).appendDecimal(new BigDecimal(unscaled, decimal.scale()));
        }
    }

    private int appendElements(DataType type, int at, int size, VectorBuilder into) {
        int width = elementBytes(type);
        int count = RowRules.elementCount(data, at, size, width);
        int slots = at + arrayHeaderBytes(count);
        for (int i = 0; i < count; i++) {
            long word = RowRules.slot(data, width, slots + width * i);
            append(type, UnsafeLayout.isNull(data, at + 8, i), word, at, size, 8, into);
        }
        return count;
    }
}
