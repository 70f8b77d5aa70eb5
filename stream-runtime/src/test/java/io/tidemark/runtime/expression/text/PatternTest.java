package io.tidemark.runtime.expression.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.EvaluationException;
import io.tidemark.runtime.expression.SqlValue;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void likeSaysWhatTheSameRegularExpressionSays(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String pattern = draw(random, "aabé%%_", 7);
            String text = draw(random, "aabé😀", 9);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            String regex = pattern.replace("%", ".*").replace("_", ".");
            assertThat(LikePattern.of(pattern, '\\').matches(bytes, 0, bytes.length))
                    .as("seed %d: '%s' LIKE '%s'", seed, text, pattern)
                    .isEqualTo(
                            Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches());
        }
    }

    private static String draw(Random random, String letters, int lengthMax) {
        int[] choices = letters.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(lengthMax); n > 0; n--) {
            text.appendCodePoint(choices[random.nextInt(choices.length)]);
        }
        return text.toString();
    }

    @Test
    void aRegularExpressionThatBacktracksWithoutEndFails() {
        assertThatThrownBy(() -> SqlValue.of("repeat('a', 90) rlike 'a*a*a*a*a*a*a*a*a*c'"))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("regular expression 'a*a*a*a*a*a*a*a*a*c' of rlike needs more than 100 ms")
                .hasMessageContaining("tidemark.regex.budgetMillis");
    }

    @Test
    void aRegularExpressionThatNestsTooDeepFails() {
        assertThatThrownBy(() -> SqlValue.of("regexp_replace(repeat('ab', 500000), '(a|b)*c', '')"))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("nests too deep");
    }

    @Test
    void aSearchEndsWhenItsThreadIsToStop() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> SqlValue.of("repeat('a', 90) rlike 'a*a*a*a*a*a*a*a*a*c'"))
                    .hasMessageContaining("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
