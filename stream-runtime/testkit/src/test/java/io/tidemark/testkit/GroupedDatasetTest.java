package io.tidemark.testkit;

import static io.tidemark.api.functions.avg;
import static io.tidemark.api.functions.col;
import static io.tidemark.api.functions.count;
import static io.tidemark.api.functions.desc;
import static io.tidemark.api.functions.expr;
import static io.tidemark.api.functions.first;
import static io.tidemark.api.functions.max;
import static io.tidemark.api.functions.session_window;
import static io.tidemark.api.functions.sum;
import static io.tidemark.api.functions.upper;
import static io.tidemark.api.functions.window;
import static io.tidemark.api.functions.window_time;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.Dataset;
import io.tidemark.api.Row;
import io.tidemark.api.TidemarkSession;
import io.tidemark.connectors.builtin.MemoryStream;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups made with methods mean what the same groups written in SQL mean. */
class GroupedDatasetTest {
    private final TidemarkSession session = TidemarkSession.builder().getOrCreate();
    private final MemoryStream stream =
            MemoryStream.create(session.engine().parseSchema("page STRING, v INT, d DOUBLE, ts TIMESTAMP"));
    private Dataset<Row> events;

    @BeforeEach
    void watch() {
        events = stream.toDataset(session).withWatermark("ts", "10 minutes");
        events.createOrReplaceTempView("events");
    }

    @AfterEach
    void close() {
        stream.close();
    }

    @Test
    void groupsHaveTheirKeysBeforeTheirAggregates() {
        assertSame(
                events.groupBy("page").agg(count("*"), sum("v").as("s"), first(col("d"), true)),
                "SELECT page, count(*), sum(v) AS s, first(d, true) FROM events GROUP BY page");
        assertSame(
                events.groupBy(upper(col("page")), window(col("ts"), "1 hour", "10 minutes"))
                        .count(),
                "SELECT upper(page), window(ts, '1 hour', '10 minutes'), count(*) AS count FROM events GROUP BY 1, 2");
        assertSame(
                events.groupBy(session_window(col("ts"), "5 minutes"), col("page"))
                        .agg(max(col("v"))),
                "SELECT session_window(ts, '5 minutes'), page, max(v) FROM events GROUP BY 1, 2");
        assertSame(
                events.groupBy(session_window(col("ts"), expr("concat(v, ' minutes')")), col("page"))
                        .count(),
                "SELECT session_window(ts, concat(v, ' minutes')), page, count(*) AS count FROM events GROUP BY 1, 2");
        assertSame(events.agg(count(col("*")), avg("v")), "SELECT count(*), avg(v) FROM events");
        assertSame(events.agg(Map.of("v", "max")), "SELECT max(v) FROM events");
    }

    @Test
    void aMethodForOneFunctionTakesAllNumericColumnsThatAreNoKeys() {
        assertSame(events.groupBy("v").sum(), "SELECT v, sum(d) FROM events GROUP BY v");
        assertSame(events.groupBy("page").max("v", "d"), "SELECT page, max(v), max(d) FROM events GROUP BY page");
        assertSame(events.groupBy().mean("d"), "SELECT avg(d) FROM events");
        assertThatThrownBy(() -> events.groupBy("v").min("page"))
                .hasMessage("\"page\" is not a numeric column but a STRING. Name numeric columns, or use agg.");
    }

    @Test
    void windowsCanBeGroupedAgain() {
        Dataset<Row> hours = events.groupBy(window(col("ts"), "1 hour")).count();
        hours.createOrReplaceTempView("hours");

        assertSame(
                hours.groupBy(window(col("window"), "1 day")).sum("count"),
                "SELECT window(window, '1 day'), sum(count) FROM hours GROUP BY 1");
        assertSame(
                hours.select(window_time(col("window")), col("window.end")),
                "SELECT window_time(window), window.end FROM hours");
    }

    @Test
    void rowsCanBeMadeUniqueLimitedAndOrdered() {
        assertSame(events.select("page").distinct(), "SELECT DISTINCT page FROM events");
        assertSame(events.select("page").limit(3), "SELECT page FROM events LIMIT 3");
        assertSame(
                events.groupBy("page")
                        .agg(sum("v").as("s"))
                        .orderBy(desc("s"), col("page").asc_nulls_last()),
                "SELECT page, sum(v) AS s FROM events GROUP BY page ORDER BY s DESC, page NULLS LAST");
        assertSame(events.select("page").sort("page"), "SELECT page FROM events ORDER BY page");
        assertThat(analyzed(events.dropDuplicates("page", "ts"))).startsWith("Deduplicate [page, ts]\n");
        assertThat(analyzed(events.dropDuplicates())).startsWith("Deduplicate [page, v, d, ts]\n");
        assertThat(analyzed(events.dropDuplicatesWithinWatermark(new String[] {"page"})))
                .startsWith("DeduplicateWithinWatermark [page]\n");
        assertThatThrownBy(() -> events.dropDuplicates("pgae"))
                .hasMessageStartingWith("Cannot resolve column name `pgae` among (page, v, d, ts).");
    }

    private void assertSame(Dataset<Row> methods, String sql) {
        assertThat(methods.schema()).isEqualTo(session.sql(sql).schema());
        assertThat(analyzed(methods)).isEqualTo(analyzed(session.sql(sql)));
    }

    private String analyzed(Dataset<Row> dataset) {
        String explained = session.engine().explain(dataset.plan(), session, true);
        int start = explained.indexOf('\n') + 1;
        return explained.substring(start, explained.indexOf("\n\n"));
    }
}
