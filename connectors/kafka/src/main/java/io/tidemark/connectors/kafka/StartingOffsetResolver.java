package io.tidemark.connectors.kafka;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.connectors.kafka.KafkaCluster.Position;
import io.tidemark.connectors.kafka.Surveyor.Survey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Turns what the user said about the start into offsets, for the very first start of a query. */
final class StartingOffsetResolver {
    private final KafkaSourceConfig config;
    private final KafkaCluster cluster;
    private final Surveyor surveyor;

    StartingOffsetResolver(KafkaSourceConfig config, KafkaCluster cluster, Surveyor surveyor) {
        this.config = config;
        this.cluster = cluster;
        this.surveyor = surveyor;
    }

    /** Offsets of all partitions, and the look they were taken from. */
    record Resolved(KafkaOffsets offsets, Survey survey) {}

    Resolved resolve() {
        Survey found = surveyor.lookForNamedTopics();
        if (!found.layout().missing().isEmpty()) {
            throw missing(found.layout().missing(), config);
        }
        Survey survey = surveyor.withEarliest(found, found.layout().partitions());
        SortedMap<TopicPartition, Long> offsets = KafkaOffsets.map();
        StartingPosition start = config.start();
        if (start instanceof StartingPosition.Earliest) {
            survey.earliest().forEach((tp, p) -> offsets.put(tp, p.offset()));
        } else if (start instanceof StartingPosition.Latest) {
            survey.latest().forEach((tp, p) -> offsets.put(tp, p.offset()));
        } else if (start instanceof StartingPosition.Offsets given) {
            demandAll("startingOffsets", given.byPartition().keySet(), survey);
            given.byPartition().forEach((tp, o) -> offsets.put(tp, checked(tp, o, survey)));
        } else if (start instanceof StartingPosition.Timestamps given) {
            demandAll("startingOffsetsByTimestamp", given.byPartition().keySet(), survey);
            offsets.putAll(atTimes(tp -> given.byPartition().getOrDefault(tp, 0L), survey));
        } else if (start instanceof StartingPosition.Timestamp given) {
            offsets.putAll(atTimes(tp -> given.millis(), survey));
        }
        return new Resolved(new KafkaOffsets(offsets), survey);
    }

    static TidemarkException missing(Set<String> topics, KafkaSourceConfig config) {
        return new TidemarkException(
                ErrorCode.TOPIC_MISSING,
                "Kafka at " + config.servers() + " has no topic " + String.join(", ", topics)
                        + ". Create it, or correct the option 'subscribe' or 'assign'.");
    }

    private void demandAll(String option, Set<TopicPartition> given, Survey survey) {
        Set<TopicPartition> absent = new TreeSet<>(KafkaOffsets.ORDER);
        absent.addAll(survey.layout().partitions());
        absent.removeAll(given);
        Set<TopicPartition> unknown = new TreeSet<>(KafkaOffsets.ORDER);
        unknown.addAll(given);
        unknown.removeAll(survey.layout().partitions());
        if (absent.isEmpty() && unknown.isEmpty()) {
            return;
        }
        List<String> differences = new ArrayList<>();
        if (!absent.isEmpty()) {
            differences.add("it lacks " + absent);
        }
        if (!unknown.isEmpty()) {
            differences.add("it names " + unknown + ", which the source does not read");
        }
        throw new TidemarkException(
                ErrorCode.STARTING_OFFSETS_MISMATCH,
                "Option '" + option + "' must specify exactly the partitions that are read: "
                        + String.join(" and ", differences)
                        + (option.equals("startingOffsets")
                                ? ". Use -1 for latest, -2 for earliest."
                                : ". Complete it."));
    }

    /** A wrong offset is refused before it is stored, so that a corrected option counts. */
    private long checked(TopicPartition tp, long offset, Survey survey) {
        long earliest = earliest(tp, survey);
        long latest = survey.latest(tp);
        if (offset == StartingPosition.EARLIEST) {
            return earliest;
        } else if (offset == StartingPosition.LATEST) {
            return latest;
        } else if (offset > latest) {
            throw new TidemarkException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "startingOffsets wants " + tp + " from " + offset + ", but the partition ends at " + latest
                            + ". Use at most " + latest + ", or -1 for latest.");
        } else if (offset < earliest && config.failOnDataLoss()) {
            throw new TidemarkException(
                    ErrorCode.SOURCE_ROWS_MISSING,
                    "startingOffsets wants " + tp + " from " + offset + ", but the partition begins at " + earliest
                            + ": offsets " + offset + " to " + (earliest - 1) + " are gone. Use at least " + earliest
                            + ", -2 for earliest, or set failOnDataLoss=false on this source to go on without them.");
        }
        return offset;
    }

    private static long earliest(TopicPartition tp, Survey survey) {
        Position p = survey.earliest().get(tp);
        return p == null ? 0 : p.offset();
    }

    private Map<TopicPartition, Long> atTimes(Function<TopicPartition, Long> millis, Survey survey) {
        SortedMap<TopicPartition, Long> offsets = KafkaOffsets.map();
        cluster.positions(survey.layout().partitions(), tp -> OffsetSpec.forTimestamp(millis.apply(tp)))
                .forEach((tp, p) -> {
                    if (p.offset() >= 0) {
                        offsets.put(tp, p.offset());
                    } else if (config.noRecordAtTimestamp() == StartingPosition.NoRecord.TAKE_LATEST) {
                        offsets.put(tp, survey.latest(tp));
                    } else {
                        throw new TidemarkException(
                                ErrorCode.INVALID_OPTION,
                                "Partition " + tp + " has no record at or after the starting time "
                                        + millis.apply(tp)
                                        + ". Use an earlier time, or startingOffsetsByTimestampStrategy=latest.");
                    }
                });
        return offsets;
    }
}
