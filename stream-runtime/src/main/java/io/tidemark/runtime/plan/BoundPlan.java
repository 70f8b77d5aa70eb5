package io.tidemark.runtime.plan;

import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.expression.BoundExpression;
import java.util.List;

/** A relation whose columns are known by place. Compared by value. */
public sealed interface BoundPlan {
    StructType schema();

    /**
     * One occurrence of a stream in the plan.
     *
     * @param source index of the distinct source, counted in pre-order from 0: the K of {@code sources/K}
     * @param leaf index of this occurrence in pre-order: its line in {@code offsets/N}
     * @param fullSchema all columns of the source
     * @param schema the columns the plan uses, in the order of {@code fullSchema}
     */
    record Scan(LogicalPlan.StreamRead relation, int source, int leaf, StructType fullSchema, StructType schema)
            implements BoundPlan {}

    /** Computes each row anew. */
    record Project(List<NamedExpression> expressions, BoundPlan input) implements BoundPlan {
        public Project {
            expressions = List.copyOf(expressions);
        }

        @Override
        public StructType schema() {
            return new StructType(expressions.stream()
                    .map(e -> new StructField(
                            e.name(), e.value().type(), e.value().nullable()))
                    .toList());
        }
    }

    /** A column of a projection. */
    record NamedExpression(String name, BoundExpression value) {}

    /** Keeps the rows where the condition is true. */
    record Filter(BoundExpression condition, BoundPlan input) implements BoundPlan {
        @Override
        public StructType schema() {
            return input.schema();
        }
    }

    /** All rows of the inputs, whose column types are the same; the rows of an earlier input come first. */
    record Union(List<BoundPlan> inputs, StructType schema) implements BoundPlan {
        public Union {
            inputs = List.copyOf(inputs);
        }
    }

    /** Observes event time: {@code column} of the input, rows more than {@code delayMillis} behind the newest are late. */
    record Watermark(int column, long delayMillis, BoundPlan input) implements BoundPlan {
        @Override
        public StructType schema() {
            return input.schema();
        }
    }
}
