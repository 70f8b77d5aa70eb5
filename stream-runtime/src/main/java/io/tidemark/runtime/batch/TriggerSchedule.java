package io.tidemark.runtime.batch;

import io.tidemark.api.streaming.Trigger;
import java.time.Duration;
import java.util.Optional;

/** When the next pass of the loop is due. */
final class TriggerSchedule {
    private static final long QUIET_PER_PAUSE = 20;
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private TriggerSchedule() {}

    /**
     * Returns how long to wait after a pass, or empty if the query ends with it.
     *
     * @param startedMillis when the pass began
     * @param nowMillis when it ended
     * @param constructed whether it ran a batch
     * @param pauseAfterNothing see {@link #pauseAfterNothing}
     */
    static Optional<Duration> pauseAfter(
            Trigger trigger, long startedMillis, long nowMillis, boolean constructed, Duration pauseAfterNothing) {
        if (trigger instanceof Trigger.OnceTrigger) {
            return Optional.empty();
        } else if (trigger instanceof Trigger.AvailableNowTrigger) {
            return constructed ? Optional.of(Duration.ZERO) : Optional.empty();
        }
        long interval = ((Trigger.ProcessingTimeTrigger) trigger).interval().toMillis();
        if (interval == 0) {
            return Optional.of(constructed ? Duration.ZERO : pauseAfterNothing);
        }
        long due = Math.floorDiv(startedMillis, interval) * interval + interval; // the grid of the clock, as Spark
        return Optional.of(Duration.ofMillis(Math.max(0, due - nowMillis)));
    }

    /**
     * Returns how long to wait after a look that found nothing: {@code pollingDelay} at first, and the longer the longer
     * nothing has come. A record is never kept waiting for more than a twentieth of the time that went before it without
     * one, nor for more than half a second; a query with nothing to do costs next to nothing.
     *
     * @param quietMillis since when nothing has come
     */
    static Duration pauseAfterNothing(Duration pollingDelay, long quietMillis) {
        long pause = Math.min(LONGEST_PAUSE.toMillis(), quietMillis / QUIET_PER_PAUSE);
        return pause > pollingDelay.toMillis() ? Duration.ofMillis(pause) : pollingDelay;
    }
}
