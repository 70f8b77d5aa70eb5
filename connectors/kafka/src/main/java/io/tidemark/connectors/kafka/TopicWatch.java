package io.tidemark.connectors.kafka;

import io.tidemark.api.connector.LostRange;
import java.util.ArrayList;
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
 * was created again while it was read does not always show in its records. One question a batch. Any thread.
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
     * Takes note that a range is fetched to its end. The last one looks: it fails if a topic is another one now, or, if
     * loss is allowed, returns the ranges of which nobody can tell from which of the two their rows are.
     *
     * @throws io.tidemark.api.error.TidemarkException {@code TOPIC_RECREATED}
     */
    List<LostRange> fetched(KafkaPartition range) {
        List<KafkaPartition> all;
        synchronized (this) {
            open.remove(range);
            if (!open.isEmpty()) {
                return List.of();
            }
            all = List.copyOf(ranges);
        }
        SortedMap<String, Uuid> meant = new TreeMap<>();
        for (KafkaPartition r : all) {
            Uuid id = r.topicId();
            if (id != null) {
                meant.put(r.partition().topic(), id);
            }
        }
        SortedMap<String, Uuid> now = cluster.topicIds(meant.keySet());
        Set<String> others = new HashSet<>();
        for (Map.Entry<String, Uuid> e : meant.entrySet()) {
            // One that is not shown at all is for the next batch to judge, after more than one look.
            Uuid found = now.getOrDefault(e.getKey(), e.getValue());
            if (!found.equals(e.getValue())) {
                if (config.failOnDataLoss()) {
                    throw DataLoss.recreated(e.getKey(), e.getValue(), found);
                }
                others.add(e.getKey());
            }
        }
        List<LostRange> lost = new ArrayList<>();
        for (KafkaPartition r : all) {
            if (others.contains(r.partition().topic())) {
                lost.add(DataLoss.range(r.partition(), r.from(), r.until(), "topic created again while it was read"));
            }
        }
        return lost;
    }
}
