package io.tidemark.runtime.expression.function;

import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import org.jspecify.annotations.Nullable;

/** Narrower selections. */
public final class Rows {
    private Rows() {}

    /** Returns the rows that are valid; {@code rows} itself if all are. */
    public static Selection valid(Selection rows, long @Nullable [] validity) {
        if (validity == null) {
            return rows;
        }
        int[] at = rows.positions();
        int[] kept = new int[rows.count()];
        int count = 0;
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (Validity.isValid(validity, row)) {
                kept[count++] = row;
            }
        }
        return count == rows.count() ? rows : Selection.of(kept, count);
    }

    /** Returns the rows that are null. */
    static Selection nulls(Selection rows, long @Nullable [] validity) {
        if (validity == null) {
            return Selection.all(0);
        }
        int[] at = rows.positions();
        int[] kept = new int[rows.count()];
        int count = 0;
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!Validity.isValid(validity, row)) {
                kept[count++] = row;
            }
        }
        return count == rows.count() ? rows : Selection.of(kept, count);
    }

    /** Returns the rows where the condition is true. */
    public static Selection where(Selection rows, BooleanVector condition) {
        return split(rows, condition, true);
    }

    /** Returns the rows where the condition is false or null. */
    public static Selection whereNot(Selection rows, BooleanVector condition) {
        return split(rows, condition, false);
    }

    private static Selection split(Selection rows, BooleanVector condition, boolean wanted) {
        boolean[] values = condition.values();
        long[] validity = condition.validity();
        int[] at = rows.positions();
        int[] kept = new int[rows.count()];
        int count = 0;
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if ((values[row] && Validity.isValid(validity, row)) == wanted) {
                kept[count++] = row;
            }
        }
        return count == rows.count() ? rows : Selection.of(kept, count);
    }
}
