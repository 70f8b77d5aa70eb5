package io.tidemark.connectors.kafka;

import java.util.SortedMap;
import org.apache.kafka.common.TopicPartition;

/** Where a fresh query starts to read. */
sealed interface StartingPosition {
    /** Stands for "the first record there is" in {@link Offsets}. */
    long EARLIEST = -2;

    /** Stands for "behind the last record" in {@link Offsets}. */
    long LATEST = -1;

    /** At the first record of every partition. */
    record Earliest() implements StartingPosition {}

    /** Behind the last record of every partition. */
    record Latest() implements StartingPosition {}

    /** At these offsets; exactly the assigned partitions. */
    record Offsets(SortedMap<TopicPartition, Long> byPartition) implements StartingPosition {}

    /** At the first record at or after these times (milliseconds since the epoch); exactly the assigned partitions. */
    record Timestamps(SortedMap<TopicPartition, Long> byPartition) implements StartingPosition {}

    /** At the first record at or after one time for all (milliseconds since the epoch). */
    record Timestamp(long millis) implements StartingPosition {}

    /** What to do where a partition has no record at or after the time. */
    enum NoRecord {
        FAIL,
        TAKE_LATEST
    }
}
