package io.tidemark.connectors.kafka;

import io.tidemark.api.TimeSource;
import io.tidemark.connectors.kafka.Anchors.Anchor;
import io.tidemark.connectors.kafka.KafkaCluster.Layout;
import io.tidemark.connectors.kafka.KafkaCluster.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the cluster once a trigger, with its questions under way at the same time, and looks again before it believes
 * bad news: a partition that is gone, an end that moved back. One thread.
 */
final class Surveyor {
    private final KafkaSourceConfig config;
    private final KafkaCluster cluster;
    private final TimeSource time;

    private List<TopicPartition> known = List.of();
    private Set<TopicPartition> absent = Set.of();
    private boolean expectsData;

    Surveyor(KafkaSourceConfig config, KafkaCluster cluster, TimeSource time) {
        this.config = config;
        this.cluster = cluster;
        this.time = time;
    }

    /**
     * What one look found.
     *
     * @param earliest of the partitions that were asked for, at least those known before if data was expected
     */
    record Survey(
            Layout layout, SortedMap<TopicPartition, Position> latest, SortedMap<TopicPartition, Position> earliest) {
        boolean has(TopicPartition tp) {
            return latest.containsKey(tp);
        }

        long latest(TopicPartition tp) {
            return latest.get(tp).offset();
        }

        /** Returns the topic's id if it differs from the one that {@code anchor} knows, otherwise null. */
        @Nullable
        Uuid recreatedAs(String topic, @Nullable Anchor anchor) {
            Uuid old = anchor == null ? null : anchor.topicId(topic);
            Uuid now = layout.topicIds().get(topic);
            return old == null || now == null || old.equals(now) ? null : now;
        }

        /** Returns the facts by which an offset taken from this look is known again. */
        Anchor anchor() {
            SortedMap<TopicPartition, Integer> epochs = KafkaOffsets.map();
            latest.forEach((tp, p) -> epochs.put(tp, p.leaderEpoch()));
            return new Anchor(layout.topicIds(), epochs, KafkaOffsets.map());
        }

        /**
         * Returns the facts about {@code end}, and what {@code before} knew of partitions that are not to be seen now or
         * were not before.
         *
         * @param line the offset line that the batch starts at
         * @param from where it starts, with the partitions that are back
         */
        Anchor anchor(KafkaOffsets line, KafkaOffsets from, Map<TopicPartition, Long> end, @Nullable Anchor before) {
            Anchor now = anchor();
            SortedMap<String, Uuid> ids = new TreeMap<>(now.topicIds());
            SortedMap<TopicPartition, Long> left = KafkaOffsets.map();
            SortedMap<TopicPartition, Long> known = KafkaOffsets.map();
            known.putAll(before == null ? KafkaOffsets.map() : before.left());
            known.putAll(from.byPartition());
            known.forEach((tp, offset) -> {
                boolean isBack = end.containsKey(tp) && !line.byPartition().containsKey(tp);
                boolean isAway = !end.containsKey(tp) && recreatedAs(tp.topic(), before) == null;
                if (from.byPartition().containsKey(tp) ? isBack || isAway : isAway) {
                    left.put(tp, offset);
                    Uuid id = before == null ? null : before.topicId(tp.topic());
                    if (id != null) {
                        ids.putIfAbsent(tp.topic(), id);
                    }
                }
            });
            return new Anchor(ids, now.leaderEpochs(), left);
        }
    }

    /**
     * Looks at the partitions and their ends, again if some of {@code wanted} are gone or end below what is wanted.
     * The last look counts, whatever it found; what it did not find is not waited for again at the next trigger.
     */
    Survey look(Map<TopicPartition, Long> wanted, @Nullable Anchor anchor) {
        for (int attempt = 1; ; attempt++) {
            Survey survey = lookOnce();
            boolean doubtful = wanted.entrySet().stream()
                    .anyMatch(e -> survey.has(e.getKey())
                            ? survey.latest(e.getKey()) < e.getValue()
                                    && survey.recreatedAs(e.getKey().topic(), anchor) == null
                            : !absent.contains(e.getKey()));
            if (!doubtful || attempt >= config.fetchAttempts()) {
                Set<TopicPartition> away = new HashSet<>(wanted.keySet());
                away.removeAll(survey.latest().keySet());
                checkForbidden(away, survey);
                absent = away;
                return survey;
            }
            pause();
        }
    }

    /**
     * Fails if a topic is not to be seen because this user may not see it: the list of topics leaves such a one out as if
     * it were deleted, but an answer about its name says so.
     */
    private void checkForbidden(Set<TopicPartition> away, Survey survey) {
        if (config.subscription() instanceof Subscription.Matching) {
            Set<String> unseen = new TreeSet<>();
            away.stream()
                    .filter(tp -> !absent.contains(tp))
                    .map(TopicPartition::topic)
                    .forEach(unseen::add);
            unseen.removeAll(survey.layout().topicIds().keySet());
            cluster.topicIds(unseen);
        }
    }

    /** Looks until every topic that the user named exists, or the attempts are used up. */
    Survey lookForNamedTopics() {
        for (int attempt = 1; ; attempt++) {
            Survey survey = lookOnce();
            if (survey.layout().missing().isEmpty() || attempt >= config.fetchAttempts()) {
                return survey;
            }
            pause();
        }
    }

    private void pause() {
        try {
            time.sleep(config.fetchRetryInterval());
        } catch (InterruptedException e) {
            throw KafkaCluster.interrupted();
        }
    }

    private Survey lookOnce() {
        ListOffsetsResult latestAsked = known.isEmpty() ? null : cluster.ask(known, tp -> OffsetSpec.latest());
        ListOffsetsResult earliestAsked =
                known.isEmpty() || !expectsData ? null : cluster.ask(known, tp -> OffsetSpec.earliest());
        Layout layout = cluster.layout();
        List<TopicPartition> still = new ArrayList<>(layout.partitions());
        List<TopicPartition> added = new ArrayList<>(layout.partitions());
        Set<TopicPartition> knownSet = new HashSet<>(known);
        still.retainAll(knownSet);
        added.removeAll(knownSet);
        known = List.of();
        SortedMap<TopicPartition, Position> latest = KafkaOffsets.map();
        SortedMap<TopicPartition, Position> earliest = KafkaOffsets.map();
        if (latestAsked != null) {
            latest.putAll(cluster.positions(latestAsked, still));
        }
        if (earliestAsked != null) {
            earliest.putAll(cluster.positions(earliestAsked, still));
        }
        latest.putAll(cluster.positions(added, tp -> OffsetSpec.latest()));
        known = layout.partitions();
        return new Survey(layout, latest, earliest);
    }

    /** Returns the same survey with the beginnings of {@code partitions} known. */
    Survey withEarliest(Survey survey, Collection<TopicPartition> partitions) {
        TreeSet<TopicPartition> open = new TreeSet<>(KafkaOffsets.ORDER);
        open.addAll(partitions);
        open.removeAll(survey.earliest().keySet());
        if (open.isEmpty()) {
            return survey;
        }
        SortedMap<TopicPartition, Position> earliest = KafkaOffsets.map();
        earliest.putAll(survey.earliest());
        earliest.putAll(cluster.positions(open, tp -> OffsetSpec.earliest()));
        return new Survey(survey.layout(), survey.latest(), earliest);
    }

    /** Says whether the next look is likely to need the beginnings as well. */
    void expectData(boolean expected) {
        expectsData = expected;
    }
}
