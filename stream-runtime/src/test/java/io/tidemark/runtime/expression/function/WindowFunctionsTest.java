package io.tidemark.runtime.expression.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.Row;
import io.tidemark.api.error.Origin;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.KernelCompiler;
import io.tidemark.runtime.plan.BoundPlan;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts and times of windows. */
class WindowFunctionsTest {
    private static final long SECOND = 1_000_000L;
    private static final long HOUR = 3_600 * SECOND;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            10 minutes              | 0 | 0   | 600000000
            INTERVAL 1 Day 2 hours  | 0 | 1   | 7200000000
            1 week -2 days          | 0 | 5   | 0
            2 years 1 month         | 25 | 0  | 0
            1.5 seconds 1 microsecond | 0 | 0 | 1500001
            - 3 milliseconds        | 0 | 0   | -3000
            """)
    void aSpanKeepsMonthsAndDaysApart(String text, int months, int days, long micros) {
        assertThat(CalendarSpan.parse(text)).contains(new CalendarSpan(months, days, micros));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "interval", "10", "minutes", "10minutes", "1.5 minutes", "1 fortnight", "99999999999 days"})
    void whatIsNoSpanIsNone(String text) {
        assertThat(CalendarSpan.parse(text)).isEmpty();
    }

    @Test
    void monthsHaveNoFixedLength() {
        assertThat(CalendarSpan.parse("1 day 1 second").orElseThrow().fixedMicros())
                .isEqualTo(24 * HOUR + SECOND);
        assertThatThrownBy(() -> CalendarSpan.parse("1 month").orElseThrow().fixedMicros())
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void aGapOfDaysIsAsLongAsTheDaysInTheZone() {
        Instant beforeSummer = Instant.parse("2026-03-28T12:00:00Z"); // clocks go forward in the night
        List<@Nullable Object> times = List.of(beforeSummer, beforeSummer, beforeSummer, beforeSummer, beforeSummer);
        List<@Nullable Object> gaps = new ArrayList<>(List.of("1 day", "24 hours", "1 day 1 second", "never"));
        gaps.add(null);

        assertThat(evaluate(
                        SessionGapFunction.of(
                                column(0, AtomicType.TIMESTAMP), column(1, AtomicType.STRING), Origin.NONE),
                        new StructType(List.of(
                                new StructField("t", AtomicType.TIMESTAMP), new StructField("g", AtomicType.STRING))),
                        List.of(times, gaps)))
                .containsExactly(23 * HOUR, 24 * HOUR, 23 * HOUR + SECOND, null, null);
    }

    @Test
    void aGapOfMonthsEndsOnTheSameDayOfTheMonthIfThereIsOne() {
        LocalDateTime last = LocalDateTime.parse("2026-01-31T00:00:00");

        assertThat(evaluate(
                        SessionGapFunction.of(
                                column(0, AtomicType.TIMESTAMP_NTZ),
                                new Constant("1 month", AtomicType.STRING),
                                Origin.NONE),
                        new StructType(List.of(new StructField("t", AtomicType.TIMESTAMP_NTZ))),
                        List.of(List.of(last))))
                .containsExactly(28 * 24 * HOUR);
    }

    @Test
    void aGapThatIsNullMakesNoSession() {
        assertThat(evaluate(
                        SessionGapFunction.of(
                                column(0, AtomicType.TIMESTAMP), new Constant(null, AtomicType.STRING), Origin.NONE),
                        new StructType(List.of(new StructField("t", AtomicType.TIMESTAMP))),
                        List.of(List.of(Instant.EPOCH))))
                .containsExactly((Object) null);
    }

    @Test
    void theTimeOfAWindowIsItsLastMicrosecond() {
        VectorBuilder windows = VectorBuilder.of(BoundPlan.WINDOW, 2);
        windows.append(Row.of(BoundPlan.WINDOW, List.of(Instant.EPOCH, Instant.ofEpochSecond(60))));
        windows.appendNull();
        StructType schema = new StructType(List.of(new StructField("window", BoundPlan.WINDOW)));
        ColumnBatch batch = new ColumnBatch(schema, List.of(windows.build()), 2);

        assertThat(values(WindowTimeFunction.of(column(0, BoundPlan.WINDOW), Origin.NONE), batch, 2))
                .containsExactly(Instant.ofEpochSecond(60).minusNanos(1_000), null);
    }

    private static ColumnRef column(int place, DataType type) {
        return new ColumnRef(place, "c" + place, type, true);
    }

    private static List<@Nullable Object> evaluate(
            BoundExpression expression, StructType schema, List<List<@Nullable Object>> columns) {
        List<ColumnVector> vectors = new ArrayList<>();
        int rows = columns.get(0).size();
        for (int i = 0; i < columns.size(); i++) {
            VectorBuilder builder = VectorBuilder.of(schema.field(i).dataType(), rows);
            columns.get(i).forEach(builder::append);
            vectors.add(builder.build());
        }
        return values(expression, new ColumnBatch(schema, vectors, rows), rows);
    }

    private static List<@Nullable Object> values(BoundExpression expression, ColumnBatch batch, int rows) {
        ColumnVector result = KernelCompiler.compile(expression)
                .evaluate(batch, Selection.all(rows), new EvaluationContext(0, ZoneId.of("Europe/Berlin"), true));
        List<@Nullable Object> values = new ArrayList<>();
        IntStream.range(0, rows).forEach(row -> values.add(result.value(row)));
        return values;
    }
}
