package io.tidemark.ops.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.spark.SparkAndKafka.Running;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Queries with state, moved between the engines at boundaries and after batches that were not committed: table and state
 * are those of runs that never moved, and both engines read the same state from the files.
 */
@ExtendWith(SparkAndKafka.class)
class StatefulHandOverTest {
    private static final boolean FULL = Boolean.getBoolean("tidemark.full");
    private static final boolean NEWER = Boolean.getBoolean("tidemark.spark.newer");
    private static final int CHUNK = PipelineText.MAX_OFFSETS;
    private static final String STATE = "spark.sql.streaming.stateStore.";
    private static final String DELTAS = STATE + "minDeltasForSnapshot";

    /**
     * Some come again, once, after 4.1 seconds: never in the same batch, always before they may be forgotten. Otherwise the
     * rows would depend on where runs end, on either engine.
     */
    private static final String AGAIN_IN_TIME = "if(d.event_id % 1000 >= 500, d.event_id - 410, d.event_id) AS place";

    private final Running running;

    StatefulHandOverTest(Running running) {
        this.running = running;
    }

    static PipelineText windowed(String name) {
        return PipelineText.overClicks(
                name,
                "1 second",
                "SELECT window.start AS start, window.end AS end, page, count(*) AS clicks, sum(share) AS total,"
                        + " avg(share) AS mean FROM clicks GROUP BY window(event_time, '2 seconds'), page",
                "append");
    }

    private static PipelineText append(String name, String sql) {
        return PipelineText.overClicks(name, "1 second", sql, "append");
    }

    /** A part on Spark 4.2 and the others on 4.1; all of them on both in the full run. */
    static Stream<PipelineText> queries() {
        List<String> onNewer = List.of("windowed", "distinct", "once-a-while", "windowed-ids");
        return all().filter(q -> FULL || onNewer.contains(q.name()) == NEWER);
    }

    private static Stream<PipelineText> all() {
        return Stream.of(
                windowed("windowed"),
                PipelineText.overClicks(
                                "grouped",
                                "1 second",
                                "SELECT page, count(*) AS clicks, sum(share) AS total, max(user_id) AS last FROM clicks"
                                        + " GROUP BY page",
                                "complete")
                        .with(DELTAS, "2"),
                append(
                                "sessions",
                                "SELECT session_window.start AS start, session_window.end AS end, area, count(*) AS clicks"
                                        + " FROM (SELECT substring(page, 1, 7) AS area, event_time FROM clicks)"
                                        + " GROUP BY session_window(event_time, '500 milliseconds'), area")
                        .with(DELTAS, "1"),
                append("distinct", "SELECT DISTINCT page, event_time FROM clicks"),
                append("once", "SELECT user_id, page, share FROM clicks")
                        .dropping("dropDuplicates: [event_time, page, amount, user_id, event_id]")
                        .with(DELTAS, "1"),
                PipelineText.overClicks("once-a-while", "5 seconds", "SELECT place FROM clicks", "append")
                        .computing(AGAIN_IN_TIME)
                        .dropping("dropDuplicatesWithinWatermark: [place]"),
                append(
                                "chained",
                                "SELECT window.start AS start, window.end AS end, count(*) AS pages, sum(clicks) AS clicks"
                                        + " FROM (SELECT window_time(window) AS at, page, clicks FROM (SELECT window, page,"
                                        + " count(*) AS clicks FROM clicks GROUP BY window(event_time, '1 second'), page))"
                                        + " GROUP BY window(at, '2 seconds')")
                        .with(DELTAS, "2"),
                append("limited", "SELECT substring(page, 1, 6) AS area FROM clicks LIMIT 1000"),
                windowed("windowed-hdfs")
                        .with(
                                STATE + "providerClass",
                                "org.apache.spark.sql.execution.streaming.state.HDFSBackedStateStoreProvider")
                        .with(DELTAS, "2"),
                windowed("windowed-ids")
                        .with(STATE + "checkpointFormatVersion", "2")
                        .with(DELTAS, "2"));
    }

    /** Those whose batches are lost: all of them in the full run. */
    static Stream<PipelineText> someQueries() {
        return all().filter(q -> FULL || q.name().equals("windowed"));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void tableAndStateAreThoseOfRunsThatNeverMoved(PipelineText query) throws Exception {
        HandOver moved = new HandOver(running, query, query.name());
        moved.send(CHUNK).runTidemark();
        assertThat(moved.check()).isEmpty();
        moved.send(CHUNK).runSpark();
        moved.send(CHUNK).runTidemark();
        moved.send(CHUNK).runSpark();
        if (query.conf().containsKey(DELTAS)) {
            assertThat(moved.stateFiles()).anyMatch(f -> f.endsWith(".zip") || f.endsWith(".snapshot"));
        }
        HandOver spark = moved.again().runSpark();
        HandOver tidemark = moved.again().runTidemark();
        assertThat(spark.rows()).isNotEmpty();
        assertSame(moved, spark);
        assertSame(tidemark, spark);
        for (int operator : spark.operators()) {
            assertThat(spark.state(operator)).isNotEmpty();
            assertThat(spark.dump(operator)).isEqualTo(spark.state(operator));
            assertThat(moved.dump(operator)).isEqualTo(spark.state(operator));
        }
    }

    @ParameterizedTest
    @MethodSource("someQueries")
    void aBatchThatTheOtherEngineDidNotCommitIsRunOnce(PipelineText query) throws Exception {
        HandOver byTidemark = new HandOver(running, query, query.name() + "-uncommitted");
        byTidemark.send(CHUNK).runSpark();
        HandOver bySpark = byTidemark.again().runTidemark();
        long next = byTidemark.left().offsets().last() + 1;

        byTidemark.send(CHUNK).runSpark().takeBack(next);
        byTidemark.runTidemark();
        bySpark.runTidemarkUntilKilled("after:createExclusive:**/offsets/" + next);
        bySpark.runSpark();

        HandOver spark = byTidemark.again().runSpark();
        assertSame(byTidemark, spark);
        assertSame(bySpark, spark);
    }

    private static void assertSame(HandOver one, HandOver other) throws IOException {
        assertThat(one.rows()).isEqualTo(other.rows());
        assertThat(one.operators()).isEqualTo(other.operators());
        for (int operator : other.operators()) {
            assertThat(one.state(operator)).isEqualTo(other.state(operator));
        }
    }
}
