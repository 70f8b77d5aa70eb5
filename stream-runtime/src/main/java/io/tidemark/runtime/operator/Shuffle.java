package io.tidemark.runtime.operator;

import io.tidemark.api.types.StructType;
import java.util.List;

/**
 * Where the rows of a stage go to be read by a later one.
 *
 * @param id of this exchange in the plan
 * @param schema of the rows
 * @param keys places of the columns that say which partition a row goes to: {@code pmod(hash(keys), n)} with Spark's
 *     hash, in this order
 * @param single whether all rows go to partition 0 instead
 */
public record Shuffle(int id, StructType schema, List<Integer> keys, boolean single) {
    public Shuffle {
        keys = List.copyOf(keys);
    }
}
