package io.tidemark.runtime.operator;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.NullVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.StructVector;
import io.tidemark.api.vector.Validity;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowDecoder;
import io.tidemark.state.codec.RowEncoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field of a key, at any depth: where {@link KeyRows} keeps it, and the batch's values of it as words or bytes. One
 * thread.
 */
final class KeyField {
    /** How the values are kept. */
    enum Form {
        /** Always null. */
        NOTHING,
        /** Fixed width: a cell holds the value's bits. */
        WORD,
        /** A cell says where the bytes are. */
        BYTES,
        /** As bytes: a row of this field alone, null or not. For rare types that need no loops of their own. */
        ENCODED,
        /** Its fields are kept for themselves. */
        STRUCT
    }

    final DataType type;
    final Form form;
    final int bit;
    final int cell;
    final List<KeyField> children = new ArrayList<>();
    boolean hasNulls;

    long @Nullable [] validity;
    long[] words = {};
    private long[] converted = {};
    private @Nullable BytesVector bytes;

    /** Hands out places in a key: null bits and cells. */
    static final class Places {
        int bits;
        int cells;
    }

    KeyField(DataType type, Places places) {
        this.type = type;
        this.form = form(type);
        this.bit = places.bits++;
        this.cell = form == Form.STRUCT || form == Form.NOTHING ? -1 : places.cells++;
        if (form == Form.STRUCT) {
            for (StructField field : ((StructType) type).fields()) {
                children.add(new KeyField(field.dataType(), places));
            }
        }
    }

    private static Form form(DataType type) {
        if (isEncoded(type)) {
            return Form.ENCODED;
        } else if (type instanceof StructType) {
            return Form.STRUCT;
        } else if (type == AtomicType.STRING || type == AtomicType.BINARY) {
            return Form.BYTES;
        }
        return type == AtomicType.NULL ? Form.NOTHING : Form.WORD;
    }

    private static boolean isEncoded(DataType type) {
        if (type instanceof DecimalType decimal) {
            return !decimal.fitsLong();
        } else if (type instanceof StructType struct) {
            return struct.fields().stream().anyMatch(f -> isEncoded(f.dataType()));
        }
        return type instanceof ArrayType || type instanceof MapType;
    }

    BytesVector bytes() {
        if (bytes == null) {
            throw new IllegalStateException("a field of type " + type.simpleString() + " has no bytes");
        }
        return bytes;
    }

    /**
     * Takes the values of a batch.
     *
     * @param outer which rows have the struct that the field is in
     */
    void read(ColumnVector column, Selection rows, long @Nullable [] outer) {
        validity = Validity.and(outer, column.validity());
        switch (form) {
            case NOTHING -> {}
            case WORD -> words = words(column, rows);
            case BYTES -> bytes = (BytesVector) column;
            case ENCODED -> {
                validity = null;
                bytes = encoded(column, rows);
            }
            case STRUCT -> {
                for (int i = 0; i < children.size(); i++) {
                    children.get(i).read(((StructVector) column).child(i), rows, validity);
                }
            }
        }
    }

    private long[] words(ColumnVector column, Selection rows) {
        if (column instanceof LongVector longs) {
            return longs.values();
        } else if (column instanceof DecimalVector decimals) {
            return decimals.longs();
        }
        int limit = rows.limit();
        if (converted.length < limit) {
            converted = new long[limit];
        }
        if (column instanceof IntVector ints) {
            for (int row = 0; row < limit; row++) {
                converted[row] = ints.values()[row];
            }
        } else if (column instanceof DoubleVector doubles) {
            for (int row = 0; row < limit; row++) {
                converted[row] = Double.doubleToRawLongBits(doubles.values()[row]);
            }
        } else if (column instanceof FloatVector floats) {
            for (int row = 0; row < limit; row++) {
                converted[row] = Float.floatToRawIntBits(floats.values()[row]);
            }
        } else {
            boolean[] booleans = ((BooleanVector) column).values();
            for (int row = 0; row < limit; row++) {
                converted[row] = booleans[row] ? 1 : 0;
            }
        }
        return converted;
    }

    private BytesVector encoded(ColumnVector column, Selection rows) {
        RowBlock block = new RowEncoder(rowOfOne()).encode(List.of(column), rows);
        int[] starts = new int[rows.limit()];
        int[] lengths = new int[starts.length];
        for (int i = 0; i < rows.count(); i++) {
            starts[rows.at(i)] = block.start(i);
            lengths[rows.at(i)] = block.length(i);
        }
        return new BytesVector(AtomicType.BINARY, starts.length, block.data(), starts, lengths, null);
    }

    private StructType rowOfOne() {
        return StructType.EMPTY.add("key", type);
    }

    /**
     * Makes a column of cells.
     *
     * @param kept the cell of each key
     * @param nulls which keys have a value, null if all
     * @param data what the cells of bytes refer to
     */
    ColumnVector vector(long[] kept, long @Nullable [] nulls, byte[] data) {
        int count = kept.length;
        if (form == Form.WORD) {
            return vectorOfWords(kept, nulls);
        }
        int[] starts = new int[count];
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            starts[i] = (int) (kept[i] >>> 32);
            lengths[i] = (int) kept[i];
        }
        return form == Form.BYTES
                ? new BytesVector(type, count, data, starts, lengths, nulls)
                : new RowDecoder(rowOfOne())
                        .decode(new RowBlock(data, starts, lengths, count))
                        .get(0);
    }

    private ColumnVector vectorOfWords(long[] kept, long @Nullable [] nulls) {
        if (type instanceof DecimalType decimal) {
            return new DecimalVector(decimal, kept.length, kept, nulls);
        }
        return switch ((AtomicType) type) {
            case BIGINT, TIMESTAMP, TIMESTAMP_NTZ -> new LongVector(type, kept.length, kept, nulls);
            case DOUBLE -> doubles(kept, nulls);
            case FLOAT -> floats(kept, nulls);
            case BOOLEAN -> booleans(kept, nulls);
            default -> ints(kept, nulls);
        };
    }

    private ColumnVector doubles(long[] kept, long @Nullable [] nulls) {
        double[] values = new double[kept.length];
        for (int i = 0; i < kept.length; i++) {
            values[i] = Double.longBitsToDouble(kept[i]);
        }
        return new DoubleVector(type, kept.length, values, nulls);
    }

    private ColumnVector floats(long[] kept, long @Nullable [] nulls) {
        float[] values = new float[kept.length];
        for (int i = 0; i < kept.length; i++) {
            values[i] = Float.intBitsToFloat((int) kept[i]);
        }
        return new FloatVector(type, kept.length, values, nulls);
    }

    private ColumnVector booleans(long[] kept, long @Nullable [] nulls) {
        boolean[] values = new boolean[kept.length];
        for (int i = 0; i < kept.length; i++) {
            values[i] = kept[i] != 0;
        }
        return new BooleanVector(type, kept.length, values, nulls);
    }

    private ColumnVector ints(long[] kept, long @Nullable [] nulls) {
        int[] values = new int[kept.length];
        for (int i = 0; i < kept.length; i++) {
            values[i] = (int) kept[i];
        }
        return new IntVector(type, kept.length, values, nulls);
    }

    /** Makes a column of what has no cell. */
    ColumnVector vector(int count, long @Nullable [] nulls, List<ColumnVector> fields) {
        return form == Form.NOTHING ? new NullVector(count) : new StructVector((StructType) type, count, fields, nulls);
    }
}
