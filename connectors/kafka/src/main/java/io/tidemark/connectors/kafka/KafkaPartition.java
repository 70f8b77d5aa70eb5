package io.tidemark.connectors.kafka;

import io.tidemark.api.connector.InputPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A range {@code [from, until)} of one partition that one task reads.
 *
 * @param leaderEpoch the partition's leader epoch when the range's start was fixed, or -1 if that is not known
 * @param topicId which topic of this name is meant, or null if that is not known
 */
record KafkaPartition(TopicPartition partition, long from, long until, int leaderEpoch, @Nullable Uuid topicId)
        implements InputPartition {
    long size() {
        return until - from;
    }

    KafkaPartition range(long newFrom, long newUntil) {
        return new KafkaPartition(partition, newFrom, newUntil, leaderEpoch, topicId);
    }

    @Override
    public String describe() {
        return partition + " [" + from + ", " + until + ")";
    }
}
