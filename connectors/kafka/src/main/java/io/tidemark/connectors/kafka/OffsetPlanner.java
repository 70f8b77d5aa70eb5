package io.tidemark.connectors.kafka;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.LostRange;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.connectors.kafka.Anchors.Anchor;
import io.tidemark.connectors.kafka.Surveyor.Survey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Decides how far the next batch reads, and finds before it is planned what was lost behind the query's back. One
 * thread.
 */
final class OffsetPlanner {
    private final KafkaSourceConfig config;
    private final Surveyor surveyor;
    private final Anchors anchors;
    private final EpochCheck epochs;
    private final TimeSource time;

    private boolean availableNow;
    private @Nullable SortedMap<TopicPartition, Long> fixedEnd;
    private @Nullable Anchor fixedAnchor;
    private long lastAdmittedMillis;
    private @Nullable Survey lastSurvey;
    private @Nullable Offset lastStart;

    OffsetPlanner(KafkaSourceConfig config, Surveyor surveyor, Anchors anchors, EpochCheck epochs, TimeSource time) {
        this.config = config;
        this.surveyor = surveyor;
        this.anchors = anchors;
        this.epochs = epochs;
        this.time = time;
    }

    /** The end is fixed at the next look, when it is known where the query starts. */
    void fixEnd() {
        availableNow = true;
        fixedEnd = null;
    }

    /** Returns the newest look, or null before the first. */
    @Nullable
    Survey lastSurvey() {
        return lastSurvey;
    }

    /** Returns the look that {@link #latestOffset} took for exactly this start, or null. */
    @Nullable
    Survey surveyFor(Offset start) {
        return start.equals(lastStart) ? lastSurvey : null;
    }

    Optional<Offset> latestOffset(Offset start, ReadLimit limit) {
        KafkaOffsets line = KafkaOffsets.parse(start);
        Anchor anchor = anchors.of(start);
        Survey survey = surveyor.look(line.byPartition(), anchor);
        checkGone(line, survey);
        checkNamed(survey);
        KafkaOffsets from = withReturned(line, survey, anchor);
        if (from.byPartition().size() > line.byPartition().size()) {
            survey = surveyor.look(from.byPartition(), anchor); // they too may end too early at first
        }
        if (anchor == null) {
            anchors.put(start, survey.anchor());
        }
        SortedMap<TopicPartition, Long> reach = reach(survey);
        // Read on where it stands, once it can be seen: a partition is never new twice.
        SortedMap<TopicPartition, Long> waiting = waiting(from, reach, survey, anchor);
        // Ends that are not a matter of reading on: a log that is not the one we knew.
        SortedMap<TopicPartition, Long> fixed = brokenEnds(from, survey, anchor);
        reach.keySet().removeAll(fixed.keySet());
        List<TopicPartition> withData = reach.entrySet().stream()
                .filter(e -> e.getValue() > from.byPartition().getOrDefault(e.getKey(), -1L))
                .map(Map.Entry::getKey)
                .toList();
        survey = surveyor.withEarliest(survey, withData);
        remember(start, survey, !withData.isEmpty());
        SortedMap<TopicPartition, Long> begin = begins(from, reach, survey);
        if (limit == ReadLimit.SOURCE_DEFAULT && fixed.isEmpty() && holdsBack(from, reach)) {
            return Optional.of(start);
        }
        SortedMap<TopicPartition, Long> end = KafkaOffsets.map();
        if (limit == ReadLimit.SOURCE_DEFAULT && config.maxOffsetsPerTrigger().isPresent()) {
            end.putAll(
                    RateLimit.ends(begin, reach, config.maxOffsetsPerTrigger().getAsLong()));
        } else {
            end.putAll(reach);
        }
        // A partition that ends below where it begins has nothing to give, not something to give back.
        begin.forEach((tp, b) -> end.computeIfPresent(tp, (k, e) -> Math.max(b, e)));
        end.putAll(fixed);
        waiting.forEach(end::putIfAbsent);
        if (end.isEmpty()) {
            return Optional.empty();
        }
        if (end.equals(line.byPartition())) {
            return Optional.of(start); // in the words of the log, so that the texts are equal
        }
        lastAdmittedMillis = time.currentTimeMillis();
        Offset planned = new KafkaOffsets(end).toOffset();
        anchors.put(planned, survey.anchor(line, from, end, anchor));
        return Optional.of(planned);
    }

    /** Adds the partitions that had left the offset line and are there again, of the same topic, where they stood. */
    private static KafkaOffsets withReturned(KafkaOffsets line, Survey survey, @Nullable Anchor anchor) {
        SortedMap<TopicPartition, Long> from = KafkaOffsets.map();
        if (anchor != null) {
            anchor.left().forEach((tp, offset) -> {
                if (survey.has(tp) && survey.recreatedAs(tp.topic(), anchor) == null) {
                    from.put(tp, offset);
                }
            });
        }
        from.putAll(line.byPartition());
        return new KafkaOffsets(from);
    }

    /** Returns the partitions that stay where they are: their topic is there, but they are not to be seen just now. */
    private static SortedMap<TopicPartition, Long> waiting(
            KafkaOffsets from, Map<TopicPartition, Long> reach, Survey survey, @Nullable Anchor anchor) {
        SortedMap<TopicPartition, Long> waiting = KafkaOffsets.map();
        from.byPartition().forEach((tp, offset) -> {
            boolean sameTopic = survey.layout().topicIds().containsKey(tp.topic())
                    && survey.recreatedAs(tp.topic(), anchor) == null;
            if (!reach.containsKey(tp) && (sameTopic || survey.has(tp))) {
                waiting.put(tp, offset);
            }
        });
        return waiting;
    }

    /** Finds at a start what changed under the checkpoint. */
    void resume(Offset end) {
        KafkaOffsets from = KafkaOffsets.parse(end);
        Anchor anchor = anchors.of(end);
        Survey survey = surveyor.look(from.byPartition(), anchor);
        checkGone(from, survey);
        brokenEnds(from, survey, anchor);
        remember(end, survey, false);
        lastStart = null; // a first batch looks anew
    }

    /** Takes note of a look that was taken elsewhere. */
    void remember(@Nullable Offset start, Survey survey, boolean foundData) {
        lastStart = start;
        lastSurvey = survey;
        surveyor.expectData(foundData);
    }

    private void checkGone(KafkaOffsets from, Survey survey) {
        Set<TopicPartition> gone = new TreeSet<>(KafkaOffsets.ORDER);
        gone.addAll(from.byPartition().keySet());
        gone.removeAll(survey.latest().keySet());
        if (!gone.isEmpty() && config.failOnDataLoss()) {
            throw DataLoss.deleted(gone);
        }
    }

    private void checkNamed(Survey survey) {
        if (!survey.layout().missing().isEmpty() && config.failOnDataLoss()) {
            throw StartingOffsetResolver.missing(survey.layout().missing(), config);
        }
    }

    private SortedMap<TopicPartition, Long> reach(Survey survey) {
        SortedMap<TopicPartition, Long> reach = KafkaOffsets.map();
        survey.latest().forEach((tp, p) -> reach.put(tp, p.offset()));
        if (!availableNow) {
            return reach;
        }
        if (fixedEnd == null) {
            fixedEnd = reach;
            fixedAnchor = survey.anchor();
        }
        SortedMap<TopicPartition, Long> fixed = KafkaOffsets.map();
        fixedEnd.forEach((tp, end) -> {
            if (survey.has(tp)) {
                boolean another = survey.recreatedAs(tp.topic(), fixedAnchor) != null;
                fixed.put(tp, another ? Math.min(end, survey.latest(tp)) : end);
            }
        });
        return fixed;
    }

    /**
     * Returns the ends of partitions whose log is another one than the offsets mean. A topic that was created again is
     * read from 0 by the batch after this one: the offset line has no place for another start.
     */
    private SortedMap<TopicPartition, Long> brokenEnds(KafkaOffsets from, Survey survey, @Nullable Anchor anchor) {
        SortedMap<TopicPartition, Long> ends = KafkaOffsets.map();
        from.byPartition().forEach((tp, start) -> {
            if (!survey.has(tp)) {
                return;
            }
            Uuid now = survey.recreatedAs(tp.topic(), anchor);
            Uuid old = anchor == null ? null : anchor.topicId(tp.topic());
            if (now != null && old != null) {
                if (config.failOnDataLoss()) {
                    throw DataLoss.recreated(tp.topic(), old, now);
                }
                if (start > 0) {
                    ends.put(tp, 0L);
                }
                return;
            }
            long same = epochs.sameUntil(tp, start, anchor, survey);
            if (same < start) {
                if (old == null && config.failOnDataLoss()) {
                    throw DataLoss.outOfRange(tp, start, survey.latest(tp), "logged offset");
                } else if (old != null && (config.failOnDataLoss() || !config.allowRewind() || same < 0)) {
                    throw DataLoss.truncated(tp, start, same, survey.latest(tp));
                }
                ends.put(tp, same);
                if (fixedEnd != null) {
                    fixedEnd.put(tp, survey.latest(tp)); // what was there when the end was fixed will not come back
                }
            }
        });
        return ends;
    }

    /** Returns where the rows of each partition really begin, or fails if that is not where the query stopped. */
    private SortedMap<TopicPartition, Long> begins(
            KafkaOffsets from, SortedMap<TopicPartition, Long> reach, Survey survey) {
        SortedMap<TopicPartition, Long> begin = KafkaOffsets.map();
        List<LostRange> expired = new ArrayList<>();
        for (TopicPartition tp : reach.keySet()) {
            Long start = from.byPartition().get(tp);
            KafkaCluster.Position first = survey.earliest().get(tp);
            long earliest = first == null ? 0 : first.offset();
            if (start == null) {
                if (earliest != 0 && config.failOnDataLoss()) {
                    throw DataLoss.addedNotZero(tp, earliest);
                }
                begin.put(tp, earliest);
            } else if (earliest > start && reach.getOrDefault(tp, 0L) > start) {
                expired.add(DataLoss.range(tp, start, earliest, DataLoss.EXPIRED));
                begin.put(tp, earliest);
            } else {
                begin.put(tp, start);
            }
        }
        if (!expired.isEmpty() && config.failOnDataLoss()) {
            throw DataLoss.expired(expired);
        }
        return begin;
    }

    /** Returns whether {@code minOffsetsPerTrigger} asks to wait; never when everything available is wanted now. */
    private boolean holdsBack(KafkaOffsets from, SortedMap<TopicPartition, Long> reach) {
        if (config.minOffsetsPerTrigger().isEmpty() || availableNow) {
            return false;
        }
        long waiting = 0;
        for (Map.Entry<TopicPartition, Long> e : reach.entrySet()) {
            waiting += e.getValue() - from.byPartition().getOrDefault(e.getKey(), 0L);
        }
        return waiting < config.minOffsetsPerTrigger().getAsLong()
                && time.currentTimeMillis() - lastAdmittedMillis
                        < config.maxTriggerDelay().toMillis();
    }
}
