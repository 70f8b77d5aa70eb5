package io.tidemark.runtime.aggregate;

import io.tidemark.api.error.Origin;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.FunctionRegistry;
import io.tidemark.runtime.expression.KernelCompiler;
import io.tidemark.runtime.expression.function.BuiltinFunctions;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** An aggregate function on columns of given types, fed with rows of objects. */
final class AggregateRun {
    private static final FunctionRegistry FUNCTIONS = BuiltinFunctions.registry();

    private final AggregateCall call;
    private final StructType input;
    private final boolean ansi;

    private AggregateRun(AggregateCall call, StructType input, boolean ansi) {
        this.call = call;
        this.input = input;
        this.ansi = ansi;
    }

    /** @param arguments data types of columns, or {@link Constant}s */
    static AggregateRun of(String function, Object... arguments) {
        return of(true, function, arguments);
    }

    static AggregateRun withoutAnsi(String function, Object... arguments) {
        return of(false, function, arguments);
    }

    private static AggregateRun of(boolean ansi, String function, Object... arguments) {
        List<BoundExpression> bound = new ArrayList<>();
        StructType input = StructType.EMPTY;
        for (Object argument : arguments) {
            if (argument instanceof DataType type) {
                String name = "c" + input.size();
                bound.add(new ColumnRef(input.size(), name, type, true));
                input = input.add(name, type);
            } else {
                bound.add((Constant) argument);
            }
        }
        BindContext context = new BindContext(ansi, ZoneOffset.UTC, Origin.NONE, FUNCTIONS);
        AggregateDefinition definition =
                AggregateFunctions.registry().find(function).orElseThrow();
        return new AggregateRun(definition.bind(bound, null, context), input, ansi);
    }

    AggregateCall call() {
        return call;
    }

    StructType input() {
        return input;
    }

    /** Returns the buffer as Spark would declare it: {@code sum BIGINT, count BIGINT NOT NULL}. */
    String buffer() {
        return new StructType(call.function().buffer()).toDdl();
    }

    /** Returns the result over one group of one column. */
    @Nullable
    Object over(@Nullable Object... values) {
        int[] groups = new int[values.length];
        return results(
                        whole(
                                rows(
                                        groups,
                                        Arrays.stream(values)
                                                .map(Arrays::asList)
                                                .toList()),
                                1),
                        1)
                .get(0);
    }

    /** Returns the result over one group of rows of several columns. */
    @Nullable
    Object overRows(List<? extends List<?>> rows) {
        return results(whole(rows(new int[rows.size()], rows), 1), 1).get(0);
    }

    /** Rows and the group of each. */
    record Rows(int[] groups, ColumnBatch batch) {}

    Rows rows(int[] groups, List<? extends List<?>> rows) {
        List<ColumnVector> columns = new ArrayList<>();
        for (int c = 0; c < input.size(); c++) {
            VectorBuilder builder = VectorBuilder.of(input.field(c).dataType(), rows.size());
            for (List<?> row : rows) {
                builder.append(row.get(c));
            }
            columns.add(builder.build());
        }
        return new Rows(groups, new ColumnBatch(input, columns, rows.size()));
    }

    /** Feeds all rows to one accumulator. */
    Accumulator whole(Rows rows, int groups) {
        Accumulator accumulator = call.function().accumulator();
        accumulator.grow(groups);
        feed(accumulator, rows, rows.batch().selection());
        return accumulator;
    }

    /**
     * Cuts the rows into runs at random places, feeds each to an accumulator of its own, some in several batches and with
     * groups that come up one by one, and merges the buffers in order.
     */
    Accumulator inParts(Rows rows, int groups, Random random) {
        Accumulator left = call.function().accumulator();
        left.grow(random.nextBoolean() ? groups : 0);
        int from = 0;
        int count = rows.batch().rowCount();
        while (from < count || random.nextInt(4) == 0) {
            int until = Math.min(count, from + random.nextInt(2 + count / 3));
            Accumulator part = call.function().accumulator();
            while (from < until) {
                int next = from + 1 + random.nextInt(until - from);
                part.grow(groups);
                int[] positions = new int[next - from];
                for (int i = 0; i < positions.length; i++) {
                    positions[i] = from + i;
                }
                feed(part, rows, Selection.of(positions, positions.length));
                from = next;
            }
            part.grow(groups);
            left.grow(groups);
            merge(left, part, groups);
        }
        left.grow(groups);
        return left;
    }

    /** Merges the buffers of one accumulator into another, group by group. */
    static void merge(Accumulator left, Accumulator right, int groups) {
        int[] same = new int[groups];
        Arrays.setAll(same, i -> i);
        left.merge(same, right.buffers(groups), Selection.all(groups));
    }

    private void feed(Accumulator accumulator, Rows rows, Selection selected) {
        List<ColumnVector> arguments = new ArrayList<>();
        for (BoundExpression argument : call.arguments()) {
            arguments.add(KernelCompiler.compile(argument)
                    .evaluate(rows.batch(), selected, new EvaluationContext(0, ZoneOffset.UTC, ansi)));
        }
        accumulator.update(rows.groups(), arguments, selected);
    }

    static List<@Nullable Object> results(Accumulator accumulator, int groups) {
        return values(accumulator.results(groups), groups);
    }

    static List<@Nullable Object> values(ColumnVector column, int groups) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            values.add(column.value(i));
        }
        return values;
    }

    /** Returns the buffers of all groups, field by field. */
    List<List<@Nullable Object>> buffers(Accumulator accumulator, int groups) {
        List<StructField> fields = call.function().buffer();
        List<ColumnVector> columns = accumulator.buffers(groups);
        if (columns.size() != fields.size()) {
            throw new AssertionError(columns.size() + " columns for " + buffer());
        }
        List<List<@Nullable Object>> values = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            if (!columns.get(i).type().equals(fields.get(i).dataType())) {
                throw new AssertionError(columns.get(i).type().sql() + " for " + buffer());
            }
            values.add(values(columns.get(i), groups));
        }
        return values;
    }
}
