package io.tidemark.runtime.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.streaming.Trigger;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TriggerScheduleTest {
    private static final Duration POLL = Duration.ofMillis(10);

    @Test
    void anIntervalKeepsToTheGridOfTheClock() {
        Trigger every10s = Trigger.ProcessingTime(10_000);
        assertThat(TriggerSchedule.pauseAfter(every10s, 23_000, 24_500, true, POLL))
                .contains(Duration.ofMillis(5_500));
        assertThat(TriggerSchedule.pauseAfter(every10s, 30_000, 30_001, true, POLL))
                .contains(Duration.ofMillis(9_999));
    }

    @Test
    void aBatchThatTakesLongerThanTheIntervalIsFollowedAtOnce() {
        assertThat(TriggerSchedule.pauseAfter(Trigger.ProcessingTime(10_000), 23_000, 47_000, true, POLL))
                .contains(Duration.ZERO);
    }

    @Test
    void withoutAnIntervalOnlyAnEmptyLookPauses() {
        assertThat(TriggerSchedule.pauseAfter(Trigger.ProcessingTime(0), 5, 6, true, POLL))
                .contains(Duration.ZERO);
        assertThat(TriggerSchedule.pauseAfter(Trigger.ProcessingTime(0), 5, 6, false, POLL))
                .contains(POLL);
    }

    @Test
    void availableNowEndsWithTheFirstEmptyLookAndOnceWithTheFirstPass() {
        assertThat(TriggerSchedule.pauseAfter(Trigger.AvailableNow(), 5, 6, true, POLL))
                .contains(Duration.ZERO);
        assertThat(TriggerSchedule.pauseAfter(Trigger.AvailableNow(), 5, 6, false, POLL))
                .isEmpty();
        assertThat(TriggerSchedule.pauseAfter(Trigger.Once(), 5, 6, true, POLL)).isEmpty();
    }

    @Test
    void theLongerNothingHasComeTheSeldomerIsLooked() {
        assertThat(TriggerSchedule.pauseAfterNothing(POLL, 0)).isEqualTo(POLL);
        assertThat(TriggerSchedule.pauseAfterNothing(POLL, 200)).isEqualTo(POLL);
        assertThat(TriggerSchedule.pauseAfterNothing(POLL, 1_000)).isEqualTo(Duration.ofMillis(50));
        assertThat(TriggerSchedule.pauseAfterNothing(POLL, 3_600_000)).isEqualTo(Duration.ofMillis(500));
        assertThat(TriggerSchedule.pauseAfterNothing(Duration.ofSeconds(2), 3_600_000))
                .isEqualTo(Duration.ofSeconds(2));
    }
}
