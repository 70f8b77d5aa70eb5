package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.StructVector;
import io.tidemark.runtime.expression.function.RowComparator;
import java.util.ArrayList;
import java.util.List;

/** When {@code collect_set} takes two values, not null, for one. */
@FunctionalInterface
interface ValueIdentity {
    boolean isSame(ColumnVector left, int leftRow, ColumnVector right, int rightRow);

    /**
     * Returns the rule for a type, Spark's in all its oddity: a floating number is the same as one that {@code ==} says is equal,
     * so each NaN is another and both zeros are one; inside of an array or struct it is the bits that count.
     */
    static ValueIdentity of(DataType type) {
        if (type == AtomicType.DOUBLE) {
            return (a, i, b, j) -> ((DoubleVector) a).values()[i] == ((DoubleVector) b).values()[j];
        } else if (type == AtomicType.FLOAT) {
            return (a, i, b, j) -> ((FloatVector) a).values()[i] == ((FloatVector) b).values()[j];
        }
        return inside(type);
    }

    private static ValueIdentity inside(DataType type) {
        if (type == AtomicType.DOUBLE) {
            return (a, i, b, j) -> Double.doubleToRawLongBits(((DoubleVector) a).values()[i])
                    == Double.doubleToRawLongBits(((DoubleVector) b).values()[j]);
        } else if (type == AtomicType.FLOAT) {
            return (a, i, b, j) -> Float.floatToRawIntBits(((FloatVector) a).values()[i])
                    == Float.floatToRawIntBits(((FloatVector) b).values()[j]);
        } else if (type instanceof ArrayType array) {
            ValueIdentity element = inside(array.elementType());
            return (a, i, b, j) -> sameArrays((ArrayVector) a, i, (ArrayVector) b, j, element);
        } else if (type instanceof StructType struct) {
            List<ValueIdentity> fields = new ArrayList<>(struct.size());
            struct.fields().forEach(field -> fields.add(inside(field.dataType())));
            return (a, i, b, j) -> sameStructs((StructVector) a, i, (StructVector) b, j, fields);
        }
        RowComparator order = RowComparator.of(type);
        return (a, i, b, j) -> order.compare(a, i, b, j) == 0;
    }

    private static boolean sameArrays(ArrayVector a, int i, ArrayVector b, int j, ValueIdentity element) {
        int length = a.lengths()[i];
        boolean same = length == b.lengths()[j];
        for (int k = 0; same && k < length; k++) {
            same = sameOrNull(a.elements(), a.starts()[i] + k, b.elements(), b.starts()[j] + k, element);
        }
        return same;
    }

    private static boolean sameStructs(
            StructVector a, int i, StructVector b, int j, List<? extends ValueIdentity> fields) {
        boolean same = true;
        for (int f = 0; same && f < fields.size(); f++) {
            same = sameOrNull(a.child(f), i, b.child(f), j, fields.get(f));
        }
        return same;
    }

    private static boolean sameOrNull(ColumnVector a, int i, ColumnVector b, int j, ValueIdentity identity) {
        boolean anyNull = a.isNull(i) || b.isNull(j);
        return anyNull ? a.isNull(i) && b.isNull(j) : identity.isSame(a, i, b, j);
    }
}
