package io.tidemark.runtime.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.LogicalPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlQueryTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '¤',
            textBlock =
                    """
            SELECT a, b FROM t => project[a, b](table t)
            select A from T; => project[A](table T)
            SELECT * FROM t WHERE a > 1 => project[*](filter[(> a 1:int)](table t))
            SELECT x.a FROM t AS x => project[x.a](x := table t)
            SELECT * FROM t x(c1, c2) => project[*](x[c1, c2] := table t)
            SELECT * FROM (SELECT a FROM t) => project[*](__auto_generated_subquery_name := project[a](table t))
            SELECT * FROM (SELECT a FROM t) q => project[*](q := project[a](table t))
            SELECT * FROM STREAM t => project[*](table t)
            SELECT * FROM STREAM(t) s => project[*](s := table t)
            SELECT * FROM db.t => project[*](table db.t)
            TABLE t => table t
            SELECT 1 => project[1:int](one row)
            SELECT a FROM t UNION ALL SELECT b FROM u => union(project[a](table t); project[b](table u))
            SELECT a FROM t UNION SELECT b FROM u => distinct(union(project[a](table t); project[b](table u)))
            WITH q AS (SELECT a FROM t) SELECT * FROM q => with{q := project[a](table t)} project[*](table q)
            SELECT DISTINCT a FROM t => distinct(project[a](table t))
            SELECT a FROM t ORDER BY a DESC, b LIMIT 3 => limit[3:int](sort[a desc nulls last, b asc nulls first](project[a](table t)))
            SELECT a, count(*) c FROM t GROUP BY a HAVING c > 1 => aggregate[a][a, (count 1:int) as c] having (> c 1:int)(table t)
            SELECT * FROM t WATERMARK ts DELAY OF INTERVAL 10 MINUTES => project[*](watermark[ts 600000](table t))
            SELECT * FROM STREAM t WATERMARK ts DELAY OF INTERVAL '1' HOUR 30 SECONDS AS x => project[*](x := watermark[ts 3630000](table t))
            SELECT * FROM t WATERMARK to_timestamp(s) AS ts DELAY OF INTERVAL 1 SECOND => project[*](watermark[ts 1000](project[(to_timestamp s) as ts, *](table t)))
            SELECT /*+ BROADCAST(t) */ a FROM t -- done => project[a](table t)
            """)
    void aQueryBecomesThePlanItMeans(String sql, String expected) {
        assertThat(PlanText.of(SqlParser.parseQuery(sql))).isEqualTo(expected);
    }

    @Test
    void aClauseKnowsWhereItStands() {
        LogicalPlan.Limit limit = (LogicalPlan.Limit) SqlParser.parseQuery("SELECT a\nFROM t\nORDER BY a LIMIT 3");

        assertThat(limit.origin()).isEqualTo(new Origin(3, 12, "LIMIT 3"));
        assertThat(((LogicalPlan.Sort) limit.input()).origin()).isEqualTo(new Origin(3, 1, "ORDER BY a"));
    }
}
