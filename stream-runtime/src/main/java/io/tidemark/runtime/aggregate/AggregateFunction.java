package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import java.util.List;

/**
 * A typed aggregate function: what it keeps for a group and what it makes of that. Immutable, compared by value
 * (implementations are records).
 */
public interface AggregateFunction {
    /** Returns the name, for plans. */
    String name();

    /** Returns the type of the result. */
    DataType type();

    boolean nullable();

    /**
     * Returns what it keeps for a group, in Spark's order, with Spark's names, types and nullability: the columns of the
     * state's value.
     */
    List<StructField> buffer();

    /** Makes an accumulator without groups. */
    Accumulator accumulator();
}
