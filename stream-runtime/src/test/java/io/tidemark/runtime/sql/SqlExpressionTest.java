package io.tidemark.runtime.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlExpressionTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '¤',
            textBlock =
                    """
            a => a
            `a b`.`c``d` => a b.c`d
            a.b.c => a.b.c
            t.* => t.*
            a[0] => ([] a 0:int)
            m['k'].x => (field ([] m k:string) x)
            (a).b => (field a b)
            1 => 1:int
            -1 => -1:int
            - a => (negative a)
            + a => (positive a)
            ~a => (~ a)
            2147483648 => 2147483648:bigint
            -9223372036854775808 => -9223372036854775808:bigint
            9223372036854775808 => 9223372036854775808:decimal(19,0)
            1L => 1:bigint
            1S => 1:smallint
            1Y => 1:tinyint
            1.5 => 1.5:decimal(2,1)
            .05 => 0.05:decimal(2,2)
            5. => 5:decimal(1,0)
            1.50BD => 1.50:decimal(3,2)
            1e3 => 1000.0:double
            1.5D => 1.5:double
            1.5F => 1.5:float
            'it''s' => it's:string
            "double" => double:string
            'a' 'b' => ab:string
            X'1FF' => 01ff:binary
            TRUE => true:boolean
            null => null:void
            DATE'2026-1-31' => 2026-01-31:date
            TIMESTAMP_NTZ'2026-01-31 08:05:00.25' => 2026-01-31T08:05:00.250:timestamp_ntz
            TIMESTAMP'2026-01-31 08:05:00+02:00' => (cast 2026-01-31 08:05:00+02:00:string timestamp)
            a + b * c - d => (- (+ a (* b c)) d)
            a div 2 % 3 => (% (div a 2:int) 3:int)
            a / 2 => (/ a 2:int)
            a || b || c => (concat (concat a b) c)
            a & b | c ^ d => (| (& a b) (^ c d))
            a << 2 => (shiftleft a 2:int)
            a = b => (= a b)
            a == b => (= a b)
            a <> b => (!= a b)
            a != b => (!= a b)
            a <=> b => (<=> a b)
            a < b AND c >= d OR NOT e => (or (and (< a b) (>= c d)) (not e))
            a BETWEEN 1 AND 2 => (between a 1:int 2:int)
            a NOT BETWEEN 1 AND 2 => (not (between a 1:int 2:int))
            a IN (1, 2) => (in a 1:int 2:int)
            a NOT IN (1) => (not (in a 1:int))
            a LIKE 'x%' => (like a x%:string)
            a NOT LIKE 'x!%' ESCAPE '!' => (not (like a x!%:string !:string))
            a NOT ILIKE 'X' => (not (ilike a X:string))
            a LIKE ANY ('x', 'y') => (likeany a x:string y:string)
            a NOT LIKE ALL ('x') => (notlikeall a x:string)
            a RLIKE 'x+' => (rlike a x+:string)
            a IS NULL => (isnull a)
            a IS NOT NULL => (isnotnull a)
            a IS TRUE => (<=> a true:boolean)
            a IS NOT FALSE => (not (<=> a false:boolean))
            a IS UNKNOWN => (isnull a)
            a IS DISTINCT FROM b => (not (<=> a b))
            a IS NOT DISTINCT FROM b => (<=> a b)
            CASE WHEN a THEN 1 WHEN b THEN 2 ELSE 3 END => (case a 1:int b 2:int 3:int)
            CASE a WHEN 1 THEN 'x' END => (case (= a 1:int) x:string)
            CAST(a AS decimal(10, 2)) => (cast a decimal(10,2))
            TRY_CAST(a AS ARRAY<INT>) => (try_cast a array<int>)
            a::timestamp => (cast a timestamp)
            upper(a) => (upper a)
            UPPER(a) => (upper a)
            `if`(a, 1, 2) => (if a 1:int 2:int)
            if(a, 1, 2) => (if a 1:int 2:int)
            count(*) => (count 1:int)
            count(DISTINCT a) => (count distinct a)
            sum(a) FILTER (WHERE b) => (sum a filter b)
            substring(a FROM 2 FOR 3) => (substring a 2:int 3:int)
            substr(a, 2) => (substr a 2:int)
            trim(a) => (trim a)
            trim(BOTH 'x' FROM a) => (trim x:string a)
            trim(TRAILING FROM a) => (rtrim a)
            extract(YEAR FROM ts) => (extract YEAR:string ts)
            position('x' IN a) => (position x:string a)
            current_timestamp => (current_timestamp)
            current_timestamp() => (current_timestamp)
            current_date => (current_date)
            struct(a, b AS c) => (struct a b as c)
            (a, b) => (struct a b)
            named_struct('x', a) => (named_struct x:string a)
            first(a) => (first a)
            a AS b => a as b
            a b => a as b
            """)
    void anExpressionBecomesTheRecordsItMeans(String sql, String expected) {
        assertThat(PlanText.of(SqlParser.parseExpression(sql))).isEqualTo(expected);
    }

    @Test
    void aColumnMayBeCalledUser() {
        assertThat(SqlParser.parseExpression("user"))
                .isInstanceOfSatisfying(Expression.Attribute.class, column -> assertThat(column.nameParts())
                        .containsExactly("user"));
    }

    @Test
    void aTextHasTheEscapesOfSpark() {
        assertThat(text("'a\\'b\\n\\t\\u00e9\\U0001F600\\101\\0\\q'")).isEqualTo("a'b\n\t\u00e9\uD83D\uDE00A\0q");
        assertThat(text("'a\\%\\_'")).isEqualTo("a\\%\\_");
        assertThat(text("r'a\\d'")).isEqualTo("a\\d");
        assertThat(text("\"a\"\"b\" 'c'")).isEqualTo("a\"bc");
    }

    private static Object text(String sql) {
        return ((Expression.Literal) SqlParser.parseExpression(sql)).value();
    }

    @Test
    void anExpressionKnowsItsLineItsColumnAndItsText() {
        Expression.Call sum = (Expression.Call) SqlParser.parseExpression("\n  a + upper(b)");

        assertThat(sum.origin()).isEqualTo(new Origin(2, 3, "a + upper(b)"));
        assertThat(sum.arguments().get(1).origin()).isEqualTo(new Origin(2, 7, "upper(b)"));
    }

    @Test
    void aSelectListIsReadAsAWhole() {
        assertThat(PlanText.of(SqlParser.parseSelectList("a, b AS c, *, d.*"))).isEqualTo("[a, b as c, *, d.*]");
    }

    @Test
    void aColumnNameIsSplitAtDotsOutsideBackTicks() {
        assertThat(SqlParser.parseColumnName("a.b")).isEqualTo(attribute("a", "b"));
        assertThat(SqlParser.parseColumnName("`a.b`.c")).isEqualTo(attribute("a.b", "c"));
        assertThat(SqlParser.parseColumnName("`a``b`")).isEqualTo(attribute("a`b"));
        assertThat(SqlParser.parseColumnName("a b-c")).isEqualTo(attribute("a b-c"));
        assertThat(SqlParser.parseColumnName("*")).isEqualTo(new Expression.Star(List.of(), Origin.NONE));
        assertThat(SqlParser.parseColumnName("d.*")).isEqualTo(new Expression.Star(List.of("d"), Origin.NONE));
    }

    private static Expression attribute(String... parts) {
        return new Expression.Attribute(List.of(parts), Origin.NONE);
    }
}
