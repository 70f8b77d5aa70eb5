package io.tidemark.connectors.kafka;

import io.tidemark.api.connector.LostRange;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** The ways in which Kafka loses rows that a query still wants, as errors; and how a lost range is written down. */
final class DataLoss {
    private static final String GO_ON = " or set failOnDataLoss=false on this source to go on without them.";

    static final String EXPIRED = "gone from the log before it was read (retention, or records deleted)";
    static final String EXPIRED_MEANWHILE = "gone from the log while it was read (retention, or records deleted)";
    static final String NOT_FROM_ZERO = "new partition that did not begin at offset 0";
    static final String DELETED = "topic or partition deleted";
    static final String RECREATED = "topic deleted and created again";
    static final String RECREATED_MEANWHILE = "topic deleted or created again while it was read";
    static final String CUT = "log cut short: the partition ends before what the query knew";
    static final String CUT_MEANWHILE = "log cut short while it was read";
    static final String UNUSABLE = "left out (onBadRecord=drop), the query cannot use it: ";

    private DataLoss() {}

    /** A lost range whose end is known. */
    static LostRange range(TopicPartition tp, long from, long until, String cause) {
        return new LostRange(tp.topic(), tp.partition(), from, until, until - from, cause);
    }

    /** Everything from {@code from} on is lost, and nobody knows how much that was. */
    static LostRange tail(TopicPartition tp, long from, String cause) {
        return new LostRange(tp.topic(), tp.partition(), from, -1, -1, cause);
    }

    static TidemarkException expired(List<LostRange> lost) {
        String what = lost.stream()
                .map(l -> String.format(
                        "%s-%d no longer has offsets %d to %d (wanted %d, earliest is %d, %d rows)",
                        l.topic(), l.partition(), l.from(), l.until() - 1, l.from(), l.until(), l.rows()))
                .collect(Collectors.joining("; "));
        return new TidemarkException(
                ErrorCode.SOURCE_ROWS_MISSING,
                "Kafka lost rows that were not read yet: " + what
                        + ". They were probably removed by retention while the query was stopped or behind. Restore"
                        + " them," + GO_ON);
    }

    static TidemarkException unreadable(LostRange l, long earliest, long latest) {
        return new TidemarkException(
                ErrorCode.SOURCE_ROWS_MISSING,
                String.format(
                                "Cannot read %s-%d offsets %d to %d (%d rows): the partition holds %d to %d. %s."
                                        + " Restore the rows,",
                                l.topic(),
                                l.partition(),
                                l.from(),
                                l.until() - 1,
                                l.rows(),
                                earliest,
                                latest - 1,
                                l.cause())
                        + GO_ON);
    }

    static TidemarkException recreated(String topic, Uuid old, Uuid now) {
        return new TidemarkException(
                ErrorCode.TOPIC_RECREATED,
                "Topic " + topic + " was deleted and created again (its id was " + old + " and is " + now
                        + "): the offsets of the checkpoint mean another log. Start a new checkpoint," + GO_ON);
    }

    static TidemarkException deleted(Collection<TopicPartition> gone) {
        return new TidemarkException(
                ErrorCode.PARTITIONS_DELETED,
                "Partitions that the query was reading are gone: "
                        + gone.stream().map(TopicPartition::toString).collect(Collectors.joining(", "))
                        + ". Restore the topic," + GO_ON);
    }

    static TidemarkException addedNotZero(TopicPartition tp, long earliest) {
        return new TidemarkException(
                ErrorCode.ADDED_PARTITION_NOT_ZERO,
                "The new partition " + tp + " starts at offset " + earliest + ", not 0: its first " + earliest
                        + " rows are gone before they could be read. Restore them," + GO_ON);
    }

    /**
     * @param same up to where the log is the one that was read, or -1 if nobody knows
     * @param latest where it ends now
     */
    static TidemarkException truncated(TopicPartition tp, long wanted, long same, long latest) {
        return new TidemarkException(
                ErrorCode.LOG_TRUNCATED,
                "Partition " + tp + " ends at offset " + latest
                        + (same < latest && same >= 0 ? " and was cut at " + same : "")
                        + ", but the query has read up to " + wanted
                        + ": the broker lost records it had confirmed (unclean leader election or a restored backup)."
                        + " Rewind the checkpoint to a batch before that, start a new one, or set failOnDataLoss=false"
                        + " and allowRewind=true on this source to go on from where the log was cut.");
    }

    static TidemarkException outOfRange(TopicPartition tp, long wanted, long latest, String whose) {
        return new TidemarkException(
                ErrorCode.OFFSET_OUT_OF_RANGE,
                "Partition " + tp + " ends at offset " + latest + ", below the " + whose + " " + wanted
                        + ": the topic was created again or its log was cut. Correct the offset, start a new"
                        + " checkpoint, or set failOnDataLoss=false on this source to go on from what there is.");
    }
}
