package io.tidemark.state.codec;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.StructVector;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings floating point values to one form each, as Spark does with what is grouped by: -0.0 becomes 0.0 and every NaN
 * the canonical one, also inside of structs and arrays. The keys of {@code dropDuplicates} are not normalised.
 */
public final class NormalizedKeys {
    private NormalizedKeys() {}

    /** Returns the columns with their selected values normalised; a column that needs no change is returned itself. */
    public static List<ColumnVector> of(List<? extends ColumnVector> columns, Selection rows) {
        List<ColumnVector> normalized = new ArrayList<>(columns.size());
        for (ColumnVector column : columns) {
            normalized.add(of(column, rows));
        }
        return normalized;
    }

    private static ColumnVector of(ColumnVector column, Selection rows) {
        if (column instanceof DoubleVector doubles) {
            return doubles(doubles, rows);
        } else if (column instanceof FloatVector floats) {
            return floats(floats, rows);
        } else if (column instanceof StructVector struct) {
            List<ColumnVector> children = of(struct.children(), rows);
            return same(children, struct.children())
                    ? struct
                    : new StructVector(struct.structType(), struct.length(), children, struct.validity());
        } else if (column instanceof ArrayVector array) {
            ColumnVector all = array.elements();
            ColumnVector elements = of(all, Selection.all(all.length()));
            return elements == all
                    ? array
                    : new ArrayVector(
                            (ArrayType) array.type(),
                            array.length(),
                            array.starts(),
                            array.lengths(),
                            elements,
                            array.validity());
        }
        return column;
    }

    private static boolean same(List<ColumnVector> a, List<ColumnVector> b) {
        for (int i = 0; i < a.size(); i++) {
            if (a.get(i) != b.get(i)) {
                return false;
            }
        }
        return true;
    }

    private static ColumnVector doubles(DoubleVector column, Selection rows) {
        double[] from = column.values();
        double[] to = from;
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            double value = from[row];
            double normal = value == 0.0 ? 0.0 : value; // also -0.0
            long bits = Double.doubleToLongBits(normal); // one NaN
            if (bits != Double.doubleToRawLongBits(value)) {
                to = to == from ? from.clone() : to;
                to[row] = Double.longBitsToDouble(bits);
            }
        }
        return to == from ? column : new DoubleVector(column.type(), column.length(), to, column.validity());
    }

    private static ColumnVector floats(FloatVector column, Selection rows) {
        float[] from = column.values();
        float[] to = from;
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            float value = from[row];
            float normal = value == 0.0f ? 0.0f : value;
            int bits = Float.floatToIntBits(normal);
            if (bits != Float.floatToRawIntBits(value)) {
                to = to == from ? from.clone() : to;
                to[row] = Float.intBitsToFloat(bits);
            }
        }
        return to == from ? column : new FloatVector(column.type(), column.length(), to, column.validity());
    }
}
