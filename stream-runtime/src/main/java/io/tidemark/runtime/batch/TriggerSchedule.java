package io.tidemark.runtime.batch;

import io.tidemark.api.streaming.Trigger;
import java.time.Duration;
import java.util.Optional;

/** When the next pass of the loop is due. */
final class TriggerSchedule {
    private TriggerSchedule() {}

    /**
     * Returns how long to wait after a pass, or empty if the query ends with it.
     *
     * @param startedMillis when the pass began
     * @param nowMillis when it ended
     * @param constructed whether it ran a batch
     * @param pollingDelay the pause after a look that found nothing
     */
    static Optional<Duration> pauseAfter(
            Trigger trigger, long startedMillis, long nowMillis, boolean constructed, Duration pollingDelay) {
        if (trigger instanceof Trigger.OnceTrigger) {
            return Optional.empty();
        } else if (trigger instanceof Trigger.AvailableNowTrigger) {
            return constructed ? Optional.of(Duration.ZERO) : Optional.empty();
        }
        long interval = ((Trigger.ProcessingTimeTrigger) trigger).interval().toMillis();
        if (interval == 0) {
            return Optional.of(constructed ? Duration.ZERO : pollingDelay);
        }
        long due = Math.floorDiv(startedMillis, interval) * interval + interval; // the grid of the clock, as Spark
        return Optional.of(Duration.ofMillis(Math.max(0, due - nowMillis)));
    }
}
