package io.tidemark.api.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.AnalysisException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "10 minutes, 600000",
        "1 second, 1000",
        "INTERVAL 1 hour 30 minutes, 5400000",
        "interval '2' days, 172800000",
        "0 seconds, 0",
        "1.5 seconds, 1500",
        "1 month, 2678400000",
        "500 milliseconds, 500",
        "-3 seconds, -3000"
    })
    void readsWhatSparkReads(String text, long millis) {
        assertThat(Durations.parseMillis(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "ten minutes", "10 minuets", "5 minutes and", "99999999999999 years"})
    void refusesWhatIsNoDurationAndSaysHowToWriteOne(String text) {
        assertThatThrownBy(() -> Durations.parseMillis(text))
                .isInstanceOf(AnalysisException.class)
                .hasMessageContaining("'" + text + "' is not a duration")
                .hasMessageContaining("30 seconds");
    }

    @Test
    void aTriggerTakesTheSameTexts() {
        assertThat(Trigger.ProcessingTime("30 seconds")).isEqualTo(Trigger.ProcessingTime(30_000));
    }
}
