package io.tidemark.connectors.kafka;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * Looks, once all ranges of a batch are fetched, whether the topics still are those that the batch means: a topic that
 * was created again while it was read does not always show in its records. One question a batch where loss is not allowed,
 * one a range where it is. Any thread.
 */
final class TopicWatch {
    private final KafkaSourceConfig config;
    private final KafkaCluster cluster;
    private final Set<KafkaPartition> open = new HashSet<>();
    private final Set<KafkaPartition> ranges = new LinkedHashSet<>();

    TopicWatch(KafkaSourceConfig config, KafkaCluster cluster) {
        this.config = config;
        this.cluster = cluster;
    }

    /** Says what the batch that is read from now on consists of. */
    synchronized void begin(Collection<KafkaPartition> tasks) {
        ranges.clear();
        ranges.addAll(tasks);
        open.clear();
        open.addAll(tasks);
    }

    /** Says that a range's reader has found its topic gone, and reports it. */
    synchronized void reported(KafkaPartition range) {
        ranges.remove(range);
    }

    /**
     * Takes note that a range is fetched to its end. Where loss is not allowed, the last range of a batch looks for all of
     * them. Where it is, each looks for itself: what the next attempt finds gone is then reported, and nothing of it read.
     *
     * @throws io.tidemark.api.error.TidemarkException {@code TOPIC_RECREATED} if a topic is another one now
     * @throws TopicChangedException the same, if loss is allowed
     */
    void fetched(KafkaPartition range) {
        List<KafkaPartition> looked;
        synchronized (this) {
            open.remove(range);
            if (config.failOnDataLoss() && !open.isEmpty()) {
                return;
            }
            looked = config.failOnDataLoss() ? List.copyOf(ranges) : List.of(range);
        }
        SortedMap<String, Uuid> meant = new TreeMap<>();
        for (KafkaPartition r : looked) {
            Uuid id = r.topicId();
            if (id != null) {
                meant.put(r.partition().topic(), id);
            }
        }
        SortedMap<String, Uuid> now = cluster.topicIds(meant.keySet());
        for (Map.Entry<String, Uuid> e : meant.entrySet()) {
            // One that is not shown at all is for the next batch to judge, after more than one look.
            Uuid found = now.getOrDefault(e.getKey(), e.getValue());
            if (!found.equals(e.getValue())) {
                if (config.failOnDataLoss()) {
                    throw DataLoss.recreated(e.getKey(), e.getValue(), found);
                }
                throw new TopicChangedException(range);
            }
        }
    }

    /** The rows that were read of a range are of a topic that took its name; another attempt knows from the start. */
    static final class TopicChangedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TopicChangedException(KafkaPartition range) {
            super("the topic of " + range.describe() + " was deleted and created again while it was read");
        }
    }
}
