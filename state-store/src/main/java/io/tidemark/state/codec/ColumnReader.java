package io.tidemark.state.codec;

import static io.tidemark.state.codec.UnsafeLayout.arrayHeaderBytes;
import static io.tidemark.state.codec.UnsafeLayout.elementBytes;
import static io.tidemark.state.codec.UnsafeLayout.isVariable;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.MapVector;
import io.tidemark.api.vector.NullVector;
import io.tidemark.api.vector.StructVector;
import io.tidemark.api.vector.Validity;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads many rows column by column. Places are given as arrays by row: where something begins in {@code data} and how
 * many bytes it has, -1 for what is null. A column's words are read first, whatever they mean, then turned into values.
 *
 * @param bases where each row (or array) begins: what offsets are counted from
 * @param sizes its bytes; -1 if it is absent
 */
record ColumnReader(byte[] data, int count, int[] bases, int[] sizes) {
    /** What the slots of a column hold. */
    private record Words(long[] words, long @Nullable [] validity) {}

    /**
     * Reads rows.
     *
     * @param strict whether what Spark's validation does not forgive at top level is checked too: words of nulls and the
     *     upper bytes of narrow values must be zero
     */
    List<ColumnVector> fields(StructType schema, boolean strict) {
        int fixed = UnsafeLayout.fixedBytes(schema.size());
        for (int i = 0; i < count; i++) {
            if (sizes[i] >= 0 && (sizes[i] < fixed || (strict && (sizes[i] & 7) != 0))) {
                throw RowRules.notARow(sizes[i], schema);
            }
        }
        List<ColumnVector> columns = new ArrayList<>(schema.size());
        long[] taken = new long[strict ? count : 0];
        for (int i = 0; i < schema.size(); i++) {
            DataType type = schema.field(i).dataType();
            Words words = words(i, schema.size(), type);
            if (strict && words.validity != null) {
                checkNulls(words, type, fixed);
            }
            if (!isVariable(type)) {
                columns.add(values(type, count, words, strict));
                continue;
            }
            int[] lengths = new int[count];
            ColumnReader inner = locate(words, count, bases, sizes, fixed, lengths);
            if (strict) {
                for (int k = 0; k < count; k++) {
                    taken[k] += Math.max(0, lengths[k]);
                    if (taken[k] > Math.max(0, sizes[k] - fixed)) {
                        throw RowRules.overlapping(schema);
                    }
                }
            }
            columns.add(inner.variables(type, words.validity));
        }
        return columns;
    }

    private Words words(int ordinal, int fields, DataType type) {
        int word = UnsafeLayout.bitsetBytes(fields) + 8 * ordinal;
        long[] words = new long[count];
        long[] validity = type == AtomicType.NULL ? Validity.noneOf(count) : null;
        for (int i = 0; i < count; i++) {
            if (sizes[i] < 0) {
                validity = withNull(validity, i);
            } else {
                words[i] = UnsafeLayout.getLong(data, bases[i] + word);
                if (UnsafeLayout.isNull(data, bases[i], ordinal)) {
                    validity = withNull(validity, i);
                }
            }
        }
        return new Words(words, validity);
    }

    private long[] withNull(long @Nullable [] validity, int row) {
        long[] bits = validity == null ? Validity.allOf(count) : validity;
        Validity.clear(bits, row);
        return bits;
    }

    private void checkNulls(Words words, DataType type, int fixed) {
        for (int i = 0; i < count; i++) {
            if (words.words[i] != 0 && !Validity.isValid(words.validity, i)) {
                RowRules.checkNull(type, words.words[i], fixed, sizes[i]);
            }
        }
    }

    /** Turns words into values of a fixed type; the words' array may become the vector's. */
    private static ColumnVector values(DataType type, int count, Words from, boolean strict) {
        if (strict) {
            RowRules.checkBits(type, RowRules.or(from.words));
        }
        long[] words = from.words;
        long[] validity = from.validity;
        if (type instanceof DecimalType decimal) {
            return new DecimalVector(decimal, count, words, validity);
        }
        switch ((AtomicType) type) {
            case BIGINT, TIMESTAMP, TIMESTAMP_NTZ:
                return new LongVector(type, count, words, validity);
            case DOUBLE:
                double[] doubles = new double[count];
                for (int i = 0; i < count; i++) {
                    doubles[i] = Double.longBitsToDouble(words[i]);
                }
                return new DoubleVector(type, count, doubles, validity);
            case FLOAT:
                float[] floats = new float[count];
                for (int i = 0; i < count; i++) {
                    floats[i] = Float.intBitsToFloat((int) words[i]);
                }
                return new FloatVector(type, count, floats, validity);
            case BOOLEAN:
                boolean[] booleans = new boolean[count];
                for (int i = 0; i < count; i++) {
                    booleans[i] = (words[i] & 0xff) != 0;
                }
                return new BooleanVector(type, count, booleans, validity);
            case TINYINT:
                return new IntVector(type, count, ints(words, count, 24), validity);
            case SMALLINT:
                return new IntVector(type, count, ints(words, count, 16), validity);
            case INT, DATE:
                return new IntVector(type, count, ints(words, count, 0), validity);
            case NULL:
                return new NullVector(count);
            default:
                throw new IllegalStateException(type.simpleString() + " is not of fixed width");
        }
    }

    private static int[] ints(long[] words, int count, int shift) {
        int[] ints = new int[count];
        for (int i = 0; i < count; i++) {
            ints[i] = (int) words[i] << shift >> shift;
        }
        return ints;
    }

    /** Finds the variable values that words refer to; each lies behind the first {@code fixed} bytes of its owner. */
    private ColumnReader locate(Words words, int values, int[] owners, int[] ownerSizes, int fixed, int[] lengths) {
        int[] starts = new int[values];
        for (int i = 0; i < values; i++) {
            if (!Validity.isValid(words.validity, i)) {
                lengths[i] = -1;
                continue;
            }
            RowRules.checkReference(words.words[i], fixed, ownerSizes[i]);
            starts[i] = owners[i] + (int) (words.words[i] >>> 32);
            lengths[i] = (int) words.words[i];
        }
        return new ColumnReader(data, values, starts, lengths);
    }

    /** Reads variable values, each at its base. */
    private ColumnVector variables(DataType type, long @Nullable [] validity) {
        if (type instanceof StructType struct) {
            return new StructVector(struct, count, fields(struct, false), validity);
        } else if (type instanceof ArrayType array) {
            int[] counts = arrayCounts(array.elementType());
            int[] firsts = firsts(counts);
            return new ArrayVector(array, count, firsts, counts, elements(array.elementType(), counts), validity);
        } else if (type instanceof MapType map) {
            return maps(map, validity);
        } else if (type instanceof DecimalType decimal) {
            return new DecimalVector(decimal, count, wideDecimals(decimal), validity);
        }
        int[] lengths = sizes;
        if (validity != null) {
            lengths = Arrays.copyOf(sizes, count);
            for (int i = 0; i < count; i++) {
                lengths[i] = Math.max(0, lengths[i]);
            }
        }
        return new BytesVector(type, count, data, bases, lengths, validity);
    }

    private BigInteger[] wideDecimals(DecimalType type) {
        BigInteger[] values = new BigInteger[count];
        for (int i = 0; i < count; i++) {
            values[i] = sizes[i] < 0 ? BigInteger.ZERO : RowRules.wideDecimal(type, data, bases[i], sizes[i]);
        }
        return values;
    }

    private MapVector maps(MapType map, long @Nullable [] validity) {
        int[] keySizes = new int[count];
        int[] keyBases = new int[count];
        int[] valueSizes = new int[count];
        int[] valueBases = new int[count];
        for (int i = 0; i < count; i++) {
            keySizes[i] = -1;
            valueSizes[i] = -1;
            if (sizes[i] >= 0) {
                keySizes[i] = RowRules.keyBytes(data, bases[i], sizes[i]);
                keyBases[i] = bases[i] + 8;
                valueSizes[i] = sizes[i] - 8 - keySizes[i];
                valueBases[i] = keyBases[i] + keySizes[i];
            }
        }
        ColumnReader keys = new ColumnReader(data, count, keyBases, keySizes);
        ColumnReader values = new ColumnReader(data, count, valueBases, valueSizes);
        int[] counts = keys.arrayCounts(map.keyType());
        if (!Arrays.equals(counts, values.arrayCounts(map.valueType()))) {
            throw RowRules.unevenMap();
        }
        return new MapVector(
                map,
                count,
                firsts(counts),
                counts,
                keys.elements(map.keyType(), counts),
                values.elements(map.valueType(), counts),
                validity);
    }

    /** Reads and checks how many elements each array has. */
    private int[] arrayCounts(DataType elementType) {
        int[] counts = new int[count];
        int width = elementBytes(elementType);
        for (int i = 0; i < count; i++) {
            counts[i] = sizes[i] < 0 ? 0 : RowRules.elementCount(data, bases[i], sizes[i], width);
        }
        return counts;
    }

    private static int[] firsts(int[] counts) {
        int[] firsts = new int[counts.length];
        int total = 0;
        for (int i = 0; i < counts.length; i++) {
            firsts[i] = total;
            total = Math.addExact(total, counts[i]);
        }
        return firsts;
    }

    private ColumnVector elements(DataType type, int[] counts) {
        int total = 0;
        for (int n : counts) {
            total = Math.addExact(total, n);
        }
        boolean variable = isVariable(type);
        int width = elementBytes(type);
        long[] words = new long[total];
        long[] validity = type == AtomicType.NULL ? Validity.noneOf(total) : Validity.allOf(total);
        int[] owners = new int[variable ? total : 0];
        int[] ownerSizes = new int[owners.length];
        int at = 0;
        boolean nulls = type == AtomicType.NULL;
        for (int i = 0; i < counts.length; i++) {
            int slots = bases[i] + arrayHeaderBytes(counts[i]);
            for (int k = 0; k < counts[i]; k++, at++) {
                words[at] = RowRules.slot(data, width, slots + width * k);
                if (UnsafeLayout.isNull(data, bases[i] + 8, k)) {
                    Validity.clear(validity, at);
                    nulls = true;
                }
                if (variable) {
                    owners[at] = bases[i];
                    ownerSizes[at] = sizes[i];
                }
            }
        }
        Words all = new Words(words, nulls ? validity : null);
        return variable
                ? locate(all, total, owners, ownerSizes, 8, new int[total]).variables(type, all.validity)
                : values(type, total, all, false);
    }
}
