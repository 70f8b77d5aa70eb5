package io.tidemark.connectors.kafka;

import io.tidemark.api.TimeSource;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches, for a reader of committed records, how far open transactions hold it back. The last stable offset of a partition
 * does not pass the first record of a transaction that is open; one whose producer died may stay open for ever (KIP-664),
 * and the query waits in silence. One thread.
 */
final class HangingTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /** So long the last stable offset may stand still before somebody is told, and again as long before he is told again. */
    static final Duration ALARM = Duration.ofSeconds(30);

    private final KafkaSourceConfig config;
    private final KafkaCluster cluster;
    private final TimeSource time;
    private final SortedMap<TopicPartition, Held> held = KafkaOffsets.map();
    private long lag;
    private long nextLookMillis;

    /** A partition that is held back: where it stands, since when, and when it is to be told. */
    private record Held(long stable, long end, long sinceMillis, long alarmMillis) {}

    HangingTransactions(KafkaSourceConfig config, KafkaCluster cluster, TimeSource time) {
        this.config = config;
        this.cluster = cluster;
        this.time = time;
    }

    /**
     * Takes a look, at most one a second.
     *
     * @param stable how far each partition can be read
     */
    void look(SortedMap<TopicPartition, KafkaCluster.Position> stable) {
        long now = time.currentTimeMillis();
        if (!config.readCommitted() || stable.isEmpty() || now < nextLookMillis) {
            return;
        }
        nextLookMillis = now + BETWEEN_LOOKS.toMillis();
        SortedMap<TopicPartition, KafkaCluster.Position> ends = cluster.positions(
                cluster.ask(stable.keySet(), tp -> OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED),
                stable.keySet());
        long sum = 0;
        SortedMap<TopicPartition, Held> still = KafkaOffsets.map();
        for (TopicPartition tp : stable.keySet()) {
            long reach = stable.get(tp).offset();
            long end = ends.get(tp).offset();
            if (end > reach) {
                sum += end - reach;
                still.put(tp, watch(tp, reach, end, now));
            }
        }
        held.clear();
        held.putAll(still);
        lag = sum;
    }

    private Held watch(TopicPartition tp, long reach, long end, long now) {
        Held before = held.get(tp);
        if (before == null || before.stable() != reach) {
            return new Held(reach, end, now, now + ALARM.toMillis());
        }
        if (now < before.alarmMillis()) {
            return new Held(reach, end, before.sinceMillis(), before.alarmMillis());
        }
        LOG.warn(
                "{} is held back by an open transaction: nothing behind offset {} can be read for {} s, {} records"
                        + " wait. If its producer is gone, find it with kafka-transactions.sh find-hanging and abort it.",
                tp,
                reach,
                (now - before.sinceMillis()) / 1_000,
                end - reach);
        return new Held(reach, end, before.sinceMillis(), now + ALARM.toMillis());
    }

    /** Returns what progress shows: records and markers that are there and cannot be read yet, of all partitions. */
    SortedMap<String, String> metrics() {
        SortedMap<String, String> metrics = new TreeMap<>();
        if (config.readCommitted()) {
            metrics.put("lso_lag", Long.toString(lag));
        }
        return metrics;
    }
}
