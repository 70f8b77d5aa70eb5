package io.tidemark.runtime.shuffle;

import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.NullVector;
import io.tidemark.api.vector.Validity;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One column's values at chosen rows, piece by piece: of piece k the rows {@code rows[k][from[k]..until[k])}, or these
 * positions themselves where {@code rows[k]} is null.
 */
final class Picked {
    private final ColumnVector[] vectors;
    private final int[] @Nullable [] rows;
    private final int[] from;
    private final int[] until;

    Picked(ColumnVector[] vectors, int[] @Nullable [] rows, int[] from, int[] until) {
        this.vectors = vectors;
        this.rows = rows;
        this.from = from;
        this.until = until;
    }

    int pieces() {
        return vectors.length;
    }

    ColumnVector vector(int piece) {
        return vectors[piece];
    }

    /** Returns whether all of the piece is null, whatever its column's type. */
    boolean isVoid(int piece) {
        return vectors[piece] instanceof NullVector;
    }

    int @Nullable [] rows(int piece) {
        return rows[piece];
    }

    int from(int piece) {
        return from[piece];
    }

    int until(int piece) {
        return until[piece];
    }

    int size(int piece) {
        return until[piece] - from[piece];
    }

    int count() {
        int count = 0;
        for (int k = 0; k < vectors.length; k++) {
            count = Math.addExact(count, size(k));
        }
        return count;
    }

    boolean hasNulls() {
        for (int k = 0; k < vectors.length; k++) {
            if (!vectors[k].mayHaveNulls()) {
                continue;
            }
            for (int i = from[k]; i < until[k]; i++) {
                if (vectors[k].isNull(row(k, i))) {
                    return true;
                }
            }
        }
        return false;
    }

    long[] validity(int count) {
        long[] bits = new long[(count + 63) >> 6];
        int at = 0;
        for (int k = 0; k < vectors.length; k++) {
            for (int i = from[k]; i < until[k]; i++, at++) {
                if (!vectors[k].isNull(row(k, i))) {
                    Validity.set(bits, at);
                }
            }
        }
        return bits;
    }

    private int row(int piece, int i) {
        int[] at = rows[piece];
        return at == null ? i : at[i];
    }

    /** Returns the same rows of a column inside this one. */
    Picked child(Function<ColumnVector, ColumnVector> inner) {
        ColumnVector[] children = new ColumnVector[vectors.length];
        for (int k = 0; k < vectors.length; k++) {
            children[k] = isVoid(k) ? vectors[k] : inner.apply(vectors[k]);
        }
        return new Picked(children, rows, from, until);
    }

    /** Writes how many members each row has and returns all members, row by row. */
    Picked members(
            Function<ColumnVector, int[]> starts,
            Function<ColumnVector, int[]> lengths,
            Function<ColumnVector, ColumnVector> inner,
            Bytes out) {
        ColumnVector[] members = new ColumnVector[vectors.length];
        int[][] memberRows = new int[vectors.length][];
        int[] none = new int[vectors.length];
        int[] counts = new int[vectors.length];
        int lengthsAt = out.reserve(4L * count());
        for (int k = 0; k < vectors.length; k++) {
            if (isVoid(k)) {
                members[k] = vectors[k];
                memberRows[k] = new int[0];
                lengthsAt += 4 * size(k);
                continue;
            }
            members[k] = inner.apply(vectors[k]);
            int[] start = starts.apply(vectors[k]);
            int[] length = lengths.apply(vectors[k]);
            for (int i = from[k]; i < until[k]; i++, lengthsAt += 4) {
                int row = row(k, i);
                if (!vectors[k].isNull(row)) {
                    Bytes.INT.set(out.array(), lengthsAt, length[row]);
                    counts[k] = Math.addExact(counts[k], length[row]);
                }
            }
            memberRows[k] = memberRows(k, counts[k], start, length);
        }
        return new Picked(members, memberRows, none, counts);
    }

    private int[] memberRows(int piece, int count, int[] start, int[] length) {
        int[] positions = new int[count];
        int at = 0;
        for (int i = from[piece]; i < until[piece]; i++) {
            int row = row(piece, i);
            if (!vectors[piece].isNull(row)) {
                for (int j = 0; j < length[row]; j++) {
                    positions[at++] = start[row] + j;
                }
            }
        }
        return positions;
    }

    /** Returns another column of the members that {@code members} are of. */
    Picked inStep(Picked members, Function<ColumnVector, ColumnVector> inner) {
        Picked other = child(inner);
        return new Picked(other.vectors, members.rows, members.from, members.until);
    }
}
