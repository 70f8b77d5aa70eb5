package io.tidemark.ops.drill.kill;

import io.tidemark.ops.drill.DeltaTableOracle;

/** What a table must hold once its query has read a number of records. */
interface ExpectedRows {
    /** Compares the table with the records {@code [0, sent)}. */
    RowCount compare(DeltaTableOracle table, long sent);
}
