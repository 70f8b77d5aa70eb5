package io.tidemark.runtime.operator;

import io.tidemark.api.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

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

    /**
     * Returns the exchange as explain shows it.
     *
     * @param partitions how many there are; empty if that is not known yet
     */
    String describe(OptionalInt partitions) {
        if (single) {
            return "Exchange SinglePartition [shuffle " + id + "]";
        }
        List<String> arguments = new ArrayList<>();
        keys.forEach(key -> arguments.add(schema.field(key).name()));
        partitions.ifPresent(n -> arguments.add(String.valueOf(n)));
        return "Exchange hashpartitioning(" + String.join(", ", arguments) + ") [shuffle " + id + "]";
    }
}
