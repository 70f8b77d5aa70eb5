package io.tidemark.runtime.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.Row;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExtremeTest {
    private static final StructType POINT =
            StructType.EMPTY.add("x", AtomicType.INT).add("name", AtomicType.STRING);

    @Test
    void leastAndGreatestOfEachType() {
        extremes(AtomicType.BOOLEAN, false, true);
        extremes(AtomicType.TINYINT, (byte) -3, (byte) 2);
        extremes(AtomicType.INT, Integer.MIN_VALUE, Integer.MAX_VALUE);
        extremes(AtomicType.BIGINT, Long.MIN_VALUE, Long.MAX_VALUE);
        extremes(AtomicType.FLOAT, -1.5f, Float.NaN);
        extremes(AtomicType.DOUBLE, Double.NEGATIVE_INFINITY, Double.NaN);
        extremes(new DecimalType(5, 2), new BigDecimal("-1.00"), new BigDecimal("1.25"));
        extremes(new DecimalType(30, 2), new BigDecimal("-1.00"), new BigDecimal("9999999999999999999999.25"));
        extremes(AtomicType.STRING, "Zebra", "zebra");
        extremes(AtomicType.DATE, LocalDate.EPOCH, LocalDate.of(2026, 1, 1));
        extremes(AtomicType.TIMESTAMP, Instant.EPOCH, Instant.ofEpochSecond(1));
        extremes(new ArrayType(AtomicType.INT), Arrays.asList(1, null), List.of(1, 0));
        extremes(POINT, Row.of(POINT, Arrays.asList(1, "b")), Row.of(POINT, Arrays.asList(2, "a")));
    }

    private static void extremes(DataType type, Object less, Object more) {
        AggregateRun min = AggregateRun.of("min", type);
        AggregateRun max = AggregateRun.of("max", type);
        assertThat(min.over(null, more, less, null, more)).isEqualTo(less);
        assertThat(max.over(null, less, more, less)).isEqualTo(more);
        assertThat(min.over(null, null)).isNull();
        assertThat(min.buffer()).isEqualTo("min " + type.sql());
        assertThat(max.call().type()).isEqualTo(type);
    }

    @Test
    void ofEqualZerosTheFirstStays() {
        assertThat(AggregateRun.of("min", AtomicType.DOUBLE).over(0.0, -0.0)).isEqualTo(0.0);
        assertThat(AggregateRun.of("max", AtomicType.DOUBLE).over(-0.0, 0.0)).isEqualTo(-0.0);
    }

    @Test
    void whatHasNoOrderIsRefused() {
        assertThatThrownBy(() -> AggregateRun.of("max", new MapType(AtomicType.INT, AtomicType.INT)))
                .hasMessage("Argument 1 of 'max' has type MAP<INT, INT> where a type with an order is required."
                        + " Cast it to that type.");
    }

    @Test
    void truthIsKeptAsAnExtreme() {
        AggregateRun every = AggregateRun.of("every", AtomicType.BOOLEAN);
        assertThat(every.over(true, null, false)).isEqualTo(false);
        assertThat(every.over(true, null)).isEqualTo(true);
        assertThat(every.over((Object) null)).isNull();
        assertThat(every.buffer()).isEqualTo("min BOOLEAN");
        assertThat(AggregateRun.of("some", AtomicType.BOOLEAN).over(false, true))
                .isEqualTo(true);
        assertThat(AggregateRun.of("bool_or", AtomicType.BOOLEAN).buffer()).isEqualTo("max BOOLEAN");
    }

    @Test
    void withoutAnsiRulesTextIsNoTruth() {
        assertThat(AggregateRun.of("bool_and", AtomicType.STRING).over("true", "no"))
                .isEqualTo(false);
        assertThatThrownBy(() -> AggregateRun.withoutAnsi("bool_and", AtomicType.STRING))
                .hasMessageContaining("has type STRING where BOOLEAN is required");
        assertThatThrownBy(() -> AggregateRun.withoutAnsi("count_if", AtomicType.STRING))
                .hasMessageContaining("has type STRING where BOOLEAN is required");
    }

    @Test
    void stringsThatGrowAndShrinkDoNotDisturbEachOther() {
        AggregateRun last = AggregateRun.of("last", AtomicType.STRING);
        int groups = 20;
        int rows = 4000;
        int[] group = new int[rows];
        List<List<String>> values = new ArrayList<>();
        String[] expected = new String[groups];
        for (int i = 0; i < rows; i++) {
            group[i] = (i * 7) % groups;
            String value = "x".repeat((i * 31) % 97) + i;
            values.add(List.of(value));
            expected[group[i]] = value;
        }
        Accumulator accumulator = last.whole(last.rows(group, values), groups);
        assertThat(AggregateRun.results(accumulator, groups)).containsExactly((Object[]) expected);
        assertThat(accumulator.memoryBytes()).as("dead bytes are reclaimed").isLessThan(16_000);
    }
}
