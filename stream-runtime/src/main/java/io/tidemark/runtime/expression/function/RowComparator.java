package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
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
import io.tidemark.api.vector.StructVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Spark's order of values of one type, position by position: NaN is equal to itself and above all numbers, 0.0 equals -0.0,
 * strings go by unsigned bytes, arrays and structs by their first difference, null first.
 */
@FunctionalInterface
public interface RowComparator {
    /** Compares two values that are not null. */
    int compare(ColumnVector left, int leftRow, ColumnVector right, int rightRow);

    /** Compares two values, null first. */
    default int compareWithNulls(ColumnVector left, int leftRow, ColumnVector right, int rightRow) {
        boolean leftNull = left.isNull(leftRow);
        boolean rightNull = right.isNull(rightRow);
        if (leftNull || rightNull) {
            return Boolean.compare(rightNull, leftNull);
        }
        return compare(left, leftRow, right, rightRow);
    }

    /** Returns the order of a type without maps in it. */
    static RowComparator of(DataType type) {
        if (type instanceof AtomicType atomic) {
            return switch (atomic) {
                case NULL -> (a, i, b, j) -> 0;
                case BOOLEAN ->
                    (a, i, b, j) -> Boolean.compare(((BooleanVector) a).values()[i], ((BooleanVector) b).values()[j]);
                case TINYINT, SMALLINT, INT, DATE ->
                    (a, i, b, j) -> Integer.compare(((IntVector) a).values()[i], ((IntVector) b).values()[j]);
                case BIGINT, TIMESTAMP, TIMESTAMP_NTZ ->
                    (a, i, b, j) -> Long.compare(((LongVector) a).values()[i], ((LongVector) b).values()[j]);
                case FLOAT ->
                    (a, i, b, j) -> compareDoubles(((FloatVector) a).values()[i], ((FloatVector) b).values()[j]);
                case DOUBLE ->
                    (a, i, b, j) -> compareDoubles(((DoubleVector) a).values()[i], ((DoubleVector) b).values()[j]);
                case STRING, BINARY -> (a, i, b, j) -> compareBytes((BytesVector) a, i, (BytesVector) b, j);
            };
        } else if (type instanceof DecimalType) {
            return (a, i, b, j) -> compareDecimals((DecimalVector) a, i, (DecimalVector) b, j);
        } else if (type instanceof ArrayType array) {
            RowComparator element = of(array.elementType());
            return (a, i, b, j) -> compareArrays((ArrayVector) a, i, (ArrayVector) b, j, element);
        } else if (type instanceof StructType struct) {
            List<RowComparator> fields = new ArrayList<>(struct.size());
            struct.fields().forEach(f -> fields.add(of(f.dataType())));
            return (a, i, b, j) -> compareStructs((StructVector) a, i, (StructVector) b, j, fields);
        }
        throw new IllegalArgumentException("no order on " + type.sql());
    }

    /** Compares as Spark does: NaN above everything and equal to itself, both zeros equal. */
    static int compareDoubles(double x, double y) {
        return x == y ? 0 : Double.compare(x, y);
    }

    private static int compareBytes(BytesVector a, int i, BytesVector b, int j) {
        int x = a.starts()[i];
        int y = b.starts()[j];
        return Arrays.compareUnsigned(a.data(), x, x + a.lengths()[i], b.data(), y, y + b.lengths()[j]);
    }

    private static int compareDecimals(DecimalVector a, int i, DecimalVector b, int j) {
        if (a.decimalType().fitsLong()
                && b.decimalType().fitsLong()
                && a.decimalType().scale() == b.decimalType().scale()) {
            return Long.compare(a.longs()[i], b.longs()[j]);
        }
        return a.decimal(i).compareTo(b.decimal(j));
    }

    private static int compareArrays(ArrayVector a, int i, ArrayVector b, int j, RowComparator element) {
        int common = Math.min(a.lengths()[i], b.lengths()[j]);
        for (int k = 0; k < common; k++) {
            int order = element.compareWithNulls(a.elements(), a.starts()[i] + k, b.elements(), b.starts()[j] + k);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.lengths()[i], b.lengths()[j]);
    }

    private static int compareStructs(StructVector a, int i, StructVector b, int j, List<RowComparator> fields) {
        for (int f = 0; f < fields.size(); f++) {
            int order = fields.get(f).compareWithNulls(a.child(f), i, b.child(f), j);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
