package io.tidemark.connectors.kafka;

import io.tidemark.connectors.kafka.Anchors.Anchor;
import io.tidemark.connectors.kafka.Surveyor.Survey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a partition's leader whether an offset still means the record it meant under an earlier leader (KIP-320). An
 * unclean election can take confirmed records away and fill their offsets with others, which no offset alone can tell.
 * Asked only when the leader epoch has changed, so that a consumer of its own is no expense.
 */
final class EpochCheck {
    /** The leader does not know the epoch, so nobody knows where the two logs part. */
    static final long UNKNOWN = -1;

    private final KafkaSourceConfig config;
    private final KafkaClients clients;
    private final KafkaErrors errors;
    private final SlowCalls slow;

    EpochCheck(KafkaSourceConfig config, KafkaClients clients, KafkaErrors errors, SlowCalls slow) {
        this.config = config;
        this.clients = clients;
        this.errors = errors;
        this.slow = slow;
    }

    /**
     * As {@link #sameUntil(TopicPartition, long, int)}, from what is known: asks the leader only if its epoch is another
     * one than when the offset was taken, or the log ends below it.
     */
    long sameUntil(TopicPartition tp, long offset, @Nullable Anchor anchor, Survey survey) {
        int then = anchor == null ? -1 : anchor.leaderEpoch(tp);
        long end = survey.latest(tp);
        boolean isDoubtful = end < offset || survey.latest().get(tp).leaderEpoch() != then;
        if (then < 0 || !isDoubtful) {
            return Math.min(offset, end);
        }
        long same = sameUntil(tp, offset, then);
        return same < 0 && end < offset ? end : Math.min(same, end);
    }

    /**
     * Returns up to which offset the log still is the one that {@code offset} was taken from: {@code offset} if it stands,
     * a lower one if the log was cut there, {@link #UNKNOWN} if it was cut and nobody knows where.
     */
    long sameUntil(TopicPartition tp, long offset, int leaderEpoch) {
        String doing = "validate offset " + offset + " of " + tp;
        long began = slow.begin();
        KafkaConsumer<ByteBuffer, ByteBuffer> consumer = null;
        try {
            consumer = clients.consumer();
            consumer.assign(List.of(tp));
            consumer.endOffsets(List.of(tp), config.deadline()); // without knowing the leader nothing is validated
            consumer.seek(tp, new OffsetAndMetadata(offset, Optional.of(leaderEpoch), ""));
            consumer.position(tp, config.deadline()); // waits until the leader has confirmed the position
            return offset;
        } catch (LogTruncationException e) {
            OffsetAndMetadata parted = e.divergentOffsets().get(tp);
            return parted == null ? UNKNOWN : Math.min(parted.offset(), offset);
        } catch (InterruptException e) {
            throw KafkaCluster.interrupted();
        } catch (KafkaException e) {
            throw errors.translate(doing, e);
        } finally {
            slow.ended(doing, began);
            if (consumer != null) {
                consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
            }
        }
    }
}
