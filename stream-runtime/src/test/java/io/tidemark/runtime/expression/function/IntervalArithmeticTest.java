package io.tidemark.runtime.expression.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalArithmeticTest {
    private static final int ROWS = 500;
    private static final StructType SCHEMA = new StructType(List.of(new StructField("ts", AtomicType.TIMESTAMP)));

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "+05:30"})
    void timestampsMoveAsZonedDateTimesDo(String zone) {
        Random random = new Random(20);
        SqlBench bench = SqlBench.standard().in(zone).over(SCHEMA);
        for (int round = 0; round < 40; round++) {
            LongVector times = times(random);
            boolean months = random.nextBoolean();
            long amount = random.nextInt(months ? 100 : 10_000) - (months ? 50 : 5_000);
            String interval = months ? amount + " MONTHS" : amount + " HOURS";

            LongVector moved = (LongVector)
                    bench.evaluate(bench.bind("ts + INTERVAL " + interval), batch(times), Selection.all(ROWS));
            LongVector back = (LongVector) bench.evaluate(
                    bench.bind("ts - INTERVAL " + (months ? -amount + " MONTHS" : -amount + " HOURS")),
                    batch(times),
                    Selection.all(ROWS));

            for (int row = 0; row < ROWS; row++) {
                ZonedDateTime from = Instant.EPOCH
                        .plus(times.values()[row], ChronoUnit.MICROS)
                        .atZone(ZoneId.of(zone));
                ZonedDateTime to = months
                        ? from.plusMonths(amount)
                        : from.plusDays(amount / 24).plusHours(amount % 24);
                long expected = ChronoUnit.MICROS.between(Instant.EPOCH, to.toInstant());
                assertThat(moved.values()[row]).as(from + " + " + interval).isEqualTo(expected);
                assertThat(back.values()[row]).isEqualTo(expected);
            }
        }
    }

    @Test
    void aNullStaysNull() {
        SqlBench bench = SqlBench.standard().over(SCHEMA);
        LongVector times = new LongVector(AtomicType.TIMESTAMP, 2, new long[] {0, 0}, new long[] {2});

        assertThat(bench.evaluate(bench.bind("ts + INTERVAL 1 MONTH"), batch(times), Selection.all(2))
                        .value(0))
                .isNull();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "timestamp'2026-01-01 00:00:00' + INTERVAL 300000 YEARS",
                "timestamp'2026-01-01 00:00:00' + INTERVAL 106751991 DAYS",
                "date'2024-01-31' + INTERVAL 100000000 MONTHS"
            })
    void whatLeavesTheRangeFailsWithAWord(String sql) {
        assertThatThrownBy(() -> SqlBench.standard().value(sql))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("overflow");
    }

    private static LongVector times(Random random) {
        long[] values = new long[ROWS];
        for (int i = 0; i < ROWS; i++) { // half hours make overlaps and gaps of the clock likely, the rest odd micros
            long halfHours = random.nextInt(40 * 365 * 48);
            values[i] = halfHours * 1_800_000_000L + (random.nextInt(4) == 0 ? random.nextInt(1_800_000_000) : 0);
        }
        return new LongVector(AtomicType.TIMESTAMP, ROWS, values, null);
    }

    private static ColumnBatch batch(LongVector times) {
        return new ColumnBatch(SCHEMA, List.of(times), times.length());
    }
}
