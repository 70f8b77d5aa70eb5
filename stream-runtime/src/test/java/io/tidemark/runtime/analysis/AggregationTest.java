package io.tidemark.runtime.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.runtime.optimizer.PlanPrinter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AggregationTest {
    private final TestCatalog catalog = new TestCatalog(Fakes.functions())
            .stream("t", "page STRING, v INT, d DOUBLE, ts TIMESTAMP, m MAP<STRING, INT>, s STRUCT<x: INT>").stream(
                    "w", "id STRING NOT NULL, gap STRING, ntz TIMESTAMP_NTZ");

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '¤',
            textBlock =
                    """
            SELECT page, count(*) FROM t GROUP BY page => page STRING, `count(1)` BIGINT NOT NULL
            SELECT count(*) AS n, t.page FROM t GROUP BY t.page => n BIGINT NOT NULL, page STRING
            SELECT count(*), sum(v + 1) FROM t => `count(1)` BIGINT NOT NULL, `sum((v + 1))` BIGINT
            SELECT upper(page), max(v) + 1 AS k FROM t GROUP BY upper(page) => `upper(page)` STRING, k INT
            SELECT upper(page) AS p, count(*) AS n FROM t GROUP BY p => p STRING, n BIGINT NOT NULL
            SELECT upper(page) AS p, count(*) AS n FROM t GROUP BY 1 => p STRING, n BIGINT NOT NULL
            SELECT page, v, count(*) AS n FROM t GROUP BY ALL => page STRING, v INT, n BIGINT NOT NULL
            SELECT s.x, count(*) AS n FROM t GROUP BY s => x INT, n BIGINT NOT NULL
            SELECT 'x' AS c, count(*) AS n FROM t => c STRING NOT NULL, n BIGINT NOT NULL
            SELECT sum(v) FILTER (WHERE v > 1) FROM t => `sum(v) FILTER (WHERE (v > 1))` BIGINT
            SELECT count(*) AS n, n + 1 AS k FROM t GROUP BY page => n BIGINT NOT NULL, k BIGINT NOT NULL
            SELECT page AS v FROM t GROUP BY page HAVING v = 'x' => v STRING
            SELECT page FROM t GROUP BY page HAVING sum(v) > 1 => page STRING
            SELECT page FROM t GROUP BY page ORDER BY count(*) DESC, page => page STRING
            SELECT window, count(*) FROM t GROUP BY window(ts, '10 minutes') => window STRUCT<start: TIMESTAMP, end: TIMESTAMP> NOT NULL, `count(1)` BIGINT NOT NULL
            SELECT window(ts, '10 minutes').start, count(*) AS n FROM t GROUP BY window(ts, '10 minutes') => `window.start` TIMESTAMP, n BIGINT NOT NULL
            SELECT window.end, n FROM (SELECT window(ts, '10 minutes', '5 minutes'), count(*) AS n FROM t GROUP BY 1) => end TIMESTAMP, n BIGINT NOT NULL
            SELECT window(ts, '1 hour') AS w, page FROM t => w STRUCT<start: TIMESTAMP, end: TIMESTAMP> NOT NULL, page STRING
            SELECT session_window.start, page, count(*) AS n FROM t GROUP BY session_window(ts, '5 minutes'), page => start TIMESTAMP, page STRING, n BIGINT NOT NULL
            SELECT window(ntz, '1 hour') AS w FROM w => w STRUCT<start: TIMESTAMP_NTZ, end: TIMESTAMP_NTZ> NOT NULL
            SELECT window_time(window) AS wt, n FROM (SELECT window(ts, '1 hour'), count(*) AS n FROM t GROUP BY 1) => wt TIMESTAMP, n BIGINT NOT NULL
            SELECT window(window, '1 hour') AS w, sum(n) AS n FROM (SELECT window(ts, '10 minutes'), count(*) AS n FROM t GROUP BY 1) GROUP BY 1 => w STRUCT<start: TIMESTAMP, end: TIMESTAMP> NOT NULL, n BIGINT
            SELECT DISTINCT page FROM t => page STRING
            SELECT page FROM t UNION SELECT id FROM w => page STRING
            SELECT page FROM t LIMIT 3 => page STRING
            SELECT page FROM t LIMIT ALL => page STRING
            SELECT page FROM t ORDER BY v => page STRING
            """)
    void anAggregationHasTheSchemaOfSpark(String sql, String ddl) {
        assertThat(catalog.analyze(sql).schema().toDdl()).isEqualTo(ddl);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '¤',
            textBlock =
                    """
            SELECT page, v FROM t GROUP BY page => MISSING_GROUP_BY The column `v` is used outside of aggregate functions, but it is not in GROUP BY. => 14
            SELECT v + count(*) FROM t => MISSING_GROUP_BY The column `v` is used outside of aggregate functions, but there is no GROUP BY. => 8
            SELECT v FROM t HAVING v > 1 => MISSING_GROUP_BY The column `v` => 8
            SELECT page FROM t GROUP BY page HAVING v > 1 => MISSING_GROUP_BY The column `v` => 41
            SELECT * FROM t GROUP BY page => MISSING_GROUP_BY The column `v` => 8
            SELECT page, count(*) FROM t GROUP BY page + 1 => MISSING_GROUP_BY The column `page` => 8
            SELECT page FROM t WHERE count(*) > 1 => MISPLACED_AGGREGATE The WHERE condition contains an aggregate function: count(1). => 26
            SELECT sum(count(*)) FROM t => MISPLACED_AGGREGATE It is not allowed to use an aggregate function in the argument => 12
            SELECT count(*) FROM t GROUP BY sum(v) => MISPLACED_AGGREGATE Aggregate functions are not allowed in GROUP BY: sum(v). => 33
            SELECT page, count(*) AS n FROM t GROUP BY n => MISPLACED_AGGREGATE Aggregate functions are not allowed in GROUP BY: count(1). => 14
            SELECT page, count(*) FROM t GROUP BY 2 => MISPLACED_AGGREGATE Aggregate functions are not allowed in GROUP BY: count(1). => 14
            SELECT page, count(*) FROM t GROUP BY 3 => POSITION_OUT_OF_RANGE GROUP BY position 3 is not in the select list: valid are 1 to 2. => 39
            SELECT page FROM t ORDER BY 0 => POSITION_OUT_OF_RANGE ORDER BY position 0 => 29
            SELECT sum(rand(1)) FROM t => MISPLACED_AGGREGATE Random values are not allowed in the arguments => 8
            SELECT rand(1) AS r, count(*) FROM t GROUP BY r => SQL_UNSUPPORTED The random value => 47
            SELECT count(DISTINCT v) FROM t => STREAMING_UNSUPPORTED Distinct aggregations are not supported on streams: count(DISTINCT v). Consider approx_count_distinct => 8
            SELECT sum(v) FILTER (WHERE v) FROM t => TYPE_MISMATCH The FILTER of sum(v) FILTER (WHERE v) has type INT => 8
            SELECT m, count(*) FROM t GROUP BY m => TYPE_MISMATCH Cannot group by `m` of type MAP<STRING, INT> => 36
            SELECT DISTINCT m FROM t => TYPE_MISMATCH Cannot group by `m` => 8
            SELECT page FROM t ORDER BY m => TYPE_MISMATCH Cannot order by a MAP<STRING, INT> => 29
            SELECT page AS x, v AS x FROM t ORDER BY x => AMBIGUOUS_COLUMN ORDER BY `x` is ambiguous => 42
            SELECT window(ts, '1 hour'), window(ts, '2 hours') FROM t => STREAMING_UNSUPPORTED Several different windows => 30
            SELECT window(ts, '1 month') FROM t => INVALID_ARGUMENT_VALUE Windows of months are not supported => 19
            SELECT window(ts, '10minutes') FROM t => INVALID_ARGUMENT_VALUE '10minutes' is not a duration. => 19
            SELECT window(ts, '0 seconds') FROM t => INVALID_ARGUMENT_VALUE The length of a window must be positive => 19
            SELECT window(ts, v) FROM t => INVALID_ARGUMENT_VALUE The durations of a window must be constant texts => 19
            SELECT window(ts, INTERVAL 1 HOUR) FROM t => SQL_UNSUPPORTED An INTERVAL as a value => 19
            SELECT window(ts, '1 hour', '2 hours') FROM t => INVALID_ARGUMENT_VALUE The slide of the window => 29
            SELECT window(ts, '1 hour', '1 hour', '1 hour') FROM t => INVALID_ARGUMENT_VALUE The absolute value of the start time => 39
            SELECT window(ts) FROM t => WRONG_ARGUMENT_COUNT The function 'window' takes 2 to 4 arguments but was given 1. => 8
            SELECT window(s, '1 hour') FROM t => TYPE_MISMATCH The time of window is a STRUCT<x: INT> => 15
            SELECT window_time(window), count(*) FROM t GROUP BY window(ts, '1 hour') => MISSING_GROUP_BY window_time is used beside GROUP BY => 8
            SELECT window_time(s) FROM t => TYPE_MISMATCH The argument of window_time is not a column made by window => 8
            SELECT session_window(ts, 5), count(*) FROM t GROUP BY 1 => TYPE_MISMATCH The gap of a session_window is a INT => 27
            SELECT session_window(ts, 'abc'), count(*) FROM t GROUP BY 1 => INVALID_ARGUMENT_VALUE 'abc' is not a duration. => 27
            SELECT page FROM t LIMIT -1 => INVALID_ARGUMENT_VALUE The limit must be equal to or greater than 0, but is -1. => 20
            SELECT page FROM t LIMIT 3L => INVALID_ARGUMENT_VALUE The limit must be a constant of type INT, but is 3 of type BIGINT. => 20
            SELECT page FROM t GROUP BY ROLLUP(page) => SQL_UNSUPPORTED ROLLUP => 29
            SELECT page FROM t GROUP BY page WITH CUBE => SQL_UNSUPPORTED CUBE => 39
            SELECT page FROM t GROUP BY GROUPING SETS ((page)) => SQL_UNSUPPORTED GROUPING SETS => 29
            SELECT count(*) OVER (PARTITION BY page) FROM t => SQL_UNSUPPORTED OVER (window functions) => 17
            """)
    void whatSparkRefusesIsRefusedWithItsPlace(String sql, String codeAndStart, int column) {
        String[] expected = codeAndStart.split(" ", 2);

        AnalysisException e = catchThrowableOfType(AnalysisException.class, () -> catalog.analyze(sql));

        assertThat(e).as(sql).isNotNull();
        assertThat(e).hasMessageStartingWith(expected[1]).hasMessageEndingWith("(line 1, column " + column + ")");
        assertThat(e.code()).isEqualTo(ErrorCode.valueOf(expected[0]));
        assertThat(e.getMessage()).doesNotContain("\n");
    }

    @Test
    void anAggregateIsKeptOnceInTheOrderOfItsFirstAppearance() {
        assertThat(aggregates("SELECT max(v), sum(v) / count(*), page, count(*) + max(v) FROM t GROUP BY page"
                        + " HAVING avg(d) > 1 AND sum(v) > 2 ORDER BY min(d), max(v)"))
                .isEqualTo("[max(v), sum(v), count(1), avg(d), min(d)]");
        assertThat(aggregates("SELECT sum(v + d), sum(d + v), sum(t.v + t.d) FROM t"))
                .isEqualTo("[sum((v + d))]");
        assertThat(aggregates("SELECT count(*), count(1), count('x'), count(v) FROM t"))
                .isEqualTo("[count(1), count(v)]");
        assertThat(aggregates("SELECT min(d) BETWEEN sum(v) AND max(v), avg(d) FROM t"))
                .as("Spark meets the bounds first")
                .isEqualTo("[sum(v), max(v), min(d), avg(d)]");
    }

    private String aggregates(String sql) {
        return PlanPrinter.print(catalog.analyze(sql))
                .lines()
                .filter(line -> line.contains("Aggregate "))
                .findFirst()
                .orElseThrow()
                .replaceFirst(".*], ", "");
    }

    @Test
    void aKeyIsCalledAsInSparksState() {
        assertThat(PlanPrinter.print(catalog.analyze("SELECT upper(page) AS p, s.x, v, ts AS t FROM t"
                        + " GROUP BY p, S.X, V, v, ts, window(ts, '1 hour')")))
                .isEqualTo(
                        """
                        Project [_groupingexpression AS p, _groupingexpression AS x, V AS v, ts AS t]
                        +- Aggregate [upper(page) AS _groupingexpression, S.x AS _groupingexpression, V, ts, window], []
                           +- TimeWindow ts, 1 hour
                              +- StreamingRelation memory #0 [page: string, v: int, d: double, ts: timestamp, m: map<string,int>, s: struct<x:int>]
                        """);
    }

    @Test
    void aSessionKnowsItsKeyAndAGapIsComputedForEachRow() {
        assertThat(PlanPrinter.print(catalog.analyze(
                        "SELECT count(*) AS n FROM t GROUP BY page, session_window(ts, '1 hour 1 second')")))
                .contains("+- SessionWindow ts, 3601 seconds\n");
        assertThat(PlanPrinter.print(catalog.analyze(
                        "SELECT count(*) AS n FROM w GROUP BY id, session_window(to_timestamp(id), gap)")))
                .contains("+- SessionWindow to_timestamp(id), session_gap(to_timestamp(id), gap)\n");
    }

    @Test
    void keysOfADeduplicationStandInTheOrderOfAScalaSet() {
        catalog.stream("e", "a INT, b INT, c INT, d INT, e INT");

        assertThat(keys("e")).isEqualTo("Deduplicate [e, a, b, c, d]");
        assertThat(keys("e", "d", "C", "a")).isEqualTo("Deduplicate [d, c, a]");
        catalog.stream("clicks", "user_id INT, event_id INT, event_type INT, page_url INT, ts INT, device INT");
        assertThat(keys("clicks", "user_id", "event_id", "event_type", "page_url", "ts", "device"))
                .isEqualTo("Deduplicate [ts, user_id, event_type, event_id, page_url, device]");
        AnalysisException e = catchThrowableOfType(AnalysisException.class, () -> keys("e", "x"));
        assertThat(e).hasMessageStartingWith("Cannot resolve column name `x` among (a, b, c, d, e).");
    }

    private String keys(String table, String... columns) {
        LogicalPlan deduplicate = new LogicalPlan.Deduplicate(
                List.of(columns), false, new LogicalPlan.UnresolvedRelation(List.of(table), Origin.NONE), Origin.NONE);
        return PlanPrinter.print(Analyzer.analyze(deduplicate, catalog.context()))
                .lines()
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anOrderByWhatIsNotSelectedComputesAHiddenColumn() {
        assertThat(PlanPrinter.print(catalog.analyze(
                        "SELECT page, count(*) AS n FROM t GROUP BY page ORDER BY 2 DESC, upper(page) NULLS LAST")))
                .startsWith(
                        """
                        Project [page, n]
                        +- Sort [n DESC NULLS LAST, _order0 ASC NULLS LAST]
                           +- Project [page, count(1) AS n, upper(page) AS _order0]
                              +- Aggregate [page], [count(1)]
                        """);
    }

    @Test
    void aWindowInWhereBecomesAColumnBeforeTheOthers() {
        assertThat(catalog.columns("SELECT * FROM w WHERE window(ntz, '1 hour').start > ntz"))
                .containsExactly("window", "id", "gap", "ntz");
    }
}
