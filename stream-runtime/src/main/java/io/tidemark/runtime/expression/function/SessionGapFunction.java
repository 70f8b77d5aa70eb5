package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_DAY;

import io.tidemark.api.error.Origin;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.LongVectorBuilder;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many microseconds a session that starts at a time lasts, where its gap is a text: months and days move the local
 * time of the session's time zone, the rest the instant. Null where the text is no span.
 */
public final class SessionGapFunction {
    /** Has no place in the registry: a query reaches it by {@code session_window} only. */
    private static final FunctionDefinition FUNCTION = Builtin.of(
            "session_gap",
            arguments -> {
                throw new IllegalStateException("session_gap is bound by session_window");
            },
            SessionGapFunction::kernel);

    private SessionGapFunction() {}

    /**
     * Returns the gap as a bigint.
     *
     * @param time a timestamp, with or without time zone
     * @param gap a string
     */
    public static BoundCall of(BoundExpression time, BoundExpression gap, Origin origin) {
        return new BoundCall(FUNCTION, List.of(time, gap), AtomicType.BIGINT, true, origin);
    }

    private static Kernel kernel(BoundCall call, List<Kernel> arguments) {
        boolean zoned = call.arguments().get(0).type() == AtomicType.TIMESTAMP;
        DataType type = call.type();
        return RowKernel.strictPerBatch(type, arguments, context -> {
            Gaps gaps = new Gaps(zoned, context);
            return (columns, row, builder) -> {
                LongVectorBuilder out = (LongVectorBuilder) builder;
                CalendarSpan span = gaps.span(columns[1], row);
                if (span == null) {
                    out.appendNull();
                } else {
                    out.appendLong(gaps.length(((LongVector) columns[0]).values()[row], span));
                }
            };
        });
    }

    /** Remembers the newest text: neighbours often have the same. One thread. */
    private static final class Gaps {
        private final boolean zoned;
        private final ZoneConverter zone;
        private @Nullable String text;
        private @Nullable CalendarSpan span;

        Gaps(boolean zoned, EvaluationContext context) {
            this.zoned = zoned;
            this.zone = new ZoneConverter(context.zone());
        }

        @Nullable
        CalendarSpan span(ColumnVector texts, int row) {
            String next = ((BytesVector) texts).string(row);
            if (!next.equals(text)) {
                Optional<CalendarSpan> parsed = CalendarSpan.parse(next);
                span = parsed.orElse(null);
                text = next;
            }
            return span;
        }

        long length(long time, CalendarSpan span) {
            if (span.isFixed()) {
                return span.micros();
            }
            long local = zoned ? zone.toLocal(time) : time;
            long day = Math.floorDiv(local, MICROS_PER_DAY);
            long inDay = local - day * MICROS_PER_DAY;
            long moved = Math.addExact(Civil.plusMonths(day, span.months()), span.days()) * MICROS_PER_DAY + inDay;
            long end = zoned ? zone.toUtc(moved, local - time) : moved;
            return Math.addExact(Math.subtractExact(end, time), span.micros());
        }
    }
}
