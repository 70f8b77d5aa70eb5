package io.tidemark.runtime.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.AtomicType;
import io.tidemark.runtime.plan.BoundPlan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnalyzerTest {
    private final TestCatalog catalog = new TestCatalog(Fakes.functions())
            .stream("clicks", "value BINARY, topic STRING, ts TIMESTAMP").stream(
                    "t",
                    "a INT, b BIGINT, page STRING, s STRUCT<x: INT, y: STRUCT<z: STRING>>, l ARRAY<STRUCT<q: INT>>, m MAP<STRING, INT>")
                    .stream("u", "a BIGINT NOT NULL, c DOUBLE");

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '¤',
            textBlock =
                    """
            SELECT a, b + 1 AS c FROM t => a INT, c BIGINT
            SELECT PAGE FROM T => PAGE STRING
            SELECT t.a, x.c FROM t => !
            SELECT x.a FROM t AS x => a INT
            SELECT * FROM u => a BIGINT NOT NULL, c DOUBLE
            SELECT x.*, x.a AS again FROM u x => a BIGINT NOT NULL, c DOUBLE, again BIGINT NOT NULL
            SELECT s.* FROM t => x INT, y STRUCT<z: STRING>
            SELECT t.s.y.* FROM t => z STRING
            SELECT s.y.z, S.X FROM t => z STRING, X INT
            SELECT l.q FROM t => q ARRAY<INT>
            SELECT m.k FROM t => k STRING
            SELECT s['x'] FROM t => `s.x` INT
            SELECT * FROM (SELECT a AS n FROM t) WHERE n > 1 => n INT
            SELECT * FROM u AS v(k, d) WHERE v.k > 1 => k BIGINT NOT NULL, d DOUBLE
            WITH q AS (SELECT a FROM t), r AS (SELECT a AS b FROM q) SELECT r.b FROM r => b INT
            WITH t AS (SELECT c FROM u) SELECT * FROM t => c DOUBLE
            SELECT a + 1 AS n, n + 1 AS k FROM t => n INT, k INT
            SELECT a AS n, n + 1 FROM t => n INT, `(lateralAliasReference(n) + 1)` INT
            SELECT a AS b, b AS c FROM t => b INT, c BIGINT
            SELECT page LIKE ANY ('x', 'y') FROM t => `likeany(page)` BOOLEAN
            SELECT page NOT LIKE ALL ('x', 'y') FROM t => `notlikeall(page)` BOOLEAN
            SELECT page ILIKE 'x' FROM t => `ilike(page, x)` BOOLEAN
            SELECT a, a FROM t => a INT, a INT
            SELECT a FROM (SELECT a, a FROM t) => a INT
            SELECT a FROM t UNION ALL SELECT a FROM u => a BIGINT
            SELECT a, page FROM t UNION ALL SELECT c, 'x' FROM u => a DOUBLE, page STRING
            SELECT struct(a, page AS p, a + 1) AS r FROM t => r STRUCT<a: INT, p: STRING, col3: INT> NOT NULL
            SELECT CAST(value AS STRING) AS v FROM clicks => v STRING
            SELECT d.* FROM (SELECT from_json(CAST(value AS STRING), 'id BIGINT, p STRING') AS d FROM clicks) => id BIGINT, p STRING
            """)
    void aQueryHasTheSchemaOfSpark(String sql, String ddl) {
        if (ddl.equals("!")) {
            assertThat(failure(sql).code()).isEqualTo(ErrorCode.UNRESOLVED_COLUMN);
        } else {
            assertThat(catalog.analyze(sql).schema().toDdl()).isEqualTo(ddl);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '¤',
            textBlock =
                    """
            upper(page) => upper(page)
            UPPER(t.Page) => upper(Page)
            a + 1 => (a + 1)
            a + b * 2 => (a + (b * 2))
            - 1 => -1
            CAST(a AS STRING) => a
            CAST(t.a + 1 AS STRING) => CAST((a + 1) AS STRING)
            TRY_CAST(s.x AS STRING) => TRY_CAST(s.x AS STRING)
            s['x'] => s.x
            l['q'] => l.q
            a > 1 AND page = 'x' => ((a > 1) AND (page = x))
            a != 1 => (NOT (a = 1))
            NOT (a IN (1, 2)) => (NOT (a IN (1, 2)))
            a BETWEEN 1 AND 2 => between(a, 1, 2)
            page IS NULL => (page IS NULL)
            page LIKE 'x%' => page LIKE x%
            CASE WHEN a > 1 THEN 'x' ELSE 'y' END => CASE WHEN (a > 1) THEN x ELSE y END
            if(a > 1, 1.5, 2) => (IF((a > 1), 1.5, 2))
            s.y.z => z
            upper(s.y.z) => upper(s.y.z)
            m['k'] => m[k]
            struct(a, page) => struct(a, page)
            page || 'x' => concat(page, x)
            extract(YEAR FROM DATE'2026-01-31') => extract(YEAR FROM DATE '2026-01-31')
            current_timestamp => current_timestamp()
            from_json(page, 'a INT') => from_json(page)
            TIMESTAMP'2026-01-31 00:00:00' => TIMESTAMP '2026-01-31 00:00:00'
            TRUE => true
            NULL => NULL
            """)
    void anExpressionWithoutAliasIsNamedAsInSpark(String expression, String name) {
        assertThat(catalog.columns("SELECT " + expression + " FROM t")).containsExactly(name);
    }

    @Test
    void aNameThatDoesNotExistComesWithTheNearestThatDo() {
        AnalysisException e = failure("SELECT a,\n  pgae FROM t");

        assertThat(e.code()).isEqualTo(ErrorCode.UNRESOLVED_COLUMN);
        assertThat(e)
                .hasMessage("A column, variable, or function parameter with name `pgae` cannot be resolved."
                        + " Did you mean one of the following? [`page`, `a`, `b`, `l`, `m`]. (line 2, column 3)");
        assertThat(failure("SELECT s.yy FROM t"))
                .hasMessage("No such struct field `yy` in `x`, `y`. (line 1, column 8)");
        assertThat(failure("SELECT * FROM click"))
                .hasMessage("The table or view `click` cannot be found."
                        + " Did you mean one of the following? [`clicks`, `t`, `u`]. (line 1, column 15)");
        assertThat(failure("SELECT uper(page) FROM t"))
                .hasMessageStartingWith("The function `uper` does not exist or is not supported by this version."
                        + " Did you mean one of the following? [`upper`, ")
                .hasMessageEndingWith("(line 1, column 8)");
    }

    @Test
    void aNameThatCouldBeTwoColumnsIsRefused() {
        AnalysisException e = failure("SELECT x FROM (SELECT a AS x, b AS X FROM t) q");

        assertThat(e.code()).isEqualTo(ErrorCode.AMBIGUOUS_COLUMN);
        assertThat(e).hasMessageStartingWith("Reference `x` is ambiguous, could be: [`q`.`x`, `q`.`X`].");
    }

    @Test
    void aColumnOfASubqueryCannotBeQualifiedByTheTableInside() {
        assertThat(failure("SELECT t.a FROM (SELECT a FROM t)").code()).isEqualTo(ErrorCode.UNRESOLVED_COLUMN);
        assertThat(failure("SELECT t.a FROM t AS x").code()).isEqualTo(ErrorCode.UNRESOLVED_COLUMN);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '¤',
            textBlock = """
            SELECT 1 => A SELECT without FROM (line 1, column 8)
            """)
    void whatIsNotSupportedIsNamedWithItsPlace(String sql, String clauseAndPlace) {
        AnalysisException e = failure(sql);
        int place = clauseAndPlace.lastIndexOf(" (line");
        assertThat(e.code()).isEqualTo(ErrorCode.STREAMING_UNSUPPORTED);
        assertThat(e)
                .hasMessage(clauseAndPlace.substring(0, place)
                        + " is not supported by this version. Rewrite the query without it."
                        + clauseAndPlace.substring(place));
    }

    @Test
    void aRandomValueNeedsASeed() {
        assertThat(catalog.columns("SELECT rand(42) AS r FROM t")).containsExactly("r");
        assertThat(failure("SELECT rand() FROM t"))
                .hasMessageContaining("Give it a seed, for instance rand(42). (line 1, column 8)");
        assertThat(failure("SELECT uuid() FROM t").code()).isEqualTo(ErrorCode.STREAMING_UNSUPPORTED);
    }

    @Test
    void aFilterMustBeBoolean() {
        AnalysisException e = failure("SELECT a FROM t WHERE a + 1");

        assertThat(e.code()).isEqualTo(ErrorCode.TYPE_MISMATCH);
        assertThat(e)
                .hasMessageStartingWith("Filter expression \"(a + 1)\" of type INT is not a boolean.")
                .hasMessageEndingWith("(line 1, column 23)");
        assertThat(catalog.analyze("SELECT a FROM t WHERE NULL").schema().size())
                .isOne();
    }

    @Test
    void inputsOfAUnionMustFit() {
        assertThat(failure("SELECT a, b FROM t UNION ALL SELECT a FROM u"))
                .hasMessageStartingWith("UNION can only be performed on inputs with the same number of columns")
                .hasMessageEndingWith("(line 1, column 20)");
        assertThat(failure("SELECT l FROM t UNION ALL SELECT a FROM u").code()).isEqualTo(ErrorCode.UNION_MISMATCH);
    }

    @Test
    void aUnionByNameSortsColumnsAndFillsMissingOnes() {
        LogicalPlan t = catalog.plan("t");
        LogicalPlan u = catalog.plan("u");
        LogicalPlan missing =
                new LogicalPlan.Union(List.of(u, t), LogicalPlan.Matching.BY_NAME_ALLOW_MISSING, Origin.NONE);
        LogicalPlan strict = new LogicalPlan.Union(List.of(u, t), LogicalPlan.Matching.BY_NAME, Origin.NONE);

        assertThat(Analyzer.analyze(missing, catalog.context()).schema().fieldNames())
                .containsExactly("a", "c", "b", "page", "s", "l", "m");
        assertThat(catchThrowableOfType(AnalysisException.class, () -> Analyzer.analyze(strict, catalog.context())))
                .hasMessageContaining("same number of columns");
    }

    @Test
    void sourcesAreNumberedInPreOrderAndOccurrencesToo() {
        catalog.view("both", "SELECT a FROM u UNION ALL SELECT a FROM t");
        BoundPlan plan = catalog.analyze("SELECT a FROM t UNION ALL SELECT a FROM both");

        assertThat(scans(plan)).containsExactly("t source 0 leaf 0", "u source 1 leaf 1", "t source 0 leaf 2");
    }

    private List<String> scans(BoundPlan plan) {
        List<String> found = new ArrayList<>();
        collect(plan, found);
        return found;
    }

    private void collect(BoundPlan plan, List<String> found) {
        if (plan instanceof BoundPlan.Scan scan) {
            String name = scan.relation().equals(catalog.plan("t")) ? "t" : "u";
            found.add(name + " source " + scan.source() + " leaf " + scan.leaf());
        } else if (plan instanceof BoundPlan.Project p) {
            collect(p.input(), found);
        } else if (plan instanceof BoundPlan.Union u) {
            u.inputs().forEach(i -> collect(i, found));
        }
    }

    @Test
    void aViewThatUsesItselfIsRefused() {
        catalog.view("x", "SELECT * FROM y").view("y", "SELECT * FROM x");

        assertThat(failure("SELECT * FROM x")).hasMessageContaining("is defined by itself: x -> y -> x");
    }

    @Test
    void aViewDoesNotSeeTheNamesOfTheQueryAroundIt() {
        catalog.view("v", "SELECT * FROM t");

        assertThat(catalog.columns("WITH t AS (SELECT c FROM u) SELECT * FROM v"))
                .contains("page");
    }

    @Test
    void aWatermarkKnowsItsColumn() {
        BoundPlan plan = catalog.analyze("SELECT ts FROM clicks WATERMARK ts DELAY OF INTERVAL 10 MINUTES");
        BoundPlan.Watermark watermark = (BoundPlan.Watermark) ((BoundPlan.Project) plan).input();

        assertThat(watermark.column()).isEqualTo(2);
        assertThat(watermark.delayMillis()).isEqualTo(600_000);
        assertThat(catalog.columns("SELECT * FROM t WATERMARK to_timestamp(page) AS at DELAY OF INTERVAL 1 SECOND"))
                .startsWith("at", "a");
        assertThat(failure("SELECT * FROM t WATERMARK page DELAY OF INTERVAL 1 SECOND"))
                .hasMessageStartingWith(
                        "The event time `page` has the invalid type \"STRING\", but expected \"TIMESTAMP\".");
    }

    @Test
    void anIntervalMovesATimestampAndStandsNowhereElse() {
        assertThat(catalog.columns("SELECT ts - INTERVAL 1 HOUR, INTERVAL '1' DAY + CAST(ts AS DATE) FROM clicks"
                        + " WHERE ts > ts - INTERVAL '1 hour 30 minutes'"))
                .containsExactly(
                        "ts - INTERVAL '01' HOUR",
                        "date_add(CAST(ts AS DATE), extractansiintervaldays(INTERVAL '1' DAY))");
        assertThat(failure("SELECT INTERVAL 1 DAY AS i FROM t"))
                .hasMessage("An INTERVAL as a value is not supported by this version."
                        + " Add it to a date or timestamp, or subtract it from one. (line 1, column 8)");
        assertThat(failure("SELECT ts FROM clicks WHERE ts > INTERVAL 1 DAY - ts")
                        .origin()
                        .column())
                .isEqualTo(34);
        assertThat(failure("SELECT ts + 2 * INTERVAL 1 DAY FROM clicks")
                        .origin()
                        .column())
                .isEqualTo(17);
        assertThat(failure("SELECT a + INTERVAL 1 DAY FROM t"))
                .hasMessageContaining("INTERVAL '1' DAY. Cast it to DATE, TIMESTAMP or TIMESTAMP_NTZ.");
    }

    @Test
    void columnsOfTheJavaApiAreResolvedAlike() {
        LogicalPlan alias = new LogicalPlan.SubqueryAlias("d", List.of(), catalog.plan("u"));
        LogicalPlan selected =
                new LogicalPlan.Project(List.of(new Expression.Attribute(List.of("a"), Origin.NONE)), alias);
        LogicalPlan filtered = new LogicalPlan.Filter(
                new Expression.Call(
                        ">",
                        List.of(
                                new Expression.Attribute(List.of("d", "a"), Origin.NONE),
                                new Expression.Literal(1, AtomicType.INT, Origin.NONE)),
                        Origin.NONE),
                selected);

        assertThat(Analyzer.analyze(filtered, catalog.context()).schema().toDdl())
                .isEqualTo("a BIGINT NOT NULL");
    }

    @Test
    void constantsAreComputedAtPlanning() {
        BoundPlan.Project plan = (BoundPlan.Project)
                catalog.analyze("SELECT CAST('12' AS INT) AS n, TIMESTAMP'2026-07-01 02:00:00' AS t FROM u");

        assertThat(plan.expressions().get(0).value().toString()).contains("Constant[value=12");
        assertThat(plan.expressions().get(1).value().toString()).contains("2026-07-01T00:00:00Z");
    }

    @Test
    void aConstantThatFailsFailsOnlyWhenARowIsComputed() {
        assertThat(catalog.columns("SELECT CAST('x' AS INT) AS n FROM u")).containsExactly("n");
    }

    private AnalysisException failure(String sql) {
        AnalysisException e = catchThrowableOfType(AnalysisException.class, () -> catalog.analyze(sql));
        assertThat(e).as(sql).isNotNull();
        assertThat(e.getMessage()).doesNotContain("\n");
        return e;
    }
}
