package io.tidemark.connectors.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.Row;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConsoleSinkTest {
    private final StructType schema =
            StructType.EMPTY.add("page", AtomicType.STRING).add("n", AtomicType.INT);
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void aBatchIsPrintedAsSparkPrintsIt() throws IOException {
        ConsoleSink sink = sink(20, 20);
        Fixture.commit(
                sink,
                3,
                schema,
                List.of(row("/", 1), row("/a/very/long/page/name", 12_345)),
                List.of(row(null, null), row("tab\there", 0)));
        assertThat(text())
                .isEqualTo(
                        """
                        -------------------------------------------
                        Batch: 3
                        -------------------------------------------
                        +--------------------+-----+
                        |                page|    n|
                        +--------------------+-----+
                        |                   /|    1|
                        |/a/very/long/page...|12345|
                        |                NULL| NULL|
                        |           tab\\there|    0|
                        +--------------------+-----+

                        """);
        assertThat(sink.rowsWritten()).isEqualTo(4);
    }

    @Test
    void withoutTruncationCellsAreWholeAndAlignedLeft() throws IOException {
        Fixture.commit(sink(20, 0), 0, schema, List.of(row("/a/very/long/page/name", 1)));
        assertThat(text())
                .endsWith(
                        """
                        +----------------------+---+
                        |page                  |n  |
                        +----------------------+---+
                        |/a/very/long/page/name|1  |
                        +----------------------+---+

                        """);
    }

    @Test
    void onlyTheFirstRowsAreShownAndAllAreCounted() throws IOException {
        ConsoleSink sink = sink(2, 20);
        Fixture.commit(
                sink,
                0,
                schema,
                IntStream.range(0, 50).mapToObj(n -> row("p", n)).toList(),
                List.of(row("q", 51)));
        assertThat(text()).contains("|   p|  1|\n").doesNotContain("|  2|").endsWith("only showing top 2 rows\n\n");
        assertThat(sink.rowsWritten()).isEqualTo(51);
    }

    @Test
    void anEmptyBatchShowsTheColumns() throws IOException {
        Fixture.commit(sink(20, 20), 0, schema, List.of());
        assertThat(text()).endsWith("+----+---+\n|page|  n|\n+----+---+\n+----+---+\n\n");
    }

    @Test
    void valuesReadAsInSpark() {
        CellText cells = new CellText(ZoneOffset.UTC);
        StructType pair = StructType.EMPTY.add("a", AtomicType.INT).add("b", AtomicType.STRING);
        Instant instant = Instant.parse("2026-11-20T03:38:59.770Z");
        assertThat(cells.text(instant, AtomicType.TIMESTAMP)).isEqualTo("2026-11-20 03:38:59.77");
        assertThat(cells.text(LocalDateTime.parse("2026-11-20T00:00"), AtomicType.TIMESTAMP_NTZ))
                .isEqualTo("2026-11-20 00:00:00");
        assertThat(cells.text(LocalDate.parse("2026-11-20"), AtomicType.DATE)).isEqualTo("2026-11-20");
        assertThat(cells.text(new BigDecimal("1E+3"), new DecimalType(10, 0))).isEqualTo("1000");
        assertThat(cells.text(new byte[] {1, (byte) 0xab}, AtomicType.BINARY)).isEqualTo("[01 AB]");
        assertThat(cells.text(1.0e10, AtomicType.DOUBLE)).isEqualTo("1.0E10");
        assertThat(cells.text(Arrays.asList(1, null), new ArrayType(AtomicType.INT, true)))
                .isEqualTo("[1, NULL]");
        assertThat(cells.text(Map.of("k", 1), new MapType(AtomicType.STRING, AtomicType.INT, true)))
                .isEqualTo("{k -> 1}");
        assertThat(cells.text(Row.of(pair, List.of(1, "x")), pair)).isEqualTo("{1, x}");
    }

    @Test
    void wrongOptionsAreRefusedWithACure() {
        assertThatThrownBy(() -> new ConsoleSinkProvider()
                        .open(Fixture.sinkContext(Map.of("numrow", "1"), schema, OutputMode.APPEND, Fixture.QUERY)))
                .hasMessageContaining("Did you mean 'numRows'?");
        assertThatThrownBy(() -> new ConsoleSinkProvider()
                        .open(Fixture.sinkContext(
                                Map.of("truncate", "maybe"), schema, OutputMode.APPEND, Fixture.QUERY)))
                .hasMessageContaining("Use true or false");
    }

    private ConsoleSink sink(int numRows, int cellWidth) {
        return new ConsoleSink(
                new TextTable(schema, numRows, cellWidth, ZoneOffset.UTC),
                numRows,
                new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private Row row(@Nullable String page, @Nullable Integer n) {
        return Row.of(schema, Arrays.asList(page, n));
    }
}
