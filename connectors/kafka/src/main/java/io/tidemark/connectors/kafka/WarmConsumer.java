package io.tidemark.connectors.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of one partition that keeps its connection, its position and what it has fetched between batches. Owned by
 * one thread at a time; only {@link #wakeUp} may come from another.
 */
final class WarmConsumer {
    private final KafkaConsumer<ByteBuffer, ByteBuffer> consumer;
    private @Nullable TopicPartition partition;
    private List<ConsumerRecord<ByteBuffer, ByteBuffer>> buffer = List.of();
    private int next;
    private long position = -1;

    WarmConsumer(KafkaConsumer<ByteBuffer, ByteBuffer> consumer) {
        this.consumer = consumer;
    }

    /** Returns the partition it is assigned to, or null if it has none yet. */
    @Nullable
    TopicPartition partition() {
        return partition;
    }

    /** Returns the offset that the next record will have, or a later one will follow. */
    long position() {
        return position;
    }

    /** Goes to {@code offset}; what was fetched is kept if that is where it stands already. */
    void moveTo(TopicPartition tp, long offset, int leaderEpoch) {
        if (tp.equals(partition) && offset == position) {
            return;
        }
        if (!tp.equals(partition)) {
            consumer.assign(List.of(tp));
            partition = tp;
        }
        buffer = List.of();
        next = 0;
        position = offset;
        if (leaderEpoch >= 0) {
            consumer.seek(tp, new OffsetAndMetadata(offset, Optional.of(leaderEpoch), ""));
        } else {
            consumer.seek(tp, offset);
        }
    }

    /** Returns whether there are fetched records that were not handed out. */
    boolean hasBuffered() {
        return next < buffer.size();
    }

    /** Returns the next fetched record without taking it. */
    ConsumerRecord<ByteBuffer, ByteBuffer> peek() {
        return buffer.get(next);
    }

    /** Takes the record that {@link #peek} returned. */
    void advance() {
        position = buffer.get(next).offset() + 1;
        next++;
        if (next == buffer.size()) {
            buffer = List.of();
            next = 0;
        }
    }

    /**
     * Says that everything below {@code offset} is dealt with. Only past records handed out and offsets that hold
     * none.
     */
    void skipTo(long offset) {
        position = offset;
    }

    /** Returns where the next fetch goes on, past what no reader can see. Only while nothing is buffered. */
    long fetchPosition(Duration timeout) {
        TopicPartition tp = assigned();
        try {
            return consumer.position(tp, timeout);
        } catch (WakeupException e) { // as in awake
            return consumer.position(tp, timeout);
        }
    }

    /** Fetches if nothing is buffered; returns after {@code timeout} at the latest. */
    void fetch(Duration timeout) {
        if (hasBuffered()) {
            return;
        }
        try {
            buffer = consumer.poll(timeout).records(assigned());
            next = 0;
        } catch (WakeupException e) {
            // Somebody wants this consumer, or woke it up just too late: try again.
        }
    }

    /** Returns the first offset that is still there. */
    long earliest(Duration timeout) {
        return awake(one -> consumer.beginningOffsets(one, timeout));
    }

    /** Returns the offset behind the last record that this consumer may see. */
    long latest(Duration timeout) {
        return awake(one -> consumer.endOffsets(one, timeout));
    }

    /** A wake-up that was meant for a fetch and came too late is not an answer. */
    private long awake(Function<Collection<TopicPartition>, Map<TopicPartition, Long>> question) {
        TopicPartition tp = assigned();
        try {
            return question.apply(List.of(tp)).getOrDefault(tp, 0L);
        } catch (WakeupException e) {
            return question.apply(List.of(tp)).getOrDefault(tp, 0L);
        }
    }

    private TopicPartition assigned() {
        if (partition == null) {
            throw new IllegalStateException("no partition is assigned");
        }
        return partition;
    }

    /** Ends a fetch that is under way. From any thread. */
    void wakeUp() {
        consumer.wakeup();
    }

    void close(Duration timeout) {
        boolean interrupted = Thread.interrupted(); // closing must not fail because the task was stopped
        try {
            consumer.close(CloseOptions.timeout(timeout));
        } catch (RuntimeException e) {
            // Nothing depends on how a consumer without a group ends.
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
