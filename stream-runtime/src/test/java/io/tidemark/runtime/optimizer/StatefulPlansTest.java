package io.tidemark.runtime.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.runtime.analysis.Fakes;
import io.tidemark.runtime.analysis.TestCatalog;
import io.tidemark.runtime.plan.BoundPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plans with state. What is below an operator and in which order it keeps things is what Spark's optimiser makes of it. */
class StatefulPlansTest {
    private final TestCatalog catalog = new TestCatalog(Fakes.functions())
            .stream("raw", "page STRING, v INT, d DOUBLE, ts TIMESTAMP, x STRING")
                    .view("events", "SELECT * FROM raw WATERMARK ts DELAY OF INTERVAL 10 MINUTES");

    private void assertPlan(String sql, String tree) {
        assertPlan(catalog.analyze(sql), tree);
    }

    private static void assertPlan(BoundPlan analyzed, String tree) {
        BoundPlan optimized = Optimizer.optimize(analyzed);
        assertThat(PlanPrinter.print(optimized)).isEqualTo(tree);
        assertThat(optimized.schema().fieldNames()).isEqualTo(analyzed.schema().fieldNames());
    }

    @Test
    void aggregatesAndColumnsThatNobodyReadsAreDroppedButNoKeys() {
        assertPlan(
                "SELECT n FROM (SELECT page, x, sum(v) AS s, count(d) AS n FROM raw GROUP BY page, x)",
                """
                Project [count(d) AS n]
                +- Aggregate [page, x], [count(d)]
                   +- StreamingRelation memory #0 [page: string, d: double, x: string]
                """);
        assertPlan(
                "SELECT count(*) AS n FROM raw",
                """
                Project [count(1) AS n]
                +- Aggregate [], [count(1)]
                   +- StreamingRelation memory #0 []
                """);
    }

    @Test
    void aConditionOnKeysSinksBelowTheGroupsAndTheOthersStay() {
        assertPlan(
                "SELECT page, count(*) AS n FROM events GROUP BY page HAVING count(*) > 1 AND page = 'x'",
                """
                Project [page, count(1) AS n]
                +- Filter (count(1) > 1)
                   +- Aggregate [page], [count(1)]
                      +- EventTimeWatermark ts, 10 minutes
                         +- Filter (page = 'x')
                            +- StreamingRelation memory #0 [page: string, ts: timestamp]
                """);
        assertPlan(
                "SELECT k FROM (SELECT upper(page) AS k, count(*) AS n FROM raw GROUP BY 1) WHERE k = 'X' AND n > 1",
                """
                Project [_groupingexpression AS k]
                +- Filter (count(1) > 1)
                   +- Aggregate [upper(page) AS _groupingexpression], [count(1)]
                      +- Filter (upper(page) = 'X')
                         +- StreamingRelation memory #0 [page: string]
                """);
        assertPlan(
                "SELECT count(*) AS n FROM raw HAVING 1 > 2",
                """
                Project [count(1) AS n]
                +- Filter (1 > 2)
                   +- Aggregate [], [count(1)]
                      +- StreamingRelation memory #0 []
                """);
    }

    @Test
    void aConditionPassesAWindowUnlessItReadsIt() {
        assertPlan(
                "SELECT window, page, count(*) AS n FROM events GROUP BY window(ts, '1 hour', '10 minutes'), page"
                        + " HAVING page = 'x' AND window.start > to_timestamp('2020-01-01')",
                """
                Project [window, page, count(1) AS n]
                +- Aggregate [window, page], [count(1)]
                   +- Filter (window.start > to_timestamp('2020-01-01'))
                      +- TimeWindow ts, 1 hour every 10 minutes
                         +- EventTimeWatermark ts, 10 minutes
                            +- Filter (page = 'x')
                               +- StreamingRelation memory #0 [page: string, ts: timestamp]
                """);
    }

    @Test
    void noConditionPassesALimitOrADeduplication() {
        assertPlan(
                "SELECT page FROM (SELECT page, v FROM raw LIMIT 5) WHERE page = 'x'",
                """
                Filter (page = 'x')
                +- Limit 5
                   +- StreamingRelation memory #0 [page: string]
                """);
        catalog.plan("once", deduplicated(false, "page"));
        assertPlan(
                "SELECT v FROM once WHERE page = 'x'",
                """
                Project [v]
                +- Filter (page = 'x')
                   +- Deduplicate [page]
                      +- EventTimeWatermark ts, 10 minutes
                         +- StreamingRelation memory #0 [page: string, v: int, ts: timestamp]
                """);
    }

    @Test
    void aDeduplicationWithinAWatermarkReadsTheEventTime() {
        catalog.plan("once", deduplicated(false, "page")).plan("soon", deduplicated(true, "page"));
        assertPlan(
                "SELECT page FROM (SELECT page, ts FROM soon)",
                """
                Project [page]
                +- DeduplicateWithinWatermark [page]
                   +- EventTimeWatermark ts, 10 minutes
                      +- StreamingRelation memory #0 [page: string, ts: timestamp]
                """);
    }

    private static LogicalPlan deduplicated(boolean withinWatermark, String... columns) {
        return new LogicalPlan.Deduplicate(
                List.of(columns),
                withinWatermark,
                new LogicalPlan.UnresolvedRelation(List.of("events"), Origin.NONE),
                Origin.NONE);
    }

    @Test
    void aggregatesStandAsTheMergedProjectionReadsThem() {
        assertPlan(
                "SELECT s, n FROM (SELECT count(*) AS n, sum(v) AS s FROM raw GROUP BY page)",
                """
                Project [sum(v) AS s, count(1) AS n]
                +- Aggregate [page], [sum(v), count(1)]
                   +- StreamingRelation memory #0 [page: string, v: int]
                """);
        assertPlan(
                "SELECT s + s AS t, n FROM (SELECT count(*) AS n, sum(v) AS s FROM raw GROUP BY page)",
                """
                Project [(s + s) AS t, n]
                +- Project [count(1) AS n, sum(v) AS s]
                   +- Aggregate [page], [count(1), sum(v)]
                      +- StreamingRelation memory #0 [page: string, v: int]
                """);
        assertPlan(
                "SELECT s, n FROM (SELECT count(*) AS n, sum(v) AS s FROM raw GROUP BY page) WHERE s > 1",
                """
                Project [sum(v) AS s, count(1) AS n]
                +- Filter (sum(v) > 1)
                   +- Aggregate [page], [count(1), sum(v)]
                      +- StreamingRelation memory #0 [page: string, v: int]
                """);
    }

    @Test
    void aConstantIsNoKey() {
        assertPlan(
                "SELECT page, 'k' AS k, count(*) AS n FROM raw GROUP BY 2, 1",
                """
                Project [page, 'k' AS k, count(1) AS n]
                +- Aggregate [page], [count(1)]
                   +- StreamingRelation memory #0 [page: string]
                """);
        assertPlan(
                "SELECT 'k' AS k, max(v) AS m FROM raw GROUP BY 1, 'l'",
                """
                Project ['k' AS k, max(v) AS m]
                +- Aggregate [0 AS 0], [max(v)]
                   +- StreamingRelation memory #0 [v: int]
                """);
        assertPlan(
                "SELECT k, count(*) AS n FROM (SELECT 'k' AS k FROM raw) GROUP BY k",
                """
                Project [k, count(1) AS n]
                +- Aggregate [k], [count(1)]
                   +- Project ['k' AS k]
                      +- StreamingRelation memory #0 []
                """);
    }

    @Test
    void aGroupingThatSaysNothingNewIsDropped() {
        assertPlan(
                "SELECT DISTINCT ts FROM (SELECT DISTINCT page, ts FROM events)",
                """
                Aggregate [ts], []
                +- EventTimeWatermark ts, 10 minutes
                   +- StreamingRelation memory #0 [ts: timestamp]
                """);
        assertPlan(
                "SELECT DISTINCT page, ts FROM (SELECT page, ts, count(*) AS n FROM events GROUP BY page, ts)",
                """
                Aggregate [page, ts], []
                +- EventTimeWatermark ts, 10 minutes
                   +- StreamingRelation memory #0 [page: string, ts: timestamp]
                """);
        assertPlan(
                "SELECT max(v) AS m FROM (SELECT page, v FROM raw GROUP BY page, v) GROUP BY page",
                """
                Project [max(v) AS m]
                +- Aggregate [page], [max(v)]
                   +- StreamingRelation memory #0 [page: string, v: int]
                """);
        assertPlan(
                "SELECT sum(v) AS m FROM (SELECT page, v FROM raw GROUP BY page, v) GROUP BY page",
                """
                Project [sum(v) AS m]
                +- Aggregate [page], [sum(v)]
                   +- Aggregate [page, v], []
                      +- StreamingRelation memory #0 [page: string, v: int]
                """);
        assertPlan(
                "SELECT n FROM (SELECT page AS p, count(*) AS n FROM raw GROUP BY page) GROUP BY n, p",
                """
                Project [count(1) AS n]
                +- Aggregate [page], [count(1)]
                   +- StreamingRelation memory #0 [page: string]
                """);
    }

    @Test
    void limitsMeet() {
        assertPlan(
                "SELECT upper(page) AS p FROM (SELECT page, v FROM raw LIMIT 5) LIMIT 3",
                """
                Limit 3
                +- Project [upper(page) AS p]
                   +- StreamingRelation memory #0 [page: string]
                """);
    }

    @Test
    void aWindowOfAWindowGoesByItsLastMicrosecond() {
        assertPlan(
                "SELECT window(window, '1 day') AS w, sum(n) AS n FROM"
                        + " (SELECT window(ts, '1 hour'), count(*) AS n FROM events GROUP BY 1) GROUP BY 1",
                """
                Project [window AS w, sum(n) AS n]
                +- Aggregate [window], [sum(n)]
                   +- TimeWindow window_time(window), 1 day
                      +- Project [window, count(1) AS n]
                         +- Aggregate [window], [count(1)]
                            +- TimeWindow ts, 1 hour
                               +- EventTimeWatermark ts, 10 minutes
                                  +- StreamingRelation memory #0 [ts: timestamp]
                """);
    }

    @Test
    void aUnionWithoutAllGroupsByAllColumns() {
        assertPlan(
                "SELECT page FROM raw UNION SELECT upper(x) FROM events",
                """
                Aggregate [page], []
                +- Union
                   :- StreamingRelation memory #0 [page: string]
                   +- Project [upper(x) AS page]
                      +- EventTimeWatermark ts, 10 minutes
                         +- StreamingRelation memory #0 [ts: timestamp, x: string]
                """);
    }
}
