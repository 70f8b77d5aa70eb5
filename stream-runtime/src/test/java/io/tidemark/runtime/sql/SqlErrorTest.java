package io.tidemark.runtime.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlErrorTest {
    @Test
    void aTextMayBeLongButNotNestedWithoutEnd() {
        assertThat(SqlParser.parseExpression("1" + " + 1".repeat(1_000))).isNotNull();
        assertThat(SqlParser.parseExpression("(".repeat(200) + "1" + ")".repeat(200)))
                .isNotNull();
        for (String deep : new String[] {"1" + " + 1".repeat(3_000), "(".repeat(1_000) + "1" + ")".repeat(1_000)}) {
            AnalysisException e = catchThrowableOfType(AnalysisException.class, () -> SqlParser.parseExpression(deep));
            assertThat(e).hasMessageContaining("nested too deeply");
            assertThat(e.code()).isEqualTo(ErrorCode.SQL_SYNTAX);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '¤',
            textBlock =
                    """
            SELECT a FORM clicks => Syntax error at or near 'clicks'. Did you mean FROM instead of FORM? (line 1, column 15)
            SELCT a FROM t => Syntax error at or near 'SELCT'. Did you mean SELECT instead of SELCT? (line 1, column 1)
            SELECT (a FROM t => Syntax error at or near 'FROM'. (line 1, column 11)
            SELECT a FROM t WHERE a => ok
            SELECT a FROM t WHERE a > => Syntax error at or near the end of the text. (line 1, column 26)
            SELECT a FROM t WHERE a = 'x => Syntax error at or near '''. (line 1, column 27)
            SELECT a FROM test-table => The name test-table needs back-ticks because of its hyphen: `test-table`. (line 1, column 15)
            WITH q AS (SELECT 1), Q AS (SELECT 2) SELECT 3 => WITH defines Q twice. Give each of its queries another name. (line 1, column 23)
            """)
    void aSyntaxErrorNamesTheTokenAndItsPlace(String sql, String message) {
        if (message.equals("ok")) {
            assertThat(SqlParser.parseQuery(sql)).isNotNull();
            return;
        }
        AnalysisException e = catchThrowableOfType(AnalysisException.class, () -> SqlParser.parseQuery(sql));
        assertThat(e).hasMessage(message);
        assertThat(e.code()).isEqualTo(ErrorCode.SQL_SYNTAX);
        assertThat(e.getMessage()).doesNotContain("\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '¤',
            textBlock =
                    """
            SELECT * FROM a JOIN b ON a.x = b.x => JOIN (line 1, column 17)
            SELECT * FROM a LEFT OUTER JOIN b ON a.x = b.x => LEFT OUTER JOIN (line 1, column 17)
            SELECT * FROM a CROSS JOIN b => CROSS JOIN (line 1, column 17)
            SELECT * FROM a, b => A join by comma (line 1, column 18)
            SELECT a FROM t INTERSECT SELECT a FROM u => INTERSECT (line 1, column 17)
            SELECT a FROM t EXCEPT SELECT a FROM u => EXCEPT (line 1, column 17)
            SELECT sum(a) OVER (PARTITION BY b) FROM t => OVER (window functions) (line 1, column 15)
            SELECT a FROM t LATERAL VIEW explode(b) x AS y => LATERAL VIEW (line 1, column 17)
            SELECT a FROM t OFFSET 3 => OFFSET (line 1, column 17)
            SELECT a FROM t CLUSTER BY a => CLUSTER BY (line 1, column 17)
            SELECT a FROM t TABLESAMPLE (10 PERCENT) => TABLESAMPLE (line 1, column 17)
            SELECT a FROM t VERSION AS OF 1 => Time travel (VERSION or TIMESTAMP AS OF) (line 1, column 17)
            SELECT a FROM range(10) => The table function range (line 1, column 15)
            SELECT * FROM VALUES (1) => VALUES (line 1, column 15)
            SELECT a FROM t WHERE EXISTS (SELECT 1) => EXISTS with a subquery (line 1, column 23)
            SELECT a FROM t WHERE a IN (SELECT b FROM u) => IN with a subquery (line 1, column 25)
            SELECT (SELECT 1) FROM t => A subquery as a value (line 1, column 8)
            SELECT transform(a, x -> x + 1) FROM t => A lambda (->) (line 1, column 21)
            SELECT a, count(*) FROM t GROUP BY ROLLUP(a) => ROLLUP(a) (line 1, column 36)
            SELECT a, count(*) FROM t GROUP BY a WITH CUBE => CUBE (line 1, column 43)
            SELECT * EXCEPT (a) FROM t => * EXCEPT (line 1, column 8)
            FROM t |> SELECT a => The pipe operator |> (line 1, column 8)
            CREATE TABLE t (a INT) => The statement CREATE TABLE (line 1, column 1)
            INSERT INTO t SELECT 1 => The statement INSERT INTO (line 1, column 1)
            SELECT CAST(a AS INTERVAL DAY) FROM t => The type INTERVAL DAY (line 1, column 18)
            SELECT a FROM t WHERE a = :p => A parameter marker (line 1, column 27)
            """)
    void whatIsNotSupportedIsNamedWithItsPlace(String sql, String clauseAndPlace) {
        AnalysisException e = catchThrowableOfType(AnalysisException.class, () -> SqlParser.parseQuery(sql));
        assertThat(e).isNotNull();
        int place = clauseAndPlace.lastIndexOf(" (line");
        assertThat(e)
                .hasMessage(clauseAndPlace.substring(0, place)
                        + " is not supported by this version. Rewrite the query without it."
                        + clauseAndPlace.substring(place));
        assertThat(e.code()).isEqualTo(ErrorCode.SQL_UNSUPPORTED);
    }

    @Test
    void theLineCountsInATextOfSeveralLines() {
        AnalysisException e = catchThrowableOfType(
                AnalysisException.class, () -> SqlParser.parseQuery("SELECT a\nFROM t\nWHERE a >\n"));

        assertThat(e.origin().line()).isEqualTo(4);
        assertThat(e).hasMessageContaining("the end of the text");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '¤',
            textBlock =
                    """
            200Y => The number 200Y is outside the range of its type.
            9223372036854775808L => The number 9223372036854775808L is outside the range of its type.
            1e400D => The number 1e400D is outside the range of its type.
            DATE'yesterday' => The value of the literal DATE 'yesterday' cannot be read.
            DATE'2026-02-30' => The value of the literal DATE '2026-02-30' cannot be read.
            TIMESTAMP'2026-01-01 25:00:00' => The value of the literal TIMESTAMP '2026-01-01 25:00:00' cannot be read.
            X'0G' => The value of the literal X '0G' cannot be read.
            INTERVAL 1.5 MINUTES => The interval INTERVAL 1.5 MINUTES cannot be read: only seconds can have a fraction.
            INTERVAL '1day' => The interval INTERVAL '1day' cannot be read: '1day' is no number with a unit.
            INTERVAL '1 fortnight' => The interval INTERVAL '1 fortnight' cannot be read: there is no unit 'fortnight'.
            INTERVAL '' => The interval INTERVAL '' cannot be read: it is empty.
            INTERVAL 9999999999 DAYS => The interval INTERVAL 9999999999 DAYS cannot be read: a number in it is too large.
            INTERVAL 1 MONTH 2 DAYS => The interval INTERVAL 1 MONTH 2 DAYS cannot be read: years and months do not go together with days and smaller units; add one after the other.
            INTERVAL '1 24' DAY TO HOUR => The interval INTERVAL '1 24' DAY TO HOUR cannot be read: 24 is too much for HOUR.
            INTERVAL '1:2' DAY TO SECOND => The interval INTERVAL '1:2' DAY TO SECOND cannot be read: it is not of the form 'day hour:minute:second'.
            INTERVAL '1-12' YEAR TO MONTH => The interval INTERVAL '1-12' YEAR TO MONTH cannot be read: it is not of the form 'years-months', with months from 0 to 11.
            INTERVAL '1' SECOND TO DAY => The interval INTERVAL '1' SECOND TO DAY cannot be read: there is no interval from SECOND to DAY.
            INTERVAL '1 day 2' HOUR => The interval INTERVAL '1 day 2' HOUR cannot be read: '1 day 2' is no number.
            """)
    void aConstantThatCannotBeIsRefused(String sql, String message) {
        AnalysisException e = catchThrowableOfType(AnalysisException.class, () -> SqlParser.parseExpression(sql));

        assertThat(e).hasMessage(message + " (line 1, column 1)");
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_LITERAL);
    }

    @Test
    void anOpenCommentIsASyntaxError() {
        AnalysisException e =
                catchThrowableOfType(AnalysisException.class, () -> SqlParser.parseQuery("SELECT a FROM t /* where"));

        assertThat(e.code()).isEqualTo(ErrorCode.SQL_SYNTAX);
    }
}
