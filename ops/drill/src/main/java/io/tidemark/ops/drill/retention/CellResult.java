package io.tidemark.ops.drill.retention;

import java.util.List;

/**
 * What came of one cell with one seed.
 *
 * @param cell its text
 * @param row in the page's matrix
 * @param column in the page's matrix; empty for a cell outside of it
 * @param expected in words
 * @param seen how the runs ended that met the event
 * @param wrong what does not hold; empty if all does
 * @param lost rows that the ledger counts at the end
 */
record CellResult(
        String cell,
        long seed,
        String row,
        String column,
        String expected,
        String seen,
        List<String> wrong,
        long lost,
        double seconds) {
    CellResult {
        wrong = List.copyOf(wrong);
    }

    CellResult(
            String cell,
            String row,
            String column,
            String expected,
            String seen,
            List<String> wrong,
            long lost,
            double seconds) {
        this(cell, 0, row, column, expected, seen, wrong, lost, seconds);
    }

    CellResult withSeed(long drawn) {
        return new CellResult(cell, drawn, row, column, expected, seen, wrong, lost, seconds);
    }

    boolean isAsExpected() {
        return wrong.isEmpty();
    }
}
