package io.tidemark.state.reader;

import io.tidemark.api.vector.ColumnVector;
import java.util.List;

/** Takes the rows of a store, many at a time. */
@FunctionalInterface
public interface StateRows {
    /**
     * Takes some rows of one partition.
     *
     * @param count how many
     * @param keys one column for each field of the key
     * @param values one column for each field of the value
     */
    void accept(int partition, int count, List<ColumnVector> keys, List<ColumnVector> values);
}
