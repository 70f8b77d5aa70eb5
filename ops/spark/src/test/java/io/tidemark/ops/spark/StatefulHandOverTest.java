package io.tidemark.ops.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.spark.SparkAndKafka.Running;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Queries with state, moved between the engines at every boundary and after batches that were not committed: the table,
 * and the state, are those of runs that never moved.
 */
@ExtendWith(SparkAndKafka.class)
class StatefulHandOverTest {
    private static final int CHUNK = 400;
    private static final int CHUNKS = 4;

    private final Running running;

    StatefulHandOverTest(Running running) {
        this.running = running;
    }

    static Stream<PipelineText> queries() {
        String deltas = "spark.sql.streaming.stateStore.minDeltasForSnapshot";
        return Stream.of(
                PipelineText.overClicks(
                                "windowed",
                                "1 second",
                                "SELECT window.start AS start, window.end AS end, page, count(*) AS clicks,"
                                        + " sum(amount) AS amount, avg(amount) AS mean FROM clicks"
                                        + " GROUP BY window(event_time, '2 seconds'), page",
                                "append")
                        .with(deltas, "2"),
                PipelineText.overClicks(
                        "grouped",
                        "1 second",
                        "SELECT page, count(*) AS clicks, sum(amount) AS amount FROM clicks GROUP BY page",
                        "complete"),
                PipelineText.overClicks(
                                "sessions",
                                "1 second",
                                "SELECT session_window.start AS start, session_window.end AS end, page, count(*) AS clicks"
                                        + " FROM clicks GROUP BY session_window(event_time, '500 milliseconds'), page",
                                "append")
                        .with(deltas, "1"),
                PipelineText.overClicks(
                        "distinct", "1 second", "SELECT DISTINCT page, event_time FROM clicks", "append"),
                PipelineText.overClicks("once", "1 second", "SELECT user_id, page, amount FROM clicks", "append")
                        .dropping("dropDuplicates: [event_time, page, amount, user_id, event_id]"),
                PipelineText.overClicks("once-a-while", "1 second", "SELECT user_id, page FROM clicks", "append")
                        .dropping("dropDuplicatesWithinWatermark: [page]"),
                PipelineText.overClicks(
                                "chained",
                                "1 second",
                                "SELECT window.start AS start, window.end AS end, count(*) AS pages, sum(clicks) AS clicks"
                                        + " FROM (SELECT window_time(window) AS at, page, clicks FROM (SELECT window, page,"
                                        + " count(*) AS clicks FROM clicks GROUP BY window(event_time, '1 second'), page))"
                                        + " GROUP BY window(at, '2 seconds')",
                                "append")
                        .with(deltas, "2"));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void theTableIsThatOfARunThatNeverMoved(PipelineText query) throws Exception {
        HandOver spark = new HandOver(running, query, query.name() + "-topic");
        HandOver tidemark = spark.again();
        HandOver sparkFirst = spark.again();
        HandOver tidemarkFirst = spark.again();
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            spark.send(CHUNK);
            spark.runSpark();
            tidemark.runTidemark();
            if (chunk % 2 == 0) {
                sparkFirst.runSpark();
                tidemarkFirst.runTidemark();
            } else {
                sparkFirst.runTidemark();
                tidemarkFirst.runSpark();
            }
        }
        List<String> rows = spark.rows();
        assertThat(rows).isNotEmpty();
        assertThat(tidemark.rows()).isEqualTo(rows);
        assertThat(sparkFirst.rows()).isEqualTo(rows);
        assertThat(tidemarkFirst.rows()).isEqualTo(rows);
        List<String> state = spark.state(0);
        assertThat(tidemark.state(0)).isEqualTo(state);
        assertThat(sparkFirst.state(0)).isEqualTo(state);
        assertThat(tidemarkFirst.state(0)).isEqualTo(state);
        assertThat(sparkFirst.dump(0)).isEqualTo(state);
        assertThat(spark.dump(0)).isEqualTo(state);
    }

    @ParameterizedTest
    @MethodSource("queries")
    void aBatchThatTheOtherEngineDidNotCommitIsRunOnce(PipelineText query) throws Exception {
        HandOver still = new HandOver(running, query, query.name() + "-uncommitted");
        HandOver spark = still.again();
        HandOver tidemark = still.again();
        for (int chunk = 0; chunk < 2; chunk++) {
            still.send(CHUNK);
            still.runTidemark();
            spark.runSpark();
            tidemark.runTidemark();
        }
        still.send(CHUNK);
        still.runTidemark();
        spark.runSpark().forgetCommit().forgetTableVersion().runTidemark();
        tidemark.runTidemarkUntilKilled(
                "after:createExclusive:**/offsets/" + (tidemark.left().offsets().last() + 1));
        tidemark.runSpark();
        assertThat(spark.rows()).isEqualTo(still.rows());
        assertThat(tidemark.rows()).isEqualTo(still.rows());
        assertThat(spark.state(0)).isEqualTo(still.state(0));
        assertThat(tidemark.state(0)).isEqualTo(still.state(0));
    }
}
