package io.tidemark.runtime.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.types.AtomicType;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountTest {
    private static final Constant ONE = new Constant(1, AtomicType.INT);

    @Test
    void countsRowsWithAValueInEachColumn() {
        assertThat(AggregateRun.of("count", AtomicType.STRING).over("a", null, ""))
                .isEqualTo(2L);
        assertThat(AggregateRun.of("count", AtomicType.INT, AtomicType.INT)
                        .overRows(List.of(
                                Arrays.asList(1, 1), Arrays.asList(1, null), Arrays.asList(null, 1), List.of(2, 2))))
                .isEqualTo(2L);
        assertThat(AggregateRun.of("count", AtomicType.NULL).over(null, null)).isEqualTo(0L);
    }

    @Test
    void whatIsNeverNullCountsEveryRow() {
        AggregateRun rows = AggregateRun.of("count", ONE);
        assertThat(rows.overRows(List.of(List.of(), List.of(), List.of()))).isEqualTo(3L);
        assertThat(rows.call())
                .as("count(1) is kept once with count('x')")
                .isEqualTo(AggregateRun.of("count", new Constant("x", AtomicType.STRING))
                        .call());
        assertThat(rows.call().nullable()).isFalse();
    }

    @Test
    void countIfCountsWhatIsTrue() {
        AggregateRun run = AggregateRun.of("count_if", AtomicType.BOOLEAN);
        assertThat(run.over(true, false, null, true)).isEqualTo(2L);
        assertThat(run.buffer()).isEqualTo("count BIGINT NOT NULL");
        assertThat(AggregateRun.of("count_if", AtomicType.STRING).over("true", "no"))
                .isEqualTo(1L);
        assertThatThrownBy(() -> AggregateRun.of("count_if", AtomicType.INT))
                .hasMessage("Argument 1 of 'count_if' has type INT where BOOLEAN is required. Cast it to that type.");
    }

    @Test
    void nothingToCountIsAnError() {
        assertThatThrownBy(() -> AggregateRun.of("count"))
                .hasMessage("The function 'count' takes at least 1 arguments but was given 0."
                        + " Add or remove arguments.");
    }
}
