package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import java.util.Objects;

/** Shows a value in a message as a SQL constant, as Spark does. */
final class ErrorValue {
    private ErrorValue() {}

    static String of(ColumnVector column, int row, Conversion.Run run) {
        String text = plain(column, row, run);
        DataType type = column.type();
        if (type instanceof DecimalType) {
            return text + "BD";
        } else if (type == AtomicType.STRING) {
            return "'" + text + "'";
        } else if (type == AtomicType.DOUBLE) {
            return ofDouble(Double.parseDouble(text));
        } else if (type == AtomicType.DATE || type == AtomicType.TIMESTAMP || type == AtomicType.TIMESTAMP_NTZ) {
            return type.sql() + " '" + text + "'";
        }
        return text + suffix(type);
    }

    static String ofDouble(double value) {
        return Double.isFinite(value) ? value + "D" : String.valueOf(value);
    }

    private static String suffix(DataType type) {
        if (type == AtomicType.BIGINT) {
            return "L";
        } else if (type == AtomicType.SMALLINT) {
            return "S";
        }
        return type == AtomicType.TINYINT ? "Y" : "";
    }

    private static String plain(ColumnVector column, int row, Conversion.Run run) {
        if (column.type() == AtomicType.STRING) {
            return (String) Objects.requireNonNull(column.value(row));
        }
        ColumnVector text =
                Conversions.of(column.type(), AtomicType.STRING).apply(column, Selection.of(new int[] {row}, 1), run);
        return (String) Objects.requireNonNull(text.value(row));
    }
}
