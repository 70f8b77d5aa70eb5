package io.tidemark.runtime.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class SumAndAverageTest {
    private static final DecimalType PRICE = new DecimalType(8, 2);
    private static final DecimalType AMOUNT = new DecimalType(12, 3);
    private static final DecimalType HUGE = new DecimalType(38, 0);
    private static final BigDecimal NINES = BigDecimal.TEN.pow(38).subtract(BigDecimal.ONE);

    @Test
    void integersAddUpToABigint() {
        assertThat(AggregateRun.of("sum", AtomicType.TINYINT).over((byte) 100, null, (byte) 100))
                .isEqualTo(200L);
        assertThat(AggregateRun.of("sum", AtomicType.INT).over(Integer.MAX_VALUE, 1))
                .isEqualTo(2147483648L);
        assertThat(AggregateRun.of("sum", AtomicType.INT).over(null, null)).isNull();
        assertThat(AggregateRun.of("sum", AtomicType.BIGINT).buffer()).isEqualTo("sum BIGINT");
    }

    @Test
    void aBigintThatIsTooBigFailsOrWrapsOrIsNull() {
        assertThatThrownBy(() -> AggregateRun.of("sum", AtomicType.BIGINT).over(Long.MAX_VALUE, 1L))
                .isInstanceOf(EvaluationException.class)
                .hasMessage("[ARITHMETIC_OVERFLOW] long overflow. Use 'try_add' to tolerate overflow and return NULL"
                        + " instead. If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error.");
        assertThat(AggregateRun.withoutAnsi("sum", AtomicType.BIGINT).over(Long.MAX_VALUE, 1L))
                .isEqualTo(Long.MIN_VALUE);
        AggregateRun tried = AggregateRun.of("try_sum", AtomicType.BIGINT);
        assertThat(tried.over(Long.MAX_VALUE, 1L, -5L)).as("once too big").isNull();
        assertThat(tried.over(Long.MAX_VALUE, -5L, 1L)).isEqualTo(Long.MAX_VALUE - 4);
        assertThat(tried.over((Object) null)).isNull();
        assertThat(tried.buffer()).isEqualTo("sum BIGINT, isEmpty BOOLEAN NOT NULL");
    }

    @Test
    void whatIsTooBigInOnePartIsTooBigInAll() {
        AggregateRun tried = AggregateRun.of("try_sum", AtomicType.BIGINT);
        Accumulator big = tried.whole(tried.rows(new int[2], List.of(List.of(Long.MAX_VALUE), List.of(1L))), 1);
        Accumulator small = tried.whole(tried.rows(new int[1], List.of(List.of(1L))), 1);
        AggregateRun.merge(small, big, 1);
        assertThat(AggregateRun.results(small, 1)).containsExactly((Object) null);
    }

    @Test
    void floatsAddUpToADouble() {
        assertThat(AggregateRun.of("sum", AtomicType.FLOAT).over(0.5f, 0.25f)).isEqualTo(0.75);
        assertThat(AggregateRun.of("sum", AtomicType.DOUBLE).over(-0.0)).isEqualTo(0.0);
        assertThat(AggregateRun.of("sum", AtomicType.STRING).over("1", "2.5")).isEqualTo(3.5);
        assertThat(AggregateRun.of("sum", AtomicType.NULL).over(null, null)).isNull();
    }

    @Test
    void decimalsOfFewDigitsAreSummedAsLongsAndAveragedAsDoubles() {
        AggregateRun sum = AggregateRun.of("sum", PRICE);
        assertThat(sum.over(new BigDecimal("0.10"), null, new BigDecimal("999999.99")))
                .isEqualTo(new BigDecimal("1000000.09"));
        assertThat(sum.call().type()).isEqualTo(new DecimalType(18, 2));
        assertThat(sum.buffer()).isEqualTo("sum BIGINT");
        AggregateRun avg = AggregateRun.of("avg", PRICE);
        assertThat(avg.over(new BigDecimal("0.10"), null, new BigDecimal("0.11"), new BigDecimal("0.11")))
                .isEqualTo(new BigDecimal("0.106667"));
        assertThat(avg.call().type()).isEqualTo(new DecimalType(12, 6));
        assertThat(avg.buffer()).isEqualTo("sum DOUBLE, count BIGINT");
    }

    @Test
    void decimalsOfMoreDigitsKeepADecimal() {
        AggregateRun sum = AggregateRun.of("sum", AMOUNT);
        assertThat(sum.over(new BigDecimal("-0.001"), new BigDecimal("999999999.999")))
                .isEqualTo(new BigDecimal("999999999.998"));
        assertThat(sum.over((Object) null)).isNull();
        assertThat(sum.buffer()).isEqualTo("sum DECIMAL(22,3), isEmpty BOOLEAN NOT NULL");
        AggregateRun avg = AggregateRun.of("avg", AMOUNT);
        assertThat(avg.over(new BigDecimal("0.001"), new BigDecimal("0.001"), new BigDecimal("0.003")))
                .isEqualTo(new BigDecimal("0.0016667"));
        assertThat(avg.call().type()).isEqualTo(new DecimalType(16, 7));
        assertThat(avg.buffer()).isEqualTo("sum DECIMAL(22,3), count BIGINT");
    }

    @Test
    void aDecimalOfMoreThan38DigitsFailsOrIsNull() {
        AggregateRun sum = AggregateRun.of("sum", HUGE);
        assertThatThrownBy(() -> sum.over(NINES, BigDecimal.ONE))
                .isInstanceOf(EvaluationException.class)
                .hasMessageStartingWith("[ARITHMETIC_OVERFLOW] Overflow in sum of decimals. Use 'try_sum'");
        assertThat(sum.over(NINES, BigDecimal.ONE, new BigDecimal(-5)))
                .as("too big in between")
                .isEqualTo(NINES.subtract(new BigDecimal(4)));
        assertThat(sum.over(NINES.negate(), BigDecimal.ONE))
                .isEqualTo(NINES.subtract(BigDecimal.ONE).negate());
        assertThat(AggregateRun.of("try_sum", HUGE).over(NINES, BigDecimal.ONE)).isNull();
        assertThat(AggregateRun.of("try_sum", HUGE).over(NINES, NINES, NINES, NINES.negate(), NINES.negate()))
                .as("more than 128 bits in between")
                .isNull();
        assertThat(AggregateRun.withoutAnsi("sum", HUGE).over(NINES, BigDecimal.ONE))
                .isNull();
        assertThatThrownBy(() -> AggregateRun.of("avg", HUGE).over(NINES, BigDecimal.ONE))
                .hasMessageStartingWith("[ARITHMETIC_OVERFLOW] Overflow in sum of decimals. Use 'try_avg'");
        assertThatThrownBy(() -> AggregateRun.of("avg", HUGE).over(NINES))
                .hasMessageStartingWith("[NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION]");
        assertThat(AggregateRun.of("try_avg", HUGE).over(NINES)).isNull();
    }

    @Test
    void theMeanOfNumbersIsADouble() {
        assertThat(AggregateRun.of("avg", AtomicType.INT).over(1, 2, null)).isEqualTo(1.5);
        assertThat(AggregateRun.of("mean", AtomicType.INT).over((Object) null)).isNull();
        assertThat(AggregateRun.of("try_avg", AtomicType.BIGINT).over(Long.MAX_VALUE, Long.MAX_VALUE))
                .isEqualTo(9.223372036854775807E18);
        assertThat(AggregateRun.of("avg", AtomicType.INT).call())
                .isEqualTo(AggregateRun.of("mean", AtomicType.INT).call());
    }

    @Test
    void whatIsNoNumberIsRefused() {
        assertThatThrownBy(() -> AggregateRun.of("sum", AtomicType.BOOLEAN))
                .isInstanceOf(AnalysisException.class)
                .hasMessage("Argument 1 of 'sum' has type BOOLEAN where NUMERIC is required. Cast it to that type.");
        assertThatThrownBy(() -> AggregateRun.of("avg", AtomicType.DATE)).isInstanceOf(AnalysisException.class);
        assertThatThrownBy(() -> AggregateRun.of("sum")).hasMessageContaining("takes 1 argument but was given 0");
    }
}
