package io.tidemark.connectors.kafka;

import io.tidemark.api.TimeSource;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which calls to the cluster took long, whether or not they were answered in the end. Progress counts them, and somebody
 * is told of the first and then at most one a minute: a broker that is slow is slow many times. Any thread.
 */
final class SlowCalls {
    static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(SlowCalls.class);

    private final KafkaSourceConfig config;
    private final TimeSource time;
    private long count;
    private long longestMillis;
    private long told;
    private long toldNanos;

    SlowCalls(KafkaSourceConfig config, TimeSource time) {
        this.config = config;
        this.time = time;
    }

    /** A call to the cluster. */
    interface Call<T> {
        T make();
    }

    /** Makes a call. */
    <T> T timed(String doing, Call<T> call) {
        long began = begin();
        try {
            return call.make();
        } finally {
            ended(doing, began);
        }
    }

    /** Returns what {@link #ended} is to be given. */
    long begin() {
        return time.nanoTime();
    }

    /**
     * A call is over.
     *
     * @param doing what it was to do, as in "Cannot list the topics"
     * @param began from {@link #begin}
     */
    void ended(String doing, long began) {
        long now = time.nanoTime();
        long millis = (now - began) / 1_000_000;
        if (millis < config.slowCall().toMillis()) {
            return;
        }
        long untold;
        synchronized (this) {
            count++;
            longestMillis = Math.max(longestMillis, millis);
            if (told > 0 && now - toldNanos < BETWEEN_WARNINGS.toNanos()) {
                return;
            }
            untold = count - told - 1;
            told = count;
            toldNanos = now;
        }
        LOG.warn(
                "Kafka at {} took {} ms to {}; {} ms and more count as slow ({}), {} other calls did since the last"
                        + " warning.",
                config.servers(),
                millis,
                doing,
                config.slowCall().toMillis(),
                KafkaOptionParser.SLOW_CALL,
                untold);
    }

    /** Returns what progress shows: how many calls of this run were slow, and how long the longest of them took. */
    synchronized SortedMap<String, String> metrics() {
        SortedMap<String, String> metrics = new TreeMap<>();
        metrics.put("slowCalls", Long.toString(count));
        metrics.put("longestSlowCallMs", Long.toString(longestMillis));
        return metrics;
    }
}
