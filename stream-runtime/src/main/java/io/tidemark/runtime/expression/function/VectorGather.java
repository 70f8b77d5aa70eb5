package io.tidemark.runtime.expression.function;

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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts a column together from positions of others: row {@code i} is position {@code index[i]} of {@code
 * sources[which[i]]}, or null where {@code which[i]} is negative.
 */
public final class VectorGather {
    private final ColumnVector[] sources;
    private final int[] which;
    private final int[] index;
    private final int count;
    private final long @Nullable [] validity;

    private VectorGather(ColumnVector[] sources, int[] which, int[] index, int count) {
        this.sources = sources;
        this.which = which;
        this.index = index;
        this.count = count;
        this.validity = findValidity();
    }

    /**
     * Returns a column of {@code count} rows.
     *
     * @param type of the result; the sources have it too, up to nullability and names of fields, or are void
     */
    public static ColumnVector gather(
            DataType type, List<? extends ColumnVector> sources, int[] which, int[] index, int count) {
        return new VectorGather(sources.toArray(ColumnVector[]::new), which, index, count).build(type);
    }

    /** Returns the rows {@code index[0..count)} of one column; a negative index gives null. */
    public static ColumnVector gather(ColumnVector source, int[] index, int count) {
        int[] which = new int[count];
        for (int i = 0; i < count; i++) {
            which[i] = index[i] < 0 ? -1 : 0;
        }
        return new VectorGather(new ColumnVector[] {source}, which, index, count).build(source.type());
    }

    private long @Nullable [] findValidity() {
        NullMask mask = new NullMask(count, null);
        for (int i = 0; i < count; i++) {
            if (which[i] < 0 || sources[which[i]].isNull(index[i])) {
                mask.setNull(i);
            }
        }
        return mask.bits();
    }

    private boolean valid(int row) {
        return Validity.isValid(validity, row);
    }

    private ColumnVector build(DataType type) {
        if (type instanceof AtomicType atomic) {
            return switch (atomic) {
                case NULL -> new NullVector(count);
                case BOOLEAN -> booleans(type);
                case TINYINT, SMALLINT, INT, DATE -> ints(type);
                case BIGINT, TIMESTAMP, TIMESTAMP_NTZ -> longs(type);
                case FLOAT -> floats(type);
                case DOUBLE -> doubles(type);
                case STRING, BINARY -> bytes(type);
            };
        } else if (type instanceof DecimalType decimal) {
            return decimals(decimal);
        } else if (type instanceof ArrayType array) {
            return arrays(array);
        } else if (type instanceof MapType map) {
            return maps(map);
        }
        return structs((StructType) type);
    }

    private ColumnVector booleans(DataType type) {
        boolean[] out = new boolean[count];
        for (int i = 0; i < count; i++) {
            if (valid(i)) {
                out[i] = ((BooleanVector) sources[which[i]]).values()[index[i]];
            }
        }
        return new BooleanVector(type, count, out, validity);
    }

    private ColumnVector ints(DataType type) {
        int[] out = new int[count];
        for (int i = 0; i < count; i++) {
            if (valid(i)) {
                out[i] = ((IntVector) sources[which[i]]).values()[index[i]];
            }
        }
        return new IntVector(type, count, out, validity);
    }

    private ColumnVector longs(DataType type) {
        long[] out = new long[count];
        for (int i = 0; i < count; i++) {
            if (valid(i)) {
                out[i] = ((LongVector) sources[which[i]]).values()[index[i]];
            }
        }
        return new LongVector(type, count, out, validity);
    }

    private ColumnVector floats(DataType type) {
        float[] out = new float[count];
        for (int i = 0; i < count; i++) {
            if (valid(i)) {
                out[i] = ((FloatVector) sources[which[i]]).values()[index[i]];
            }
        }
        return new FloatVector(type, count, out, validity);
    }

    private ColumnVector doubles(DataType type) {
        double[] out = new double[count];
        for (int i = 0; i < count; i++) {
            if (valid(i)) {
                out[i] = ((DoubleVector) sources[which[i]]).values()[index[i]];
            }
        }
        return new DoubleVector(type, count, out, validity);
    }

    private ColumnVector decimals(DecimalType type) {
        if (type.fitsLong()) {
            long[] out = new long[count];
            for (int i = 0; i < count; i++) {
                if (valid(i)) {
                    out[i] = ((DecimalVector) sources[which[i]]).longs()[index[i]];
                }
            }
            return new DecimalVector(type, count, out, validity);
        }
        BigInteger[] out = new BigInteger[count];
        for (int i = 0; i < count; i++) {
            out[i] = valid(i) ? ((DecimalVector) sources[which[i]]).unscaled(index[i]) : BigInteger.ZERO;
        }
        return new DecimalVector(type, count, out, validity);
    }

    private ColumnVector bytes(DataType type) {
        int[] starts = new int[count];
        int[] lengths = new int[count];
        byte[] shared = sharedBytes();
        if (shared != null) {
            for (int i = 0; i < count; i++) {
                if (valid(i)) {
                    BytesVector from = (BytesVector) sources[which[i]];
                    starts[i] = from.starts()[index[i]];
                    lengths[i] = from.lengths()[index[i]];
                }
            }
            return new BytesVector(type, count, shared, starts, lengths, validity);
        }
        long total = 0;
        for (int i = 0; i < count; i++) {
            if (valid(i)) {
                lengths[i] = ((BytesVector) sources[which[i]]).lengths()[index[i]];
                total += lengths[i];
            }
        }
        byte[] data = new byte[Math.toIntExact(total)];
        int at = 0;
        for (int i = 0; i < count; i++) {
            starts[i] = at;
            if (valid(i)) {
                BytesVector from = (BytesVector) sources[which[i]];
                System.arraycopy(from.data(), from.starts()[index[i]], data, at, lengths[i]);
                at += lengths[i];
            }
        }
        return new BytesVector(type, count, data, starts, lengths, validity);
    }

    /** Returns the bytes that all sources with text point into, null if there are several. */
    private byte @Nullable [] sharedBytes() {
        byte[] shared = null;
        for (ColumnVector source : sources) {
            if (source instanceof BytesVector bytes) {
                if (shared != null && shared != bytes.data()) {
                    return null;
                }
                shared = bytes.data();
            }
        }
        return shared == null ? new byte[0] : shared;
    }

    private ColumnVector arrays(ArrayType type) {
        int[] starts = new int[count];
        int[] lengths = new int[count];
        int[] from = new int[count];
        ColumnVector[] elements = new ColumnVector[sources.length];
        for (int s = 0; s < sources.length; s++) {
            elements[s] = sources[s] instanceof ArrayVector array ? array.elements() : new NullVector(0);
        }
        for (int i = 0; i < count; i++) {
            if (valid(i)) {
                ArrayVector source = (ArrayVector) sources[which[i]];
                from[i] = source.starts()[index[i]];
                lengths[i] = source.lengths()[index[i]];
            }
        }
        return new ArrayVector(
                type, count, starts, lengths, members(elements, from, starts, lengths, type.elementType()), validity);
    }

    private ColumnVector maps(MapType type) {
        int[] starts = new int[count];
        int[] lengths = new int[count];
        int[] from = new int[count];
        ColumnVector[] keys = new ColumnVector[sources.length];
        ColumnVector[] values = new ColumnVector[sources.length];
        for (int s = 0; s < sources.length; s++) {
            keys[s] = sources[s] instanceof MapVector map ? map.keys() : new NullVector(0);
            values[s] = sources[s] instanceof MapVector map ? map.entryValues() : new NullVector(0);
        }
        for (int i = 0; i < count; i++) {
            if (valid(i)) {
                MapVector source = (MapVector) sources[which[i]];
                from[i] = source.starts()[index[i]];
                lengths[i] = source.lengths()[index[i]];
            }
        }
        ColumnVector newKeys = members(keys, from, starts, lengths, type.keyType());
        ColumnVector newValues = members(values, from, starts, lengths, type.valueType());
        return new MapVector(type, count, starts, lengths, newKeys, newValues, validity);
    }

    /** Gathers the members of each row one behind the other and fills in where each row's start. */
    private ColumnVector members(ColumnVector[] members, int[] from, int[] starts, int[] lengths, DataType type) {
        int total = 0;
        for (int length : lengths) {
            total = Math.addExact(total, length);
        }
        int[] memberWhich = new int[total];
        int[] memberIndex = new int[total];
        int at = 0;
        for (int i = 0; i < count; i++) {
            starts[i] = at;
            for (int j = 0; j < lengths[i]; j++) {
                memberWhich[at] = which[i];
                memberIndex[at++] = from[i] + j;
            }
        }
        return new VectorGather(members, memberWhich, memberIndex, total).build(type);
    }

    private ColumnVector structs(StructType type) {
        int[] childWhich = new int[count];
        for (int i = 0; i < count; i++) {
            childWhich[i] = valid(i) ? which[i] : -1;
        }
        List<ColumnVector> children = new ArrayList<>(type.size());
        for (int f = 0; f < type.size(); f++) {
            ColumnVector[] fields = new ColumnVector[sources.length];
            for (int s = 0; s < sources.length; s++) {
                fields[s] = sources[s] instanceof StructVector struct ? struct.child(f) : new NullVector(0);
            }
            children.add(new VectorGather(fields, childWhich, index, count)
                    .build(type.field(f).dataType()));
        }
        return new StructVector(type, count, children, validity);
    }
}
