package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_DAY;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.FunctionDefinition;
import java.util.Arrays;
import java.util.List;

/** The time of the batch under its several names: the same for all rows, and again when the batch is run again. */
final class CurrentTimeFunctions {
    private CurrentTimeFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                Builtin.of(
                                "current_timestamp",
                                arguments -> arguments.count(0).call(AtomicType.TIMESTAMP, false),
                                (call, kernels) -> (batch, rows, context) ->
                                        longs(AtomicType.TIMESTAMP, micros(context), rows.limit()))
                        .alias("now")
                        .notFoldable(),
                Builtin.of(
                                "localtimestamp",
                                arguments -> arguments.count(0).call(AtomicType.TIMESTAMP_NTZ, false),
                                (call, kernels) -> (batch, rows, context) ->
                                        longs(AtomicType.TIMESTAMP_NTZ, local(context), rows.limit()))
                        .notFoldable(),
                Builtin.of(
                                "current_date",
                                arguments -> arguments.count(0).call(AtomicType.DATE, false),
                                (call, kernels) -> (batch, rows, context) -> {
                                    int[] out = new int[rows.limit()];
                                    Arrays.fill(out, (int) Math.floorDiv(local(context), MICROS_PER_DAY));
                                    return new IntVector(AtomicType.DATE, out.length, out, null);
                                })
                        .alias("curdate")
                        .notFoldable(),
                Builtin.of(
                        "current_timezone",
                        arguments ->
                                new Constant(arguments.count(0).context().zone().getId(), AtomicType.STRING),
                        (call, kernels) -> {
                            throw new IllegalStateException("current_timezone is a constant");
                        }));
    }

    private static long micros(EvaluationContext context) {
        return Math.multiplyExact(context.batchTimestampMillis(), 1_000L);
    }

    private static long local(EvaluationContext context) {
        return new ZoneConverter(context.zone()).toLocal(micros(context));
    }

    static LongVector longs(AtomicType type, long value, int count) {
        long[] out = new long[count];
        Arrays.fill(out, value);
        return new LongVector(type, count, out, null);
    }
}
