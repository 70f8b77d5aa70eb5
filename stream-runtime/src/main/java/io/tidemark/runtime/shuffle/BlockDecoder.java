package io.tidemark.runtime.shuffle;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.MapVector;
import io.tidemark.api.vector.NullVector;
import io.tidemark.api.vector.StructVector;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what {@link BlockEncoder} wrote. Texts stay where they are: their columns point into the block. */
final class BlockDecoder {
    private final byte[] block;
    private final ByteBuffer in;

    private BlockDecoder(byte[] block) {
        this.block = block;
        this.in = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns the block's rows; the block belongs to them from here on. */
    static ColumnBatch decode(StructType schema, byte[] block) {
        BlockDecoder decoder = new BlockDecoder(block);
        int rows = decoder.in.getInt();
        List<ColumnVector> columns = new ArrayList<>(schema.size());
        for (int c = 0; c < schema.size(); c++) {
            columns.add(decoder.column(schema.field(c).dataType(), rows));
        }
        return new ColumnBatch(schema, columns, rows);
    }

    private ColumnVector column(DataType type, int rows) {
        long @Nullable [] validity = null;
        if (in.get() != 0) {
            validity = new long[(rows + 63) >> 6];
            in.asLongBuffer().get(validity);
            in.position(in.position() + 8 * validity.length);
        }
        if (type instanceof AtomicType atomic) {
            return switch (atomic) {
                case NULL -> new NullVector(rows);
                case BOOLEAN -> booleans(type, rows, validity);
                case TINYINT, SMALLINT, INT, DATE -> new IntVector(type, rows, ints(rows), validity);
                case BIGINT, TIMESTAMP, TIMESTAMP_NTZ -> new LongVector(type, rows, longs(rows), validity);
                case FLOAT -> floats(type, rows, validity);
                case DOUBLE -> doubles(type, rows, validity);
                case STRING, BINARY -> bytes(type, rows, validity);
            };
        } else if (type instanceof DecimalType decimal) {
            return decimal.fitsLong()
                    ? new DecimalVector(decimal, rows, longs(rows), validity)
                    : wideDecimals(decimal, rows, validity);
        } else if (type instanceof ArrayType array) {
            int[] lengths = ints(rows);
            int[] starts = starts(lengths, 0);
            ColumnVector elements = column(array.elementType(), total(starts, lengths));
            return new ArrayVector(array, rows, starts, lengths, elements, validity);
        } else if (type instanceof MapType map) {
            int[] lengths = ints(rows);
            int[] starts = starts(lengths, 0);
            ColumnVector keys = column(map.keyType(), total(starts, lengths));
            ColumnVector values = column(map.valueType(), total(starts, lengths));
            return new MapVector(map, rows, starts, lengths, keys, values, validity);
        }
        StructType struct = (StructType) type;
        List<ColumnVector> children = new ArrayList<>(struct.size());
        for (int f = 0; f < struct.size(); f++) {
            children.add(column(struct.field(f).dataType(), rows));
        }
        return new StructVector(struct, rows, children, validity);
    }

    private int[] ints(int count) {
        int[] values = new int[count];
        in.asIntBuffer().get(values);
        in.position(in.position() + 4 * count);
        return values;
    }

    private long[] longs(int count) {
        long[] values = new long[count];
        in.asLongBuffer().get(values);
        in.position(in.position() + 8 * count);
        return values;
    }

    private ColumnVector booleans(DataType type, int rows, long @Nullable [] validity) {
        boolean[] values = new boolean[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = in.get() != 0;
        }
        return new BooleanVector(type, rows, values, validity);
    }

    private ColumnVector floats(DataType type, int rows, long @Nullable [] validity) {
        float[] values = new float[rows];
        in.asFloatBuffer().get(values);
        in.position(in.position() + 4 * rows);
        return new FloatVector(type, rows, values, validity);
    }

    private ColumnVector doubles(DataType type, int rows, long @Nullable [] validity) {
        double[] values = new double[rows];
        in.asDoubleBuffer().get(values);
        in.position(in.position() + 8 * rows);
        return new DoubleVector(type, rows, values, validity);
    }

    private ColumnVector bytes(DataType type, int rows, long @Nullable [] validity) {
        int[] lengths = ints(rows);
        int base = in.position();
        int[] starts = starts(lengths, base);
        in.position(rows == 0 ? base : starts[rows - 1] + lengths[rows - 1]);
        return new BytesVector(type, rows, block, starts, lengths, validity);
    }

    private ColumnVector wideDecimals(DecimalType type, int rows, long @Nullable [] validity) {
        int[] lengths = ints(rows);
        BigInteger[] values = new BigInteger[rows];
        int at = in.position();
        for (int i = 0; i < rows; i++) {
            values[i] = lengths[i] == 0 ? BigInteger.ZERO : new BigInteger(block, at, lengths[i]);
            at += lengths[i];
        }
        in.position(at);
        return new DecimalVector(type, rows, values, validity);
    }

    private static int[] starts(int[] lengths, int base) {
        int[] starts = new int[lengths.length];
        int at = base;
        for (int i = 0; i < lengths.length; i++) {
            starts[i] = at;
            at += lengths[i];
        }
        return starts;
    }

    private static int total(int[] starts, int[] lengths) {
        int last = lengths.length - 1;
        return last < 0 ? 0 : starts[last] + lengths[last];
    }
}
