package io.tidemark.runtime.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.runtime.analysis.Fakes;
import io.tidemark.runtime.analysis.TestCatalog;
import io.tidemark.runtime.expression.function.BuiltinFunctions;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    private final TestCatalog catalog = new TestCatalog(Fakes.functions())
            .stream("clicks", "key BINARY, value BINARY, topic STRING, partition INT, timestamp TIMESTAMP").stream(
                            "t", "a INT, b BIGINT, page STRING, ts TIMESTAMP")
                    .stream("u", "a INT, c DOUBLE")
                    .view(
                            "events",
                            "SELECT d.* FROM (SELECT from_json(CAST(value AS STRING), 'user_id STRING, page STRING, amount DOUBLE,"
                                    + " at STRUCT<x: INT, y: INT>, event_time TIMESTAMP') AS d FROM clicks)");

    private void assertPlan(String sql, String tree) {
        assertThat(PlanPrinter.print(Optimizer.optimize(catalog.analyze(sql)))).isEqualTo(tree);
        assertThat(Optimizer.optimize(catalog.analyze(sql)).schema().fieldNames())
                .isEqualTo(catalog.analyze(sql).schema().fieldNames());
    }

    @Test
    void jsonIsParsedOnceForTheFieldsThatAreUsed() {
        assertPlan(
                "SELECT user_id, amount FROM events WHERE amount > 5D",
                """
                Project [d.user_id AS user_id, d.amount AS amount]
                +- Filter (d.amount > 5.0)
                   +- Project [from_json(CAST(value AS STRING), user_id STRING, amount DOUBLE) AS d]
                      +- StreamingRelation memory #0 [value: binary]
                """);
    }

    @Test
    void theRealFunctionsAreRecognisedToo() {
        TestCatalog real = new TestCatalog(BuiltinFunctions.registry()).stream("clicks", "key BINARY, value BINARY");
        String sql = "SELECT upper(d.page) AS page, d.amount FROM (SELECT from_json(CAST(value AS STRING),"
                + " 'user_id STRING, page STRING, amount DOUBLE') AS d FROM clicks) WHERE d.amount > 5D AND d.page != 'x'";

        assertThat(PlanPrinter.print(Optimizer.optimize(real.analyze(sql))))
                .isEqualTo(
                        """
                        Project [upper(d.page) AS page, d.amount AS amount]
                        +- Filter (d.page != 'x')
                           +- Filter (d.amount > 5.0)
                              +- Project [from_json(CAST(value AS STRING), page STRING, amount DOUBLE) AS d]
                                 +- StreamingRelation memory #0 [value: binary]
                        """);
    }

    @Test
    void anIntervalIsShownAsItIsAdded() {
        TestCatalog real = new TestCatalog(BuiltinFunctions.registry()).stream("clicks", "page STRING, ts TIMESTAMP");

        assertThat(PlanPrinter.print(Optimizer.optimize(
                        real.analyze("SELECT page FROM clicks WHERE ts > current_timestamp() - INTERVAL 1 HOUR"))))
                .isEqualTo(
                        """
                        Project [page]
                        +- Filter (ts > (current_timestamp() + INTERVAL '-01' HOUR))
                           +- StreamingRelation memory #0 [page: string, ts: timestamp]
                        """);
    }

    @Test
    void aJsonOfWhichAllIsUsedKeepsAll() {
        assertPlan(
                "SELECT d.* FROM (SELECT from_json(CAST(value AS STRING), 'a INT, b INT') AS d FROM clicks)",
                """
                Project [d.a AS a, d.b AS b]
                +- Project [from_json(CAST(value AS STRING), a INT, b INT) AS d]
                   +- StreamingRelation memory #0 [value: binary]
                """);
    }

    @Test
    void fieldsInsideFieldsAreLeftOutToo() {
        assertPlan(
                "SELECT at.y AS y, page FROM events",
                """
                Project [d.at.y AS y, d.page AS page]
                +- Project [from_json(CAST(value AS STRING), page STRING, at STRUCT<y: INT>) AS d]
                   +- StreamingRelation memory #0 [value: binary]
                """);
        assertPlan(
                "SELECT at.y AS y, at FROM events",
                """
                Project [d.at.y AS y, d.at AS at]
                +- Project [from_json(CAST(value AS STRING), at STRUCT<x: INT, y: INT>) AS d]
                   +- StreamingRelation memory #0 [value: binary]
                """);
    }

    @Test
    void theSameJsonWrittenTwiceIsParsedOnce() {
        assertPlan(
                "SELECT from_json(CAST(value AS STRING), 'a INT, b INT, c INT').a AS a,"
                        + " from_json(CAST(value AS STRING), 'a INT, b INT, c INT').c AS c, topic FROM clicks",
                """
                Project [_parsed.a AS a, _parsed.c AS c, topic]
                +- Project [topic, from_json(CAST(value AS STRING), a INT, c INT) AS _parsed]
                   +- StreamingRelation memory #0 [value: binary, topic: string]
                """);
    }

    @Test
    void aRecordWhoseMalformednessIsAskedForIsReadWhole() {
        String json =
                "SELECT from_json(CAST(value AS STRING), 'a INT, b INT, _corrupt_record STRING') AS d FROM clicks";
        assertPlan(
                "SELECT d.a, d._corrupt_record FROM (" + json + ")",
                """
                Project [d.a AS a, d._corrupt_record AS _corrupt_record]
                +- Project [from_json(CAST(value AS STRING), a INT, b INT, _corrupt_record STRING) AS d]
                   +- StreamingRelation memory #0 [value: binary]
                """);
        assertPlan(
                "SELECT d.a FROM (" + json + ")",
                """
                Project [from_json(CAST(value AS STRING), a INT).a AS a]
                +- StreamingRelation memory #0 [value: binary]
                """);
    }

    @Test
    void filtersSinkBelowProjectionsAndIntoUnions() {
        assertPlan(
                "SELECT n FROM (SELECT a AS n, upper(page) AS p FROM t UNION ALL SELECT a, 'x' FROM u) WHERE n > 1",
                """
                Union
                :- Project [a AS n]
                :  +- Filter (a > 1)
                :     +- StreamingRelation memory #0 [a: int]
                +- Project [a AS n]
                   +- Filter (a > 1)
                      +- StreamingRelation memory #1 [a: int]
                """);
    }

    @Test
    void aFilterOnSomethingExpensiveDoesNotComputeItTwice() {
        assertPlan(
                "SELECT p FROM (SELECT upper(page) AS p FROM t) WHERE p = 'X'",
                """
                Filter (p = 'X')
                +- Project [upper(page) AS p]
                   +- StreamingRelation memory #0 [page: string]
                """);
    }

    @Test
    void conditionsKeepTheirOrder() {
        assertPlan(
                "SELECT a FROM (SELECT a, b FROM t WHERE b != 0) WHERE a / b > 1 AND a > 0",
                """
                Project [a]
                +- Filter (a > 0)
                   +- Filter ((CAST(a AS BIGINT) / b) > 1)
                      +- Filter (b != 0)
                         +- StreamingRelation memory #0 [a: int, b: bigint]
                """);
    }

    @Test
    void projectionsMeltUnlessTheyWouldComputeTwice() {
        assertPlan(
                "SELECT n + 1 AS m FROM (SELECT a + 1 AS n FROM t)",
                """
                Project [((a + 1) + 1) AS m]
                +- StreamingRelation memory #0 [a: int]
                """);
        assertPlan(
                "SELECT n + n AS m FROM (SELECT a + 1 AS n FROM t)",
                """
                Project [(n + n) AS m]
                +- Project [(a + 1) AS n]
                   +- StreamingRelation memory #0 [a: int]
                """);
        assertPlan(
                "SELECT r.x AS x FROM (SELECT struct(a AS x, upper(page) AS y) AS r FROM t)",
                """
                Project [a AS x]
                +- StreamingRelation memory #0 [a: int]
                """);
    }

    @Test
    void aRandomValueIsDrawnWhereItWasWritten() {
        assertPlan(
                "SELECT r + 1D AS s FROM (SELECT rand(1) AS r, a FROM t) WHERE a > 1",
                """
                Project [(r + 1.0) AS s]
                +- Filter (a > 1)
                   +- Project [rand(1) AS r, a]
                      +- StreamingRelation memory #0 [a: int]
                """);
    }

    @Test
    void aWatermarkKeepsItsColumnAndLetsOtherFiltersPass() {
        assertPlan(
                "SELECT page FROM t WATERMARK ts DELAY OF INTERVAL 10 MINUTES WHERE a > 1",
                """
                Project [page]
                +- EventTimeWatermark ts, 10 minutes
                   +- Filter (a > 1)
                      +- StreamingRelation memory #0 [a: int, page: string, ts: timestamp]
                """);
        assertPlan(
                "SELECT page FROM t WATERMARK ts DELAY OF INTERVAL 1 SECOND WHERE ts > current_timestamp",
                """
                Project [page]
                +- Filter (ts > current_timestamp())
                   +- EventTimeWatermark ts, 1 second
                      +- StreamingRelation memory #0 [page: string, ts: timestamp]
                """);
    }

    @Test
    void aQueryThatReadsNoColumnStillCountsRows() {
        assertPlan(
                "SELECT 1 AS one FROM t",
                """
                Project [1 AS one]
                +- StreamingRelation memory #0 []
                """);
    }

    @Test
    void whatChangesNothingIsLeftOut() {
        assertPlan(
                "SELECT * FROM (SELECT * FROM u) WHERE TRUE",
                """
                StreamingRelation memory #0 [a: int, c: double]
                """);
    }

    @Test
    void unionsOfJsonAreNarrowedOnlyWhereAllInputsCan() {
        assertPlan(
                "SELECT d.a FROM (SELECT from_json(CAST(value AS STRING), 'a INT, b INT') AS d FROM clicks"
                        + " UNION ALL SELECT from_json(topic, 'a INT, b INT') FROM clicks)",
                """
                Union
                :- Project [from_json(CAST(value AS STRING), a INT).a AS a]
                :  +- StreamingRelation memory #0 [value: binary]
                +- Project [from_json(topic, a INT).a AS a]
                   +- StreamingRelation memory #0 [topic: string]
                """);
    }
}
