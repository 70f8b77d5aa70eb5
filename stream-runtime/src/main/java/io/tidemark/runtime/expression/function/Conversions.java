package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.BytesVector;
import java.util.Arrays;
import java.util.List;

/** Finds the conversion between two types. */
final class Conversions {
    private Conversions() {}

    /** Returns the conversion; the cast must be allowed. */
    static Conversion of(DataType from, DataType to) {
        if (from.equals(to)) {
            return (input, rows, run) -> input;
        } else if (from == AtomicType.NULL) {
            return (input, rows, run) ->
                    VectorGather.gather(to, List.of(), allNull(rows.limit()), new int[rows.limit()], rows.limit());
        } else if (to == AtomicType.STRING) {
            return toText(from);
        } else if (from instanceof ArrayType || from instanceof MapType || from instanceof StructType) {
            return NestedConversions.of(from, to);
        } else if (from == AtomicType.STRING) {
            return TextConversions.of(to);
        } else if (to instanceof DecimalType decimal) {
            return from == AtomicType.TIMESTAMP
                    ? DatetimeConversions.timestampToDecimal(decimal)
                    : DecimalConversions.toDecimal(from, decimal);
        } else if (TypeCoercion.isDatetime(from) || TypeCoercion.isDatetime(to)) {
            return DatetimeConversions.of(from, (AtomicType) to);
        } else if (from instanceof DecimalType) {
            return DecimalConversions.fromDecimal((AtomicType) to);
        }
        return NumberConversions.of((AtomicType) from, (AtomicType) to);
    }

    private static Conversion toText(DataType from) {
        if (from == AtomicType.BINARY) {
            return (input, rows, run) -> ((BytesVector) input).as(AtomicType.STRING);
        }
        return (input, rows, run) -> {
            ValueText writer = ValueText.of(from, run);
            TextOutput out = new TextOutput(rows.limit(), input.validity());
            int[] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                if (!input.isNull(row)) {
                    out.begin(row);
                    writer.write(input, row, out);
                    out.end(row);
                }
            }
            return out.build(AtomicType.STRING);
        };
    }

    static int[] allNull(int count) {
        int[] which = new int[count];
        Arrays.fill(which, -1);
        return which;
    }
}
