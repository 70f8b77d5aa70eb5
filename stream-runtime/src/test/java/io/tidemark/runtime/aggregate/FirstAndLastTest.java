package io.tidemark.runtime.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.MapType;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FirstAndLastTest {
    private static final Constant TRUE = new Constant(true, AtomicType.BOOLEAN);

    @Test
    void aNullMayBeFirstUnlessNullsAreIgnored() {
        assertThat(AggregateRun.of("first", AtomicType.STRING).over(null, "a", "b"))
                .isNull();
        assertThat(AggregateRun.of("first_value", AtomicType.STRING, TRUE).over(null, "a", "b"))
                .isEqualTo("a");
        assertThat(AggregateRun.of("last", AtomicType.STRING).over("a", "b", null))
                .isNull();
        assertThat(AggregateRun.of("last_value", AtomicType.STRING, TRUE).over("a", "b", null))
                .isEqualTo("b");
        assertThat(AggregateRun.of("last", AtomicType.STRING).buffer()).isEqualTo("last STRING, valueSet BOOLEAN");
    }

    @Test
    void anyValueIsTheFirst() {
        AggregateRun any = AggregateRun.of("any_value", new MapType(AtomicType.INT, AtomicType.STRING));
        assertThat(any.over(Map.of(1, "one"), Map.of())).isEqualTo(Map.of(1, "one"));
        assertThat(any.buffer()).isEqualTo("first MAP<INT, STRING>, valueSet BOOLEAN");
    }

    @Test
    void anEmptyPartHasNoFirstValue() {
        AggregateRun last = AggregateRun.of("last", AtomicType.INT);
        Accumulator left = last.whole(last.rows(new int[] {0, 1}, List.of(List.of(7), List.of(8))), 3);
        Accumulator right = last.whole(last.rows(new int[] {1}, List.of(List.of(9))), 3);
        AggregateRun.merge(left, right, 3);
        assertThat(AggregateRun.results(left, 3)).containsExactly(7, 9, null);
        assertThat(last.buffers(left, 3).get(1)).containsExactly(true, true, false);
    }

    @Test
    void ignoringNullsIsAskedForWithAConstant() {
        assertThatThrownBy(() -> AggregateRun.of("first", AtomicType.INT, AtomicType.BOOLEAN))
                .hasMessage("Argument 2 of 'first' has type BOOLEAN where a constant BOOLEAN is required."
                        + " Cast it to that type.");
    }
}
