package io.tidemark.connectors.kafka;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** Shares {@code maxOffsetsPerTrigger} between the partitions by how far each is behind, as Spark does. */
final class RateLimit {
    private RateLimit() {}

    /**
     * Returns where the batch ends.
     *
     * @param begin where each partition goes on
     * @param latest how far each goes
     * @param limit how many offsets in all; every partition that is behind gets at least one, so it may be exceeded
     */
    static SortedMap<TopicPartition, Long> ends(
            Map<TopicPartition, Long> begin, SortedMap<TopicPartition, Long> latest, long limit) {
        double total = 0;
        for (Map.Entry<TopicPartition, Long> e : latest.entrySet()) {
            total += size(begin, e);
        }
        TreeMap<TopicPartition, Long> ends = new TreeMap<>(latest);
        if (total < 1) {
            return ends;
        }
        for (Map.Entry<TopicPartition, Long> e : latest.entrySet()) {
            long size = size(begin, e);
            if (size > 0) {
                double share = limit * (size / total);
                double offsets = share < 1 ? Math.ceil(share) : Math.floor(share);
                if (offsets < size) {
                    ends.put(e.getKey(), e.getValue() - size + (long) offsets);
                }
            }
        }
        return ends;
    }

    private static long size(Map<TopicPartition, Long> begin, Map.Entry<TopicPartition, Long> latest) {
        return Math.max(0, latest.getValue() - begin.getOrDefault(latest.getKey(), latest.getValue()));
    }
}
