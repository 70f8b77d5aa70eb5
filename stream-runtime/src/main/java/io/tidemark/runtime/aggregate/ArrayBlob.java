package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowDecoder;
import io.tidemark.state.codec.RowEncoder;
import java.util.List;

/**
 * Spark's bytes for what {@code collect_list} and {@code collect_set} keep: an unsafe row of one field, the array. A set of
 * binary values is kept as arrays of single bytes.
 */
final class ArrayBlob {
    private static final ArrayType BYTES = new ArrayType(AtomicType.TINYINT, false);

    private final boolean asByteArrays;
    private final ArrayType stored;
    private final StructType schema;

    ArrayBlob(DataType elementType, boolean isSet) {
        asByteArrays = isSet && elementType == AtomicType.BINARY;
        stored = new ArrayType(asByteArrays ? BYTES : elementType, false);
        schema = StructType.of(new StructField("buf", stored, false));
    }

    /** Returns one blob a row. */
    ColumnVector encode(ArrayVector arrays) {
        int rows = arrays.length();
        ArrayVector written = asByteArrays
                ? new ArrayVector(
                        stored,
                        rows,
                        arrays.starts(),
                        arrays.lengths(),
                        toArrays((BytesVector) arrays.elements()),
                        null)
                : arrays;
        RowBlock block = new RowEncoder(schema).encode(List.of(written), Selection.all(rows));
        int[] starts = new int[rows];
        int[] lengths = new int[rows];
        for (int i = 0; i < rows; i++) {
            starts[i] = block.start(i);
            lengths[i] = block.length(i);
        }
        return new BytesVector(AtomicType.BINARY, rows, block.data(), starts, lengths, null);
    }

    /**
     * Returns the arrays of the selected rows, one behind the other: not by their own positions.
     *
     * @throws io.tidemark.state.codec.MalformedRowException if a blob is none of this type
     */
    ArrayVector decode(ColumnVector blobs, Selection rows) {
        BytesVector bytes = (BytesVector) blobs;
        int[] starts = new int[rows.count()];
        int[] lengths = new int[rows.count()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = bytes.starts()[rows.at(i)];
            lengths[i] = bytes.lengths()[rows.at(i)];
        }
        RowBlock block = new RowBlock(bytes.data(), starts, lengths, starts.length);
        ArrayVector arrays = (ArrayVector) new RowDecoder(schema).decode(block).get(0);
        return asByteArrays
                ? new ArrayVector(
                        new ArrayType(AtomicType.BINARY, false),
                        arrays.length(),
                        arrays.starts(),
                        arrays.lengths(),
                        toBytes((ArrayVector) arrays.elements()),
                        null)
                : arrays;
    }

    private static ColumnVector toArrays(BytesVector values) {
        int total = 0;
        int count = values.length();
        int[] starts = new int[count];
        for (int i = 0; i < count; i++) {
            starts[i] = total;
            total = Math.addExact(total, values.lengths()[i]);
        }
        int[] bytes = new int[total];
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < values.lengths()[i]; k++) {
                bytes[starts[i] + k] = values.data()[values.starts()[i] + k];
            }
        }
        IntVector elements = new IntVector(AtomicType.TINYINT, total, bytes, null);
        return new ArrayVector(BYTES, count, starts, values.lengths(), elements, null);
    }

    private static ColumnVector toBytes(ArrayVector values) {
        int[] elements = ((IntVector) values.elements()).values();
        byte[] data = new byte[values.elements().length()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) elements[i];
        }
        return new BytesVector(AtomicType.BINARY, values.length(), data, values.starts(), values.lengths(), null);
    }
}
