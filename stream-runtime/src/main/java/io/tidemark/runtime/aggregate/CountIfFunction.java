package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Rows;
import java.util.List;

/** Counts the rows where the argument is true; keeps a {@code count}. */
record CountIfFunction() implements AggregateFunction {
    static AggregateFunction bind(Arguments arguments) {
        ExtremeFunction.requireTruth(arguments);
        return new CountIfFunction();
    }

    @Override
    public String name() {
        return "count_if";
    }

    @Override
    public DataType type() {
        return AtomicType.BIGINT;
    }

    @Override
    public boolean nullable() {
        return false;
    }

    @Override
    public List<StructField> buffer() {
        return List.of(new StructField("count", AtomicType.BIGINT, false));
    }

    @Override
    public Accumulator accumulator() {
        return new CountFunction.Counts() {
            @Override
            public void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows) {
                if (arguments.get(0) instanceof BooleanVector condition) { // else it is void: null everywhere
                    count(groups, Rows.where(rows, condition));
                }
            }
        };
    }
}
