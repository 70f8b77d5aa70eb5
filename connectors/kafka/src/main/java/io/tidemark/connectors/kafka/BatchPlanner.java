package io.tidemark.connectors.kafka;

import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.LostRange;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.Source.Plan;
import io.tidemark.connectors.kafka.Anchors.Anchor;
import io.tidemark.connectors.kafka.Surveyor.Survey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a batch into tasks. Where it is cut depends on the two offsets and the options alone; only what is known to be
 * lost is then left out, and reported. One thread.
 */
final class BatchPlanner {
    private final KafkaSourceConfig config;
    private final Surveyor surveyor;
    private final OffsetPlanner offsets;
    private final Anchors anchors;
    private final EpochCheck epochs;
    private final RangeSplitter splitter;

    BatchPlanner(
            KafkaSourceConfig config, Surveyor surveyor, OffsetPlanner offsets, Anchors anchors, EpochCheck epochs) {
        this.config = config;
        this.surveyor = surveyor;
        this.offsets = offsets;
        this.anchors = anchors;
        this.epochs = epochs;
        this.splitter = new RangeSplitter(config.minPartitions(), config.maxRecordsPerPartition());
    }

    Plan plan(Offset start, Offset end) {
        if (start.equals(end)) {
            return new Plan(List.of(), List.of());
        }
        SortedMap<TopicPartition, Long> from = KafkaOffsets.parse(start).byPartition();
        SortedMap<TopicPartition, Long> until = KafkaOffsets.parse(end).byPartition();
        Survey survey = survey(start, end, until);
        @Nullable Anchor startAnchor = anchors.of(start);
        @Nullable Anchor endAnchor = endAnchor(startAnchor, end, from, until);
        if (endAnchor == null) { // nothing was ever sealed: from here on the topics are taken for what they are now
            anchors.put(end, survey.anchor());
        }
        SortedMap<TopicPartition, Long> begins = KafkaOffsets.map();
        if (endAnchor != null) { // those that are back go on where they were left
            begins.putAll(endAnchor.left());
        }
        begins.putAll(from);
        List<LostRange> losses = new ArrayList<>();
        lostWithTheirPartition(from, until, losses);
        List<KafkaPartition> ranges = new ArrayList<>();
        until.forEach((tp, stop) -> {
            long begin = begins.getOrDefault(tp, 0L);
            if (begin == 0 && from.containsKey(tp) && survey.recreatedAs(tp.topic(), startAnchor) != null) {
                losses.add(DataLoss.tail(tp, 0, DataLoss.RECREATED)); // nothing was read of the topic before
            }
            if (stop < begin) {
                if (config.failOnDataLoss()) {
                    throw DataLoss.outOfRange(tp, begin, stop, "batch's start");
                }
                losses.add(DataLoss.tail(tp, begin, cutOrRecreated(tp, survey, startAnchor)));
            } else if (stop > begin && isReadable(tp, begin, stop, survey, endAnchor, losses)) {
                boolean another = survey.recreatedAs(tp.topic(), startAnchor) != null;
                int epoch = startAnchor == null || another ? -1 : startAnchor.leaderEpoch(tp);
                Uuid id = survey.layout().topicIds().get(tp.topic());
                long same = Math.max(begin, sameUntil(tp, stop, endAnchor, survey));
                ranges.add(new KafkaPartition(tp, begin, same, epoch, id));
                if (same < stop) {
                    losses.add(DataLoss.range(tp, same, stop, DataLoss.CUT));
                }
            }
        });
        List<InputPartition> tasks = new ArrayList<>();
        List<LostRange> expired = new ArrayList<>();
        ranges.forEach(r -> addExpired(r, begins, survey, expired));
        for (KafkaPartition task : splitter.split(ranges)) {
            long first = Math.max(task.from(), earliest(task.partition(), survey));
            if (first < task.until()) {
                tasks.add(task.range(first, task.until()));
            }
        }
        losses.addAll(expired);
        return new Plan(tasks, losses);
    }

    /** A run that died between its plan and the seal of it leaves what was sealed before to say which topics it meant. */
    private @Nullable Anchor endAnchor(
            @Nullable Anchor startAnchor,
            Offset end,
            SortedMap<TopicPartition, Long> from,
            SortedMap<TopicPartition, Long> until) {
        Anchor sealed = anchors.of(end);
        if (sealed != null || startAnchor == null) {
            return sealed;
        }
        Anchor carried = startAnchor.carriedTo(from, until);
        anchors.put(end, carried);
        return carried;
    }

    /** Of a log that was cut nobody knows where, not a record can be trusted: no range of it is read. */
    private long sameUntil(TopicPartition tp, long stop, @Nullable Anchor endAnchor, Survey survey) {
        return Math.max(0, epochs.sameUntil(tp, stop, endAnchor, survey));
    }

    private static String cutOrRecreated(TopicPartition tp, Survey survey, @Nullable Anchor startAnchor) {
        return survey.recreatedAs(tp.topic(), startAnchor) == null ? DataLoss.CUT : DataLoss.RECREATED;
    }

    /** Uses the look that the end was taken from; a batch that is run again takes one of its own. */
    private Survey survey(Offset start, Offset end, SortedMap<TopicPartition, Long> until) {
        Survey survey = offsets.surveyFor(start);
        if (survey == null) {
            survey = surveyor.look(until, anchors.of(end));
        }
        TreeSet<TopicPartition> present = new TreeSet<>(KafkaOffsets.ORDER);
        present.addAll(until.keySet());
        present.retainAll(survey.latest().keySet());
        Map<TopicPartition, Long> from = KafkaOffsets.parse(start).byPartition();
        present.removeIf(tp -> until.getOrDefault(tp, 0L) <= from.getOrDefault(tp, 0L));
        survey = surveyor.withEarliest(survey, present);
        offsets.remember(start, survey, true);
        return survey;
    }

    private void lostWithTheirPartition(
            SortedMap<TopicPartition, Long> from, SortedMap<TopicPartition, Long> until, List<LostRange> losses) {
        List<TopicPartition> gone =
                from.keySet().stream().filter(tp -> !until.containsKey(tp)).toList();
        if (!gone.isEmpty() && config.failOnDataLoss()) {
            throw DataLoss.deleted(gone);
        }
        gone.forEach(tp -> losses.add(DataLoss.tail(tp, from.getOrDefault(tp, 0L), DataLoss.DELETED)));
    }

    /** Returns whether the partition is there and is the one that the batch means. */
    private boolean isReadable(
            TopicPartition tp,
            long begin,
            long stop,
            Survey survey,
            @Nullable Anchor endAnchor,
            List<LostRange> losses) {
        if (!survey.has(tp)) {
            if (config.failOnDataLoss()) {
                throw DataLoss.deleted(List.of(tp));
            }
            losses.add(DataLoss.range(tp, begin, stop, DataLoss.DELETED));
            return false;
        }
        Uuid now = survey.recreatedAs(tp.topic(), endAnchor);
        Uuid old = endAnchor == null ? null : endAnchor.topicId(tp.topic());
        if (now != null && old != null) {
            if (config.failOnDataLoss()) {
                throw DataLoss.recreated(tp.topic(), old, now);
            }
            losses.add(DataLoss.range(tp, begin, stop, DataLoss.RECREATED));
            return false;
        }
        long same = sameUntil(tp, stop, endAnchor, survey);
        if (same < stop && config.failOnDataLoss()) {
            throw old == null
                    ? DataLoss.outOfRange(tp, stop, survey.latest(tp), "batch's end")
                    : DataLoss.truncated(tp, stop, same, survey.latest(tp));
        }
        return true;
    }

    private void addExpired(
            KafkaPartition range, Map<TopicPartition, Long> from, Survey survey, List<LostRange> expired) {
        long earliest = earliest(range.partition(), survey);
        if (earliest <= range.from() || range.size() <= 0) {
            return;
        }
        if (config.failOnDataLoss()) {
            throw from.containsKey(range.partition())
                    ? DataLoss.expired(
                            List.of(DataLoss.range(range.partition(), range.from(), earliest, DataLoss.EXPIRED)))
                    : DataLoss.addedNotZero(range.partition(), earliest);
        }
        expired.add(DataLoss.range(
                range.partition(),
                range.from(),
                Math.min(earliest, range.until()),
                from.containsKey(range.partition()) ? DataLoss.EXPIRED : DataLoss.NOT_FROM_ZERO));
    }

    private static long earliest(TopicPartition tp, Survey survey) {
        KafkaCluster.Position p = survey.earliest().get(tp);
        return p == null ? 0 : p.offset();
    }
}
