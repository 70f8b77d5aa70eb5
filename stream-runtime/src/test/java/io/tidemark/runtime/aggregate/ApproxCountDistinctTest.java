package io.tidemark.runtime.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ApproxCountDistinctTest {
    @Test
    void bytesAreHashedAsSparkHashesThem() {
        byte[] home = "home".getBytes(StandardCharsets.UTF_8);
        assertThat(XxHash64.hashBytes(home, 0, home.length, 42)).isEqualTo(0x618908f54fcfcd43L);
    }

    @Test
    void aRegisterTakesTheRankOfTheHash() {
        AggregateRun run = AggregateRun.of("approx_count_distinct", AtomicType.STRING);
        List<List<Object>> words =
                run.buffers(run.whole(run.rows(new int[2], List.of(List.of("home"), List.of("about-page"))), 1), 1);
        assertThat(words).hasSize(52);
        assertThat(words.get(19)).containsExactly(4294967296L);
        assertThat(words.get(4)).containsExactly(786432L);
        assertThat(run.buffer()).startsWith("`MS[0]` BIGINT, `MS[1]` BIGINT");
    }

    @Test
    void countsAboutRight() {
        for (int wanted : new int[] {0, 1, 100, 5_000, 100_000}) {
            Object[] values = IntStream.range(0, 2 * wanted)
                    .mapToObj(i -> (Object) (i / 2))
                    .toArray();
            assertThat((Long) AggregateRun.of("approx_count_distinct", AtomicType.INT)
                            .over(values))
                    .isBetween(Math.round(wanted * 0.9), Math.round(wanted * 1.1));
        }
    }

    @Test
    void theErrorChoosesTheNumberOfRegisters() {
        assertThat(fields("0.39")).isEqualTo(2);
        assertThat(fields("0.01")).isEqualTo((1 << 14) / 10 + 1);
        assertThatThrownBy(() -> fields("0.5"))
                .hasMessage(
                        "The relative error 0.5 of 'approx_count_distinct' is out of range. Choose one from 0.0003 to"
                                + " 0.39.");
        assertThatThrownBy(() -> fields("0")).hasMessageContaining("out of range");
        assertThatThrownBy(
                        () -> AggregateRun.of("approx_count_distinct", AtomicType.INT, new Constant(1, AtomicType.INT)))
                .hasMessageContaining("where a constant DOUBLE is required");
    }

    private static int fields(String error) {
        Constant constant = new Constant(new BigDecimal(error), new DecimalType(4, 2));
        return AggregateRun.of("approx_count_distinct", AtomicType.INT, constant)
                .call()
                .function()
                .buffer()
                .size();
    }
}
