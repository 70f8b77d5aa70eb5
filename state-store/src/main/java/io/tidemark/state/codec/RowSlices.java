package io.tidemark.state.codec;

import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cuts encoded rows in two, some columns in front and the rest, and joins them again, without decoding values: what
 * keys with a prefix need. All three rows are as {@link RowEncoder} writes them. Immutable.
 *
 * <p>All methods throw {@link MalformedRowException} if a row cannot be one of its schema.
 */
public final class RowSlices {
    private final DataType[] types;
    private final Part front;
    private final Part rest;
    private final boolean[] inFront;
    private final int[] place; // of each column, in the front row or in that of the rest

    /** Cuts behind the first {@code columns} columns. */
    public RowSlices(StructType schema, int columns) {
        this(schema, IntStream.range(0, columns).boxed().toList());
    }

    /**
     * Puts the columns at {@code ordinals} in front, in this order; the rest keeps the order it has.
     *
     * @throws IllegalArgumentException if an ordinal occurs twice or is no column's
     */
    public RowSlices(StructType schema, List<Integer> ordinals) {
        int[] first = ordinals.stream().mapToInt(Integer::intValue).toArray();
        types = types(schema);
        inFront = new boolean[types.length];
        place = new int[types.length];
        for (int i = 0; i < first.length; i++) {
            if (first[i] < 0 || first[i] >= types.length || inFront[first[i]]) {
                throw new IllegalArgumentException("columns " + ordinals + " of " + schema.simpleString());
            }
            inFront[first[i]] = true;
            place[first[i]] = i;
        }
        int[] others = IntStream.range(0, types.length).filter(i -> !inFront[i]).toArray();
        for (int i = 0; i < others.length; i++) {
            place[others[i]] = i;
        }
        front = new Part(schema, first);
        rest = new Part(schema, others);
    }

    private static DataType[] types(StructType schema) {
        return schema.fields().stream().map(StructField::dataType).toArray(DataType[]::new);
    }

    public StructType frontSchema() {
        return front.schema;
    }

    public StructType restSchema() {
        return rest.schema;
    }

    /** Returns the columns in front as a row of their own. */
    public byte[] front(byte[] row) {
        return cut(row, front);
    }

    /** Returns the other columns as a row of their own. */
    public byte[] rest(byte[] row) {
        return cut(row, rest);
    }

    private byte[] cut(byte[] row, Part part) {
        byte[] out = new byte[part.length(row, 0, row.length)];
        part.cut(row, 0, row.length, out, 0);
        return out;
    }

    /** Returns the bytes of the row of the columns in front. */
    public int frontLength(byte[] data, int offset, int length) {
        return front.length(data, offset, length);
    }

    /** Returns the bytes of the row of the other columns. */
    public int restLength(byte[] data, int offset, int length) {
        return rest.length(data, offset, length);
    }

    /** Writes the row of the columns in front to {@code into} at {@code to} and returns its bytes. */
    public int cutFront(byte[] data, int offset, int length, byte[] into, int to) {
        return front.cut(data, offset, length, into, to);
    }

    /** Writes the row of the other columns to {@code into} at {@code to} and returns its bytes. */
    public int cutRest(byte[] data, int offset, int length, byte[] into, int to) {
        return rest.cut(data, offset, length, into, to);
    }

    /** Returns the whole row that was cut. */
    public byte[] join(byte[] frontRow, byte[] restRow) {
        return join(frontRow, 0, frontRow.length, restRow, 0, restRow.length);
    }

    /** Returns the whole row that was cut into two, each a range of an array. */
    public byte[] join(
            byte[] frontData, int frontOffset, int frontLength, byte[] restData, int restOffset, int restLength) {
        EncodedRow a = new EncodedRow(frontData, frontOffset, frontLength, front.ordinals.length);
        EncodedRow b = new EncodedRow(restData, restOffset, restLength, rest.ordinals.length);
        int fields = types.length;
        int total = UnsafeLayout.fixedBytes(fields);
        for (int i = 0; i < fields; i++) {
            total += (inFront[i] ? a : b).variableBytes(types[i], place[i]);
        }
        byte[] out = new byte[total];
        int end = UnsafeLayout.fixedBytes(fields);
        for (int i = 0; i < fields; i++) {
            end = (inFront[i] ? a : b).copy(types[i], place[i], out, 0, i, fields, end);
        }
        return out;
    }

    /** Some columns of a schema. */
    private static final class Part {
        final StructType schema;
        final int[] ordinals;
        final DataType[] types;
        final int sourceFields;

        Part(StructType source, int[] ordinals) {
            this.schema = new StructType(
                    IntStream.of(ordinals).mapToObj(source::field).toList());
            this.ordinals = ordinals;
            this.types = types(schema);
            this.sourceFields = source.size();
        }

        int length(byte[] data, int offset, int length) {
            EncodedRow row = new EncodedRow(data, offset, length, sourceFields);
            int total = UnsafeLayout.fixedBytes(ordinals.length);
            for (int i = 0; i < ordinals.length; i++) {
                total = Math.addExact(total, row.variableBytes(types[i], ordinals[i]));
            }
            return total;
        }

        int cut(byte[] data, int offset, int length, byte[] into, int to) {
            int bytes = length(data, offset, length);
            EncodedRow row = new EncodedRow(data, offset, length, sourceFields);
            Arrays.fill(into, to, to + bytes, (byte) 0);
            int end = to + UnsafeLayout.fixedBytes(ordinals.length);
            for (int i = 0; i < ordinals.length; i++) {
                end = row.copy(types[i], ordinals[i], into, to, i, ordinals.length, end);
            }
            return bytes;
        }
    }
}
