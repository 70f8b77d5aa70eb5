package io.tidemark.runtime.aggregate;

import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import java.util.List;

/**
 * The buffers of one aggregate function for many groups, counted from 0, in primitive arrays. One thread.
 *
 * <p>The arrays handed out by {@link #buffers} and {@link #results} may be those of the accumulator: it must not be fed
 * afterwards.
 */
public interface Accumulator {
    /** Makes sure that groups 0 to {@code groups} - 1 exist; new ones hold the function's initial buffer. */
    void grow(int groups);

    /**
     * Feeds rows of input.
     *
     * @param groups by the rows' own positions: the group of each selected row
     * @param arguments the call's arguments, computed for the selected rows
     * @param rows those to feed, the call's filter already applied
     * @throws io.tidemark.api.error.EvaluationException on overflow where ANSI rules say so
     */
    void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows);

    /**
     * Merges buffers: those held are the left side, those given the right, in the order of the rows.
     *
     * @param groups by the rows' own positions
     * @param buffers one column for each field of {@link AggregateFunction#buffer}
     */
    void merge(int[] groups, List<? extends ColumnVector> buffers, Selection rows);

    /** Returns the buffers of groups 0 to {@code groups} - 1, one column for each field. */
    List<ColumnVector> buffers(int groups);

    /** Returns the results of groups 0 to {@code groups} - 1. */
    ColumnVector results(int groups);

    /** Returns about how many bytes of memory the buffers take. */
    long memoryBytes();
}
