package io.tidemark.connectors.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.Row;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.connector.Source;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.connectors.builtin.Fixture.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RateSourceTest {
    private static final Instant START = Instant.parse("2026-11-20T03:00:00Z");

    private final ManualTime time = new ManualTime(START.toEpochMilli());
    private final RateSourceProvider provider = new RateSourceProvider();

    @TempDir
    Path sourceDirectory;

    @Test
    void theOffsetIsTheNumberOfSecondsSinceTheSourceWasCreated() throws IOException {
        Source source = open(Map.of("rowsPerSecond", "10"));
        assertThat(source.initialOffset()).isEqualTo(new Offset("0"));
        time.advance(2_999);
        assertThat(source.latestOffset(new Offset("0"), ReadLimit.SOURCE_DEFAULT))
                .contains(new Offset("2"));
        assertThat(Files.readString(sourceDirectory.resolve("0"))).isEqualTo("v1\n" + START.toEpochMilli());
    }

    @Test
    void rowsAreSpreadEvenlyOverTheSecondsAndPartitionsTakeTurns() {
        Source source = open(Map.of("rowsPerSecond", "2", "numPartitions", "2"));
        source.initialOffset();
        List<Row> rows = rows(source, 1, 3);
        assertThat(rows).extracting(r -> r.getLong(1)).containsExactly(2L, 4L, 3L, 5L);
        assertThat(rows)
                .extracting(r -> r.get(0))
                .containsExactly(
                        START.plusMillis(1_000),
                        START.plusMillis(2_000),
                        START.plusMillis(1_500),
                        START.plusMillis(2_500));
    }

    @Test
    void aRestartReadsTheSameRowsBetweenTheSameOffsets() {
        Source first = open(Map.of("rowsPerSecond", "1000", "numPartitions", "3"));
        first.initialOffset();
        time.advance(60_000);
        Source second = open(Map.of("rowsPerSecond", "1000", "numPartitions", "3"));
        assertThat(rows(second, 2, 9)).isEqualTo(rows(first, 2, 9)).hasSize(7_000);
    }

    @Test
    void whateverTheCutsEachNumberIsReadOnce() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            int rate = 1 + random.nextInt(5_000);
            int rampUp = random.nextInt(10);
            Source source = open(Map.of(
                    "rowsPerSecond", "" + rate, "rampUpTime", rampUp + "s", "numPartitions", "" + (1 + round % 4)));
            source.initialOffset();
            long second = 0;
            long expected = 0;
            while (second < 15) {
                long next = second + 1 + random.nextInt(4);
                List<Long> values = rows(source, second, next).stream()
                        .map(r -> r.getLong(1))
                        .sorted()
                        .toList();
                for (Long value : values) {
                    assertThat(value).as("rate %d, ramp up %d s", rate, rampUp).isEqualTo(expected++);
                }
                second = next;
            }
        }
    }

    @Test
    void theRateGrowsAsInSparkUntilTheRampUpTimeIsOver() {
        RateSource.Speed speed = new RateSource.Speed(10, 4);
        assertThat(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L))
                .extracting(speed::valueAtSecond)
                .containsExactly(0L, 2L, 6L, 12L, 20L, 30L, 40L);
    }

    @Test
    void aClockThatGoesBackDoesNotTakeTheQueryBack() {
        Source source = open(Map.of());
        source.initialOffset();
        time.advance(-5_000);
        assertThat(source.latestOffset(new Offset("7"), ReadLimit.SOURCE_DEFAULT))
                .contains(new Offset("7"));
    }

    @Test
    void availableNowFixesTheEnd() {
        Source source = open(Map.of());
        source.initialOffset();
        time.advance(3_000);
        source.prepareForTriggerAvailableNow();
        assertThat(source.latestOffset(new Offset("0"), ReadLimit.SOURCE_DEFAULT))
                .contains(new Offset("3"));
        time.advance(3_000);
        assertThat(source.latestOffset(new Offset("3"), ReadLimit.SOURCE_DEFAULT))
                .contains(new Offset("3"));
    }

    @Test
    void onlyTheColumnsAskedForAreRead() {
        StructType value = StructType.EMPTY.add("value", AtomicType.BIGINT);
        Source source =
                Fixture.open(provider, new Options(Map.of()), CountingReader.SCHEMA, value, time, sourceDirectory);
        source.initialOffset();
        assertThat(rows(source, 0, 1)).containsExactly(Row.of(value, List.of(0L)));
        Source counting = Fixture.open(
                provider, new Options(Map.of()), CountingReader.SCHEMA, StructType.EMPTY, time, sourceDirectory);
        assertThat(rows(counting, 0, 5)).hasSize(5);
    }

    @Test
    void aDamagedCreationFileIsNamed() throws IOException {
        Files.writeString(sourceDirectory.resolve("0"), "v1");
        Source source = open(Map.of());
        assertThatThrownBy(source::initialOffset)
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining(sourceDirectory.resolve("0") + " is not 'v1' and a number of milliseconds");
        Files.delete(sourceDirectory.resolve("0"));
        Source another = open(Map.of());
        assertThatThrownBy(() -> another.plan(new Offset("0"), new Offset("1"), null))
                .hasMessageContaining("is missing, which says when the rate source began");
    }

    @Test
    void wrongOptionsAreRefusedWithACure() {
        assertThatThrownBy(() -> open(Map.of("rowPerSecond", "1")))
                .hasMessage("Format 'rate' has no option 'rowPerSecond'. Did you mean 'rowsPerSecond'? "
                        + "Known options: rowsPerSecond, rampUpTime, numPartitions.");
        assertThatThrownBy(() -> open(Map.of("rowsPerSecond", "0"))).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> open(Map.of("rampUpTime", "soon"))).hasMessageContaining("Use a time such as 30s");
    }

    @Test
    void anOffsetOfAnotherSourceIsRefused() {
        Source source = open(Map.of());
        source.initialOffset();
        assertThatThrownBy(() -> source.plan(new Offset("{\"logOffset\":1}"), new Offset("3"), null))
                .hasMessageContaining("holds '{\"logOffset\":1}' as offset of a 'rate' source");
    }

    private Source open(Map<String, String> options) {
        return Fixture.source(provider, options, time, sourceDirectory);
    }

    private static List<Row> rows(Source source, long from, long until) {
        return Fixture.rows(
                source,
                source.plan(LongOffset.of(from), LongOffset.of(until), null).partitions());
    }
}
