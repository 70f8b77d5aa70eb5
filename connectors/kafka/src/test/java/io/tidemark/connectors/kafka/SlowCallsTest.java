package io.tidemark.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.Options;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlowCallsTest {
    private final ManualClock clock = new ManualClock(1_000_000);
    private final SlowCalls calls = new SlowCalls(
            new KafkaOptionParser(
                            new Options(Map.of(
                                    "kafka.bootstrap.servers", "127.0.0.1:1",
                                    "subscribe", "t",
                                    "tidemark.kafka.slowCallMs", "700")),
                            Map.of())
                    .parse(),
            clock);

    @Test
    void whatTakesLongIsCountedWhetherOrNotItSucceeds() {
        take(699);
        assertThat(calls.metrics()).containsEntry("slowCalls", "0").containsEntry("longestSlowCallMs", "0");
        take(701);
        assertThatThrownBy(() -> calls.timed("list the topics", () -> {
                    clock.advance(Duration.ofMillis(900));
                    throw new IllegalStateException("no answer");
                }))
                .isInstanceOf(IllegalStateException.class);
        take(800);
        assertThat(calls.metrics()).containsEntry("slowCalls", "3").containsEntry("longestSlowCallMs", "900");
    }

    private void take(long millis) {
        calls.timed("list the topics", () -> {
            clock.advance(Duration.ofMillis(millis));
            return "done";
        });
    }
}
