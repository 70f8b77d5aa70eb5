package io.tidemark.api.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StreamingQueryProgressTest {
    private static final UUID ID = UUID.fromString("cfaf0050-38b6-4a4f-a2c2-938d89e60c2f");
    private static final UUID RUN = UUID.fromString("e72fabc4-ea24-4e13-bc23-20880675c842");

    @Test
    void jsonIsMemberForMemberWhatSparkReports() {
        StateOperatorProgress operator = new StateOperatorProgress(
                "stateStoreSave",
                3,
                1,
                28,
                1,
                9,
                198,
                1792,
                0,
                2,
                2,
                new TreeMap<>(Map.of("loadedMapCacheHitCount", 12L)));
        SourceProgress source = new SourceProgress(
                "RatePerMicroBatchStream[…]",
                "{\"offset\":30,\"timestamp\":1030000}",
                "{\"offset\":40,\"timestamp\":1040000}",
                null,
                10,
                17.62,
                17.605,
                new TreeMap<>());
        StreamingQueryProgress progress = new StreamingQueryProgress(
                ID,
                RUN,
                "q1",
                "2026-11-20T03:38:59.777Z",
                3,
                568,
                new TreeMap<>(Map.of("addBatch", 450L, "walCommit", 28L, "triggerExecution", 568L)),
                new TreeMap<>(Map.of("watermark", "1970-01-01T00:16:55.000Z")),
                List.of(operator),
                List.of(source),
                new SinkProgress("console", 1, new TreeMap<>()));

        assertThat(progress.json())
                .isEqualTo(
                        "{\"id\":\"cfaf0050-38b6-4a4f-a2c2-938d89e60c2f\",\"runId\":\"e72fabc4-ea24-4e13-bc23-20880675c842\","
                                + "\"name\":\"q1\",\"timestamp\":\"2026-11-20T03:38:59.777Z\",\"batchId\":3,\"batchDuration\":568,"
                                + "\"numInputRows\":10,\"inputRowsPerSecond\":17.6,\"processedRowsPerSecond\":17.6,"
                                + "\"durationMs\":{\"addBatch\":450,\"triggerExecution\":568,\"walCommit\":28},"
                                + "\"eventTime\":{\"watermark\":\"1970-01-01T00:16:55.000Z\"},"
                                + "\"stateOperators\":[{\"operatorName\":\"stateStoreSave\",\"numRowsTotal\":3,\"numRowsUpdated\":1,"
                                + "\"allUpdatesTimeMs\":28,\"numRowsRemoved\":1,\"allRemovalsTimeMs\":9,\"commitTimeMs\":198,"
                                + "\"memoryUsedBytes\":1792,\"numRowsDroppedByWatermark\":0,\"numShufflePartitions\":2,"
                                + "\"numStateStoreInstances\":2,\"customMetrics\":{\"loadedMapCacheHitCount\":12}}],"
                                + "\"sources\":[{\"description\":\"RatePerMicroBatchStream[…]\","
                                + "\"startOffset\":{\"offset\":30,\"timestamp\":1030000},\"endOffset\":{\"offset\":40,\"timestamp\":1040000},"
                                + "\"latestOffset\":null,\"numInputRows\":10,\"inputRowsPerSecond\":17.6,\"processedRowsPerSecond\":17.6}],"
                                + "\"sink\":{\"description\":\"console\",\"numOutputRows\":1}}");
    }

    @Test
    void anUnknownRateAndEmptyMapsAreLeftOutAndANamelessQueryIsNull() {
        SourceProgress source =
                new SourceProgress("Memory", null, "1", null, 1, Double.POSITIVE_INFINITY, Double.NaN, new TreeMap<>());
        assertThat(source.json())
                .isEqualTo(
                        "{\"description\":\"Memory\",\"startOffset\":null,\"endOffset\":1,\"latestOffset\":null,\"numInputRows\":1}");
        StreamingQueryProgress progress = new StreamingQueryProgress(
                ID,
                RUN,
                null,
                "t",
                0,
                0,
                new TreeMap<>(),
                new TreeMap<>(),
                List.of(),
                List.of(source),
                new SinkProgress("s", -1, new TreeMap<>()));
        assertThat(progress.json())
                .contains("\"name\":null")
                .doesNotContain("durationMs")
                .doesNotContain("PerSecond");
    }
}
