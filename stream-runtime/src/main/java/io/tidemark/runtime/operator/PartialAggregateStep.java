package io.tidemark.runtime.operator;

import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.aggregate.Accumulator;
import io.tidemark.runtime.aggregate.AggregateCall;
import io.tidemark.runtime.aggregate.AggregateFunction;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.KernelCompiler;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.state.codec.NormalizedKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates the rows of one task before they are shuffled. Hands on a row for each group: the keys, floating ones
 * normalised, then the buffers of the functions, call by call.
 *
 * <p>It holds the groups in memory. Once they take more than {@code memoryBytes} it hands on all of them and begins
 * anew, so a group may come out several times; its rows keep their order: what came out first was fed first. Groups
 * come out in the order in which they were found. Without keys there is one group; of no rows nothing comes out.
 *
 * <p>Where more than nine in ten of a task's first rows (at least {@value #TRIAL_ROWS}) have a key of their own, looking for
 * groups does not pay: from there on each row comes out as a group of its own.
 *
 * @param schema the keys, then the buffers
 * @param keys compute the grouping columns
 * @param memoryBytes how much the groups of one task may take before they are handed on
 */
public record PartialAggregateStep(StructType schema, List<Kernel> keys, List<Call> calls, long memoryBytes)
        implements GatheringStep {
    /** What a task's groups may take if nothing else is said: 64 MiB. */
    public static final long DEFAULT_MEMORY_BYTES = 64L << 20;

    /** After how many rows a task looks at whether they had groups in common. */
    static final int TRIAL_ROWS = 131_072;

    public PartialAggregateStep {
        keys = List.copyOf(keys);
        calls = List.copyOf(calls);
    }

    /**
     * A function and what it is fed.
     *
     * @param filter rows where it is not true are not fed; null for all rows
     */
    public record Call(AggregateFunction function, List<Kernel> arguments, @Nullable Kernel filter) {
        public Call {
            arguments = List.copyOf(arguments);
        }

        /** Compiles a call. */
        public static Call of(AggregateCall call) {
            return new Call(
                    call.function(),
                    call.arguments().stream().map(KernelCompiler::compile).toList(),
                    call.filter() == null ? null : KernelCompiler.compile(call.filter()));
        }
    }

    /** Returns the step that aggregates what a plan's node is to aggregate. */
    public static PartialAggregateStep of(BoundPlan.Aggregate aggregate) {
        List<StructField> fields = new ArrayList<>();
        aggregate
                .grouping()
                .forEach(e -> fields.add(
                        new StructField(e.name(), e.value().type(), e.value().nullable())));
        aggregate.aggregates().forEach(a -> fields.addAll(a.call().function().buffer()));
        return new PartialAggregateStep(
                new StructType(fields),
                aggregate.grouping().stream()
                        .map(e -> KernelCompiler.compile(e.value()))
                        .toList(),
                aggregate.aggregates().stream().map(a -> Call.of(a.call())).toList(),
                DEFAULT_MEMORY_BYTES);
    }

    @Override
    public String describe() {
        return "PartialAggregate " + schema.fieldNames().subList(0, keys.size())
                + calls.stream().map(c -> c.function().name()).collect(Collectors.joining(", ", " [", "]"));
    }

    @Override
    public Gathering open(TaskContext context, BatchConsumer out) {
        return new Groups(context.evaluation(), out);
    }

    /** The groups of one task. */
    private final class Groups implements Gathering {
        private final EvaluationContext context;
        private final BatchConsumer out;
        private final StructType keySchema = new StructType(schema.fields().subList(0, keys.size()));
        private GroupTable table = new GroupTable(keySchema);
        private List<Accumulator> accumulators = accumulators();
        private long rowsFed;
        private boolean everyRowIsAGroup;
        private int[] identity = {};

        Groups(EvaluationContext context, BatchConsumer out) {
            this.context = context;
            this.out = out;
        }

        private List<Accumulator> accumulators() {
            return calls.stream().map(c -> c.function().accumulator()).toList();
        }

        @Override
        public void accept(ColumnBatch batch) throws Exception {
            Selection rows = batch.selection();
            if (rows.isEmpty()) {
                return;
            }
            List<ColumnVector> keyColumns = NormalizedKeys.of(evaluate(keys, batch, rows), rows);
            if (everyRowIsAGroup) {
                passOn(batch, keyColumns);
                return;
            }
            feed(batch, table.groupsOf(keyColumns, rows), accumulators, table.size());
            long before = rowsFed;
            rowsFed += rows.count();
            if (before < TRIAL_ROWS && rowsFed >= TRIAL_ROWS && table.size() > rowsFed / 10 * 9) {
                everyRowIsAGroup = true;
                handOn();
            } else if (heldBytes() > memoryBytes) {
                handOn();
            }
        }

        private void feed(ColumnBatch batch, int[] groups, List<Accumulator> into, int size) {
            Selection rows = batch.selection();
            for (int i = 0; i < calls.size(); i++) {
                Call call = calls.get(i);
                Selection fed = call.filter() == null
                        ? rows
                        : FilterStep.where(call.filter().evaluate(batch, rows, context), rows);
                into.get(i).grow(size);
                into.get(i).update(groups, evaluate(call.arguments(), batch, fed), fed);
            }
        }

        /** Hands on each row as a group that has the row's own position for a number. */
        private void passOn(ColumnBatch batch, List<ColumnVector> keyColumns) throws Exception {
            int limit = batch.selection().limit();
            if (identity.length < limit) {
                identity = AggregateBuffers.identity(limit);
            }
            List<Accumulator> own = accumulators();
            feed(batch, identity, own, limit);
            List<ColumnVector> columns = new ArrayList<>(keyColumns);
            for (Accumulator accumulator : own) {
                columns.addAll(accumulator.buffers(limit));
            }
            out.accept(new ColumnBatch(schema, columns, batch.selection()));
        }

        private List<ColumnVector> evaluate(List<Kernel> kernels, ColumnBatch batch, Selection rows) {
            List<ColumnVector> columns = new ArrayList<>(kernels.size());
            for (Kernel kernel : kernels) {
                columns.add(kernel.evaluate(batch, rows, context));
            }
            return columns;
        }

        private long heldBytes() {
            long bytes = table.memoryBytes();
            for (Accumulator accumulator : accumulators) {
                bytes += accumulator.memoryBytes();
            }
            return bytes;
        }

        private void handOn() throws Exception {
            List<ColumnVector> columns = new ArrayList<>(table.keyColumns());
            for (Accumulator accumulator : accumulators) {
                columns.addAll(accumulator.buffers(table.size()));
            }
            ColumnBatch batch = new ColumnBatch(schema, columns, table.size());
            table = new GroupTable(keySchema);
            accumulators = accumulators();
            out.accept(batch);
        }

        @Override
        public void finish() throws Exception {
            if (table.size() > 0) {
                handOn();
            }
        }
    }
}
