package io.tidemark.connectors.delta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.api.Row;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.StructType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStatisticsTest {
    @TempDir
    Path folder;

    private JsonNode statsOf(StructType schema, @Nullable Object[]... rows) {
        SinkFixture fixture = new SinkFixture(folder.resolve("table"));
        fixture.schema = schema;
        SinkFixture.run(fixture.open(), 0, 1, SinkFixture.batch(schema, Arrays.asList(rows)));
        DeltaLog log = new DeltaLog(fixture.path);
        return log.json(log.actions(0, "add").get(0).get("stats").textValue());
    }

    @Test
    void boundsAndNullsOfEveryKindOfColumn() {
        StructType inner = StructType.EMPTY.add("x", AtomicType.INT).add("y", AtomicType.BOOLEAN);
        StructType schema = StructType.EMPTY
                .add("i", AtomicType.TINYINT)
                .add("l", AtomicType.BIGINT)
                .add("f", AtomicType.FLOAT)
                .add("d", AtomicType.DOUBLE)
                .add("s", AtomicType.STRING)
                .add("bin", AtomicType.BINARY)
                .add("date", AtomicType.DATE)
                .add("ts", AtomicType.TIMESTAMP)
                .add("ntz", AtomicType.TIMESTAMP_NTZ)
                .add("dec", new DecimalType(30, 3))
                .add("st", inner)
                .add("arr", new ArrayType(AtomicType.INT));
        JsonNode stats = statsOf(
                schema,
                new Object[] {
                    (byte) -5,
                    Long.MAX_VALUE,
                    1.5f,
                    -0.1,
                    "b",
                    new byte[] {1},
                    LocalDate.of(2024, 1, 2),
                    Instant.parse("2024-01-02T03:04:05.678999Z"),
                    LocalDateTime.parse("1969-12-31T23:59:59.999999"),
                    new BigDecimal("-123456789012345678901.500"),
                    Row.of(inner, Arrays.asList(7, true)),
                    List.of(1)
                },
                new Object[] {
                    (byte) 5,
                    Long.MIN_VALUE,
                    0.25f,
                    1e300,
                    "a",
                    null,
                    LocalDate.of(1900, 1, 1),
                    Instant.parse("2024-01-02T03:04:05.678001Z"),
                    null,
                    new BigDecimal("2.000"),
                    null,
                    null
                });

        assertThat(stats.get("numRecords").intValue()).isEqualTo(2);
        JsonNode min = stats.get("minValues");
        JsonNode max = stats.get("maxValues");
        assertThat(min.get("i").intValue()).isEqualTo(-5);
        assertThat(min.get("l").longValue()).isEqualTo(Long.MIN_VALUE);
        assertThat(max.get("l").longValue()).isEqualTo(Long.MAX_VALUE);
        assertThat(min.get("f").toString()).isEqualTo("0.25");
        assertThat(max.get("d").doubleValue()).isEqualTo(1e300);
        assertThat(min.get("s").textValue()).isEqualTo("a");
        assertThat(max.get("s").textValue()).isEqualTo("b");
        assertThat(min.has("bin")).isFalse();
        assertThat(min.get("date").textValue()).isEqualTo("1900-01-01");
        assertThat(max.get("ts").textValue())
                .as("cut to milliseconds, as Delta does for both bounds")
                .isEqualTo("2024-01-02T03:04:05.678Z");
        assertThat(min.get("ntz").textValue()).isEqualTo("1969-12-31T23:59:59.999");
        assertThat(min.get("dec").decimalValue()).isEqualByComparingTo("-123456789012345678901.5");
        assertThat(min.get("st").get("x").intValue()).isEqualTo(7);
        assertThat(min.get("st").has("y")).isFalse();
        assertThat(min.has("arr")).isFalse();
        JsonNode nulls = stats.get("nullCount");
        assertThat(nulls.get("bin").intValue()).isEqualTo(1);
        assertThat(nulls.get("st").get("x").intValue()).isEqualTo(1);
        assertThat(nulls.get("st").get("y").intValue()).isEqualTo(1);
        assertThat(nulls.get("i").intValue()).isZero();
    }

    @Test
    void longStringsAreCutAndStillBound() {
        StructType schema = StructType.EMPTY.add("s", AtomicType.STRING).add("wide", AtomicType.STRING);
        String stem = "x".repeat(32);
        String wide = "\uD83D\uDE00".repeat(20);
        JsonNode stats = statsOf(schema, new Object[] {stem + "a", wide + "a"}, new Object[] {stem + "z", wide + "z"});
        assertThat(stats.get("minValues").get("s").textValue()).isEqualTo(stem);
        assertThat(stats.get("maxValues").get("s").textValue()).isEqualTo(stem + "\u007F");
        assertThat(stats.get("minValues").get("wide").textValue()).isEqualTo("\uD83D\uDE00".repeat(16));
        assertThat(stats.get("maxValues").get("wide").textValue())
                .isEqualTo("\uD83D\uDE00".repeat(16) + "\uDBFF\uDFFF");
    }

    @Test
    void columnsWithoutAnyValueHaveNoBounds() {
        StructType schema = StructType.EMPTY.add("s", AtomicType.STRING).add("nan", AtomicType.DOUBLE);
        JsonNode stats = statsOf(schema, new Object[] {null, Double.NaN}, new Object[] {null, 1.0});
        assertThat(stats.get("minValues").isEmpty()).isTrue();
        assertThat(stats.get("nullCount").get("s").intValue()).isEqualTo(2);
    }

    @Test
    void theFirstThirtyTwoColumnsAreIndexed() {
        StructType schema = StructType.EMPTY;
        List<Object> row = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            schema = schema.add("c" + i, AtomicType.INT);
            row.add(i);
        }
        JsonNode stats = statsOf(schema, row.toArray());
        assertThat(stats.get("minValues").size()).isEqualTo(32);
        assertThat(stats.get("nullCount").has("c31")).isTrue();
        assertThat(stats.get("nullCount").has("c32")).isFalse();
    }
}
