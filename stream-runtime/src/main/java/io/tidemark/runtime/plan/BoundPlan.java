package io.tidemark.runtime.plan;

import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.aggregate.AggregateCall;
import io.tidemark.runtime.expression.BoundExpression;
import java.util.ArrayList;
import java.util.List;

/** A relation whose columns are known by place. Compared by value. */
public sealed interface BoundPlan {
    StructType schema();

    /** Returns the relations it reads, in the order of the query text. */
    List<BoundPlan> inputs();

    /** Returns the same operator over other inputs of the same schemas, as many as it has. */
    BoundPlan withInputs(List<BoundPlan> inputs);

    /**
     * One occurrence of a stream in the plan.
     *
     * @param source index of the distinct source, counted in pre-order from 0: the K of {@code sources/K}
     * @param leaf index of this occurrence in pre-order: its line in {@code offsets/N}
     * @param fullSchema all columns of the source
     * @param schema the columns the plan uses, in the order of {@code fullSchema}
     */
    record Scan(LogicalPlan.StreamRead relation, int source, int leaf, StructType fullSchema, StructType schema)
            implements BoundPlan {
        @Override
        public List<BoundPlan> inputs() {
            return List.of();
        }

        @Override
        public BoundPlan withInputs(List<BoundPlan> inputs) {
            return this;
        }
    }

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

        @Override
        public List<BoundPlan> inputs() {
            return List.of(input);
        }

        @Override
        public BoundPlan withInputs(List<BoundPlan> inputs) {
            return new Project(expressions, inputs.get(0));
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

        @Override
        public List<BoundPlan> inputs() {
            return List.of(input);
        }

        @Override
        public BoundPlan withInputs(List<BoundPlan> inputs) {
            return new Filter(condition, inputs.get(0));
        }
    }

    /** All rows of the inputs, whose column types are the same; the rows of an earlier input come first. */
    record Union(List<BoundPlan> inputs, StructType schema) implements BoundPlan {
        public Union {
            inputs = List.copyOf(inputs);
        }

        @Override
        public BoundPlan withInputs(List<BoundPlan> others) {
            return new Union(others, schema);
        }
    }

    /** Observes event time: {@code column} of the input, rows more than {@code delayMillis} behind the newest are late. */
    record Watermark(int column, long delayMillis, BoundPlan input) implements BoundPlan {
        @Override
        public StructType schema() {
            return input.schema();
        }

        @Override
        public List<BoundPlan> inputs() {
            return List.of(input);
        }

        @Override
        public BoundPlan withInputs(List<BoundPlan> inputs) {
            return new Watermark(column, delayMillis, inputs.get(0));
        }
    }

    /**
     * Puts each row into the time windows it belongs to: appends the column {@code window struct<start,end>}, a row for
     * each window. Rows without a time are dropped. Windows are {@code [start, end)}.
     *
     * @param time of type timestamp, or timestamp without time zone; the window's start and end are of the same type
     * @param windowMicros length
     * @param slideMicros from one window's start to the next; equal to the length for tumbling windows
     * @param startMicros offset of the first window from the epoch
     * @param name of the appended column; as in Spark it counts as nullable where windows overlap, though it never is null
     */
    record TimeWindow(
            BoundExpression time, long windowMicros, long slideMicros, long startMicros, String name, BoundPlan input)
            implements BoundPlan {
        @Override
        public StructType schema() {
            return input.schema().add(new StructField(name, windowType(time.type()), slideMicros != windowMicros));
        }

        @Override
        public List<BoundPlan> inputs() {
            return List.of(input);
        }

        @Override
        public BoundPlan withInputs(List<BoundPlan> inputs) {
            return new TimeWindow(time, windowMicros, slideMicros, startMicros, name, inputs.get(0));
        }
    }

    /**
     * Gives each row a session of its own, {@code [time, time + gap)}, as the appended column {@code session_window}; an
     * {@link Aggregate} that groups by it melts sessions together. Rows without a time, or with a gap that is null or not
     * positive, are dropped.
     *
     * @param gapMicros the gap as a bigint, computed for each row
     */
    record SessionStart(BoundExpression time, BoundExpression gapMicros, String name, BoundPlan input)
            implements BoundPlan {
        @Override
        public StructType schema() {
            return input.schema().add(new StructField(name, windowType(time.type()), false));
        }

        @Override
        public List<BoundPlan> inputs() {
            return List.of(input);
        }

        @Override
        public BoundPlan withInputs(List<BoundPlan> inputs) {
            return new SessionStart(time, gapMicros, name, inputs.get(0));
        }
    }

    /** The type of a window column over timestamps. */
    StructType WINDOW = windowType(AtomicType.TIMESTAMP);

    /** Returns the type of a window column over times of this type. */
    static StructType windowType(DataType time) {
        return new StructType(List.of(new StructField("start", time, true), new StructField("end", time, true)));
    }

    /**
     * Groups and aggregates: the grouping columns, then one column for each aggregate. Without grouping there is one
     * group, also of no rows. A projection above makes the select list of it, a filter HAVING.
     *
     * @param aggregates each once, in the order in which they first stand in the result
     * @param session which of the grouping expressions is a session, or -1
     */
    record Aggregate(List<NamedExpression> grouping, List<NamedAggregate> aggregates, int session, BoundPlan input)
            implements BoundPlan {
        public Aggregate {
            grouping = List.copyOf(grouping);
            aggregates = List.copyOf(aggregates);
        }

        @Override
        public StructType schema() {
            List<StructField> fields = new ArrayList<>();
            grouping.forEach(e -> fields.add(
                    new StructField(e.name(), e.value().type(), e.value().nullable())));
            aggregates.forEach(a -> fields.add(
                    new StructField(a.name(), a.call().type(), a.call().nullable())));
            return new StructType(fields);
        }

        @Override
        public List<BoundPlan> inputs() {
            return List.of(input);
        }

        @Override
        public BoundPlan withInputs(List<BoundPlan> inputs) {
            return new Aggregate(grouping, aggregates, session, inputs.get(0));
        }
    }

    /** An aggregate under the name that plans show. */
    record NamedAggregate(String name, AggregateCall call) {}

    /**
     * Keeps the first row of those equal in {@code keys}.
     *
     * @param keys places in the input, in the order in which the state's key has them
     * @param withinWatermark whether a key is forgotten once the watermark has passed its first row's time plus the delay
     */
    record Deduplicate(List<Integer> keys, boolean withinWatermark, BoundPlan input) implements BoundPlan {
        public Deduplicate {
            keys = List.copyOf(keys);
        }

        @Override
        public StructType schema() {
            return input.schema();
        }

        @Override
        public List<BoundPlan> inputs() {
            return List.of(input);
        }

        @Override
        public BoundPlan withInputs(List<BoundPlan> inputs) {
            return new Deduplicate(keys, withinWatermark, inputs.get(0));
        }
    }

    /** The first {@code count} rows; in append mode of the whole query, over all batches. */
    record Limit(int count, BoundPlan input) implements BoundPlan {
        @Override
        public StructType schema() {
            return input.schema();
        }

        @Override
        public List<BoundPlan> inputs() {
            return List.of(input);
        }

        @Override
        public BoundPlan withInputs(List<BoundPlan> inputs) {
            return new Limit(count, inputs.get(0));
        }
    }

    /** Orders the result; only in complete mode. */
    record Sort(List<SortKey> keys, BoundPlan input) implements BoundPlan {
        public Sort {
            keys = List.copyOf(keys);
        }

        @Override
        public StructType schema() {
            return input.schema();
        }

        @Override
        public List<BoundPlan> inputs() {
            return List.of(input);
        }

        @Override
        public BoundPlan withInputs(List<BoundPlan> inputs) {
            return new Sort(keys, inputs.get(0));
        }
    }

    /** One key of an order. */
    record SortKey(BoundExpression value, boolean ascending, boolean nullsFirst) {}
}
