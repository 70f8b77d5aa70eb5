package io.tidemark.runtime.expression.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which rows an expression looks at, and what it takes from the batch. */
class EvaluationRulesTest {
    private static final StructType SCHEMA =
            StructType.EMPTY.add("a", AtomicType.INT).add("b", AtomicType.INT);
    private final SqlBench bench = SqlBench.standard().over(SCHEMA);
    private final ColumnBatch batch = new ColumnBatch(SCHEMA, List.of(ints(1, 2, 3, 4), ints(1, 0, 1, 0)), 4);

    @Test
    void aRowThatIsNotSelectedCannotFail() {
        ColumnVector result = bench.evaluate(bench.bind("a div b"), batch, Selection.of(new int[] {0, 2}, 2));
        assertThat(result.value(0)).isEqualTo(1L);
        assertThat(result.value(2)).isEqualTo(3L);
    }

    @Test
    void theRightSideOfAndSeesOnlyRowsThatTheLeftLeavesOpen() {
        assertThat(values("b != 0 and a / b > 1")).containsExactly(false, false, true, false);
        assertThat(values("b = 0 or a / b > 1")).containsExactly(false, true, true, true);
    }

    @Test
    void aBranchIsComputedForItsOwnRowsOnly() {
        assertThat(values("case when b = 0 then -1 else a div b end")).containsExactly(1L, -1L, 3L, -1L);
        assertThat(values("if(b = 0, null, a % b)")).containsExactly(0, null, 0, null);
        assertThat(values("coalesce(nullif(b, 0), a div nullif(a, a))")).containsExactly(1L, null, 1L, null);
    }

    @Test
    void theCurrentTimeIsThatOfTheBatchAndIsNotComputedAtPlanning() {
        assertThat(bench.value("current_timestamp()")).isEqualTo(SqlBench.BATCH_TIME);
        assertThat(bench.in("Asia/Tokyo").value("current_date()")).isEqualTo(LocalDate.parse("2026-01-02"));
        assertThat(bench.value("unix_timestamp()")).isEqualTo(SqlBench.BATCH_TIME.getEpochSecond());
        assertThat(((BoundCall) bench.bind("now()")).function().isFoldable()).isFalse();
    }

    @Test
    void aTimeWithoutDateMeansTheDayOfTheBatch() {
        assertThat(bench.value("cast('10:30' as timestamp)")).isEqualTo(Instant.parse("2026-01-02T10:30:00Z"));
        assertThat(bench.value("to_timestamp('T23')")).isEqualTo(Instant.parse("2026-01-02T23:00:00Z"));
        assertThat(((BoundCall) bench.bind("cast('10:30' as timestamp)"))
                        .function()
                        .isFoldable())
                .isFalse();
    }

    @Test
    void timesBeyondTheirRangeFailAsErrorsOfTheRow() {
        assertThatThrownBy(() -> bench.in("Asia/Tokyo").text("cast(9223372036854775807 as timestamp)"))
                .isInstanceOf(EvaluationException.class)
                .hasMessageStartingWith("[ARITHMETIC_OVERFLOW] long overflow.");
        assertThatThrownBy(() -> bench.value("timestamp_seconds(9223372036854775807)"))
                .isInstanceOf(EvaluationException.class)
                .hasMessageStartingWith("[ARITHMETIC_OVERFLOW] long overflow.");
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThatThrownBy(() -> bench.bind("year(5)"))
                .isInstanceOf(AnalysisException.class)
                .hasMessage("Argument 1 of 'year' has type INT where DATE is required. Cast it to that type.");
        assertThatThrownBy(() -> bench.bind("abs()"))
                .hasMessage("The function 'abs' takes 1 argument but was given 0. Add or remove arguments.");
        assertThatThrownBy(() -> bench.bind("cast(current_date() as int)"))
                .hasMessage("Cannot cast DATE to INT with ANSI mode on. Use unix_date instead.");
        assertThatThrownBy(() -> bench.bind("now() - now()"))
                .hasMessageContaining("is an interval, which is not supported. Use datediff or timestampdiff.");
    }

    private List<Object> values(String sql) {
        ColumnVector result = bench.evaluate(bench.bind(sql), batch, Selection.all(4));
        return Arrays.asList(result.value(0), result.value(1), result.value(2), result.value(3));
    }

    private static IntVector ints(int... values) {
        return new IntVector(AtomicType.INT, values.length, values, null);
    }
}
