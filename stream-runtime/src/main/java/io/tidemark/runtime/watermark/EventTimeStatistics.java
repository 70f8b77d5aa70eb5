package io.tidemark.runtime.watermark;

/**
 * The event times that one watermark operator saw in a batch, milliseconds since the epoch.
 *
 * @param sum as a double: for the average in the progress only
 */
public record EventTimeStatistics(long count, long min, long max, double sum) {
    /** Returns the statistics of both sets of rows. */
    public EventTimeStatistics plus(EventTimeStatistics other) {
        return new EventTimeStatistics(
                count + other.count, Math.min(min, other.min), Math.max(max, other.max), sum + other.sum);
    }

    /** Returns the average, cut to whole milliseconds. */
    public long average() {
        return (long) (sum / count);
    }
}
