package io.tidemark.api.vector;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a batch count: all of the first {@code count}, or the ascending positions given. Kernels compute at
 * these positions and nowhere else, so a row that was filtered out cannot fail.
 *
 * <p>Use in a loop: {@code int[] at = sel.positions(); for (int i = 0; i < sel.count(); i++) { int row = at == null ? i :
 * at[i]; … }}.
 */
public final class Selection {
    private final int count;
    private final int @Nullable [] positions;

    private Selection(int count, int @Nullable [] positions) {
        this.count = count;
        this.positions = positions;
    }

    /** All of the first {@code count} rows. */
    public static Selection all(int count) {
        return new Selection(count, null);
    }

    /** The first {@code count} entries of {@code positions}, which must ascend; the array is not copied. */
    public static Selection of(int[] positions, int count) {
        if (count > positions.length) {
            throw new IllegalArgumentException("count " + count + " exceeds " + positions.length + " positions");
        }
        return new Selection(count, positions);
    }

    public int count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Returns the positions, or null if they are 0 to count - 1. Read only. */
    public int @Nullable [] positions() {
        return positions;
    }

    /** Returns the position of the {@code i}-th selected row. */
    public int at(int i) {
        return positions == null ? i : positions[i];
    }

    /** Returns a bound above every selected position. */
    public int limit() {
        return count == 0 ? 0 : at(count - 1) + 1;
    }

    @Override
    public String toString() {
        return positions == null ? "all " + count : Arrays.toString(Arrays.copyOf(positions, count));
    }
}
