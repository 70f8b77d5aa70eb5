package io.tidemark.api.streaming;

import java.time.Duration;

/** Decides when the next batch is planned. */
public sealed interface Trigger {
    /** A batch each {@code interval}, on a grid of the clock; zero means as soon as the last one is done. */
    record ProcessingTimeTrigger(Duration interval) implements Trigger {
        public ProcessingTimeTrigger {
            if (interval.isNegative()) {
                throw new IllegalArgumentException("trigger interval must not be negative: " + interval);
            }
        }
    }

    /** Everything that is there at the start, in batches under the source's limits; then the query ends. */
    record AvailableNowTrigger() implements Trigger {}

    /** Everything that is there at the start in exactly one batch; deprecated in Spark, kept for its queries. */
    record OnceTrigger() implements Trigger {}

    static Trigger ProcessingTime(Duration interval) {
        return new ProcessingTimeTrigger(interval);
    }

    static Trigger ProcessingTime(long intervalMillis) {
        return new ProcessingTimeTrigger(Duration.ofMillis(intervalMillis));
    }

    /** @param interval as Spark reads it: {@code "30 seconds"} */
    static Trigger ProcessingTime(String interval) {
        return new ProcessingTimeTrigger(Duration.ofMillis(Durations.parseMillis(interval)));
    }

    static Trigger AvailableNow() {
        return new AvailableNowTrigger();
    }

    static Trigger Once() {
        return new OnceTrigger();
    }
}
