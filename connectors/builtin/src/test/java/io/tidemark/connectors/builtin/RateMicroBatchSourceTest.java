package io.tidemark.connectors.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.Row;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.connector.Source;
import io.tidemark.connectors.builtin.Fixture.ManualTime;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateMicroBatchSourceTest {
    private static final Map<String, String> OPTIONS =
            Map.of("rowsPerBatch", "10", "startTimestamp", "1000000", "advanceMillisPerBatch", "10000");

    @Test
    void eachBatchHasTheSameNumberOfRowsAndMovesTimeOn() {
        Source source = open(OPTIONS);
        Offset start = source.initialOffset();
        Offset end = source.latestOffset(start, ReadLimit.SOURCE_DEFAULT).orElseThrow();
        assertThat(start.json()).isEqualTo("{\"offset\":0,\"timestamp\":1000000}");
        assertThat(end.json()).isEqualTo("{\"offset\":10,\"timestamp\":1010000}");
        Offset next = source.latestOffset(end, ReadLimit.SOURCE_DEFAULT).orElseThrow();
        List<Row> rows = Fixture.rows(source, source.plan(end, next, null).partitions());
        assertThat(rows).hasSize(10);
        assertThat(rows.get(0).values()).containsExactly(Instant.ofEpochMilli(1_010_000), 10L);
        assertThat(rows.get(9).values()).containsExactly(Instant.ofEpochMilli(1_010_000), 19L);
    }

    @Test
    void moreRowsThanOneColumnBatchHoldsComeInSeveral() {
        Source source = open(Map.of("rowsPerBatch", "10000", "numPartitions", "2"));
        Offset start = source.initialOffset();
        Offset end = source.latestOffset(start, ReadLimit.SOURCE_DEFAULT).orElseThrow();
        List<Row> rows = Fixture.rows(source, source.plan(start, end, null).partitions());
        assertThat(rows).extracting(r -> r.getLong(1)).doesNotHaveDuplicates().hasSize(10_000);
        assertThat(rows.subList(0, 5_000)).allMatch(r -> r.getLong(1) % 2 == 0);
    }

    @Test
    void availableNowIsOneBatch() {
        Source source = open(OPTIONS);
        source.prepareForTriggerAvailableNow();
        Offset end = source.latestOffset(source.initialOffset(), ReadLimit.SOURCE_DEFAULT)
                .orElseThrow();
        assertThat(source.latestOffset(end, ReadLimit.SOURCE_DEFAULT)).contains(end);
        assertThat(source.plan(end, end, null).partitions()).isEmpty();
    }

    @Test
    void theNumberOfRowsMustBeGiven() {
        assertThatThrownBy(() -> open(Map.of())).hasMessageContaining("Option 'rowsPerBatch' is missing");
    }

    @Test
    void aMalformedOffsetIsRefused() {
        Source source = open(OPTIONS);
        assertThatThrownBy(() -> source.latestOffset(new Offset("{\"offset\":10}"), ReadLimit.SOURCE_DEFAULT))
                .hasMessageContaining("holds '{\"offset\":10}' as offset of a 'rate-micro-batch' source");
    }

    private static Source open(Map<String, String> options) {
        return Fixture.source(new RateMicroBatchSourceProvider(), options, new ManualTime(0), Path.of("sources", "0"));
    }
}
