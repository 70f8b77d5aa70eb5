package io.tidemark.runtime.operator;

import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.StructVector;
import java.util.List;

/**
 * The column that tells how old the rows of an operator are: a timestamp, or a window, whose end counts. A row is behind
 * a watermark if its time is at or before it; one without a time never is.
 *
 * @param schema of the rows
 * @param ordinal of the column in them
 * @param delayMillis how far rows may be behind the newest
 */
record EventTimeColumn(StructType schema, int ordinal, long delayMillis) {
    /** Later than every watermark. */
    static final long NEVER = Long.MAX_VALUE;

    String name() {
        return schema.field(ordinal).name();
    }

    /** Returns the column as explain shows it: {@code window.end}. */
    String describe() {
        return isWindow() ? name() + ".end" : name();
    }

    boolean isWindow() {
        return schema.field(ordinal).dataType() instanceof StructType;
    }

    /** Returns those of {@code rows} that are not behind the watermark. */
    Selection ahead(List<? extends ColumnVector> columns, Selection rows, long watermarkMillis) {
        ColumnVector column = columns.get(ordinal);
        LongVector times = times(column);
        long[] micros = times.values();
        boolean mayHaveNulls = column.mayHaveNulls() || times.mayHaveNulls();
        long watermark = watermarkMillis * 1_000L;
        int[] kept = new int[rows.count()];
        int count = 0;
        for (int i = 0; i < rows.count(); i++) {
            int row = rows.at(i);
            if (micros[row] > watermark || (mayHaveNulls && (column.isNull(row) || times.isNull(row)))) {
                kept[count++] = row;
            }
        }
        return count == rows.count() ? rows : Selection.of(kept, count);
    }

    /** Returns the earliest time of the rows, {@link #NEVER} if none has one. */
    long earliest(List<? extends ColumnVector> columns, Selection rows) {
        ColumnVector column = columns.get(ordinal);
        LongVector times = times(column);
        long[] micros = times.values();
        boolean mayHaveNulls = column.mayHaveNulls() || times.mayHaveNulls();
        long earliest = NEVER;
        for (int i = 0; i < rows.count(); i++) {
            int row = rows.at(i);
            if (micros[row] < earliest && !(mayHaveNulls && (column.isNull(row) || times.isNull(row)))) {
                earliest = micros[row];
            }
        }
        return earliest;
    }

    private static LongVector times(ColumnVector column) {
        return (LongVector) (column instanceof StructVector window ? window.child(1) : column);
    }

    /** Returns the time of an encoded row of the schema without decoding the rest of it, {@link #NEVER} if null. */
    long micros(byte[] row) {
        if (EncodedWord.isNull(row, 0, ordinal)) {
            return NEVER;
        } else if (!isWindow()) {
            return EncodedWord.at(row, EncodedWord.bitsetBytes(schema.size()) + 8 * ordinal);
        }
        int window = EncodedWord.structOffset(row, schema.size(), ordinal);
        return EncodedWord.isNull(row, window, 1) ? NEVER : EncodedWord.at(row, window + 16);
    }
}
