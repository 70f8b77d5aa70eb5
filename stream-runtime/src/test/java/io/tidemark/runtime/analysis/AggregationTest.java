package io.tidemark.runtime.analysis;

import static org.assertj.core.api.Assertions.assertThat;

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
            SELECT count(*), sum(v + 1) FROM t => `count(1)` BIGINT NOT NULL, `sum((v + 1))` INT
            SELECT upper(page), max(v) + 1 AS k FROM t GROUP BY upper(page) => `upper(page)` STRING, k INT
            SELECT upper(page) AS p, count(*) AS n FROM t GROUP BY p => p STRING, n BIGINT NOT NULL
            SELECT upper(page) AS p, count(*) AS n FROM t GROUP BY 1 => p STRING, n BIGINT NOT NULL
            SELECT page, v, count(*) AS n FROM t GROUP BY ALL => page STRING, v INT, n BIGINT NOT NULL
            SELECT s.x, count(*) AS n FROM t GROUP BY s => x INT, n BIGINT NOT NULL
            SELECT 'x' AS c, count(*) AS n FROM t => c STRING NOT NULL, n BIGINT NOT NULL
            SELECT sum(v) FILTER (WHERE v > 1) FROM t => `sum(v) FILTER (WHERE (v > 1))` INT
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
}
