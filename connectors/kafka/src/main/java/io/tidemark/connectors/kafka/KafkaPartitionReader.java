package io.tidemark.connectors.kafka;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.LostRange;
import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one range of a partition. Offsets that hold nothing a reader may see (transaction markers, aborted and compacted
 * records) are passed over; offsets below the partition's beginning are lost, and either end the read or are reported.
 */
final class KafkaPartitionReader implements PartitionReader {
    /** Rows of a batch. */
    static final int BATCH_ROWS = 8192;

    /** Large records end a batch earlier; this too depends on the records alone. */
    private static final long BATCH_BYTES = 16L << 20;

    private static final Duration SLICE = Duration.ofSeconds(1);

    private final KafkaPartition range;
    private final KafkaSourceConfig config;
    private final KafkaErrors errors;
    private final SlowCalls slow;
    private final KafkaCluster cluster;
    private final ConsumerPool pool;
    private final TopicWatch watch;
    private final TimeSource time;
    private final RecordColumns columns;
    private final boolean checksTopicFirst;
    private final List<LostRange> losses = new ArrayList<>();

    private @Nullable WarmConsumer consumer;
    private long wanted;
    /** Whether the consumer stands in a log that is not ours any more. */
    private boolean endsConsumer;
    /** Whether the end of the range was reached. */
    private boolean fetched;
    /** Leader epoch of the newest record; it falls if another topic took the name. */
    private int leaderEpoch = -1;
    /** First offset of the partition, asked for after the last fetch; -1 until then. */
    private long earliest = -1;

    KafkaPartitionReader(
            KafkaPartition range,
            StructType requiredSchema,
            KafkaSourceConfig config,
            KafkaErrors errors,
            SlowCalls slow,
            KafkaCluster cluster,
            ConsumerPool pool,
            TopicWatch watch,
            TimeSource time,
            int attempt) {
        this.range = range;
        this.config = config;
        this.errors = errors;
        this.slow = slow;
        this.cluster = cluster;
        this.pool = pool;
        this.watch = watch;
        this.time = time;
        this.checksTopicFirst = attempt > 0; // a changed topic may be what ended the attempt before
        this.columns = new RecordColumns(
                requiredSchema, range.partition(), (int) Math.max(1, Math.min(BATCH_ROWS, range.size())));
        this.wanted = range.from();
    }

    @Override
    public @Nullable ColumnBatch next() throws InterruptedException {
        try {
            return read();
        } catch (InterruptException e) {
            fail();
            Thread.interrupted(); // the client set the flag again; the exception says it from here on
            throw new InterruptedException("interrupted while reading " + range.describe());
        } catch (LogTruncationException e) {
            fail();
            return cut(e);
        } catch (KafkaException e) {
            fail();
            throw errors.translate("read " + range.describe(), e);
        } catch (RuntimeException | Error e) {
            fail(); // the client may have moved on without handing out what it fetched
            throw e;
        }
    }

    /** The log lost the rest of the range: what was read so far was there. */
    private @Nullable ColumnBatch cut(LogTruncationException e) {
        if (isAnotherLog()) {
            loseTail();
            return null;
        }
        long same = e.divergentOffsets().values().stream()
                .mapToLong(o -> o.offset())
                .findFirst()
                .orElse(EpochCheck.UNKNOWN);
        if (config.failOnDataLoss()) {
            throw DataLoss.truncated(range.partition(), wanted, same, same);
        }
        losses.add(DataLoss.range(range.partition(), wanted, range.until(), DataLoss.CUT_MEANWHILE));
        wanted = range.until();
        endsConsumer = true;
        return columns.count() > 0 ? columns.finish() : null;
    }

    private @Nullable ColumnBatch read() throws InterruptedException {
        WarmConsumer c = consumer;
        if (c == null && wanted == range.until()) {
            return null; // its log was cut
        } else if (c == null) {
            if (checksTopicFirst && isAnotherLog()) {
                loseTail();
                return null;
            }
            c = pool.borrow(range.partition(), wanted, range.leaderEpoch());
            consumer = c;
        }
        while (wanted < range.until()) {
            if (columns.count() == BATCH_ROWS || columns.bytes() >= BATCH_BYTES) {
                return columns.finish();
            }
            if (!c.hasBuffered()) {
                timedFill(c);
                continue;
            }
            ConsumerRecord<ByteBuffer, ByteBuffer> record = c.peek();
            long offset = record.offset();
            if (offset != wanted) {
                if (offset < wanted) {
                    throw new IllegalStateException(
                            range.partition() + " gave offset " + offset + " where " + wanted + " was wanted");
                }
                passOver(c, Math.min(offset, range.until()));
                continue;
            }
            columns.append(record);
            c.advance();
            wanted = offset + 1;
        }
        if (!fetched) {
            fetched = true;
            watch.fetched(range);
        }
        if (!endsConsumer) {
            c.skipTo(range.until());
        }
        return columns.count() > 0 ? columns.finish() : null;
    }

    private void timedFill(WarmConsumer c) throws InterruptedException {
        long from = wanted;
        long began = slow.begin();
        try {
            fill(c);
        } finally {
            slow.ended("fetch " + range.partition() + " from offset " + from, began);
        }
    }

    /** Fetches until there are records or the range is known to hold no more. */
    private void fill(WarmConsumer c) throws InterruptedException {
        long began = time.nanoTime();
        for (long slices = 1; ; slices++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading " + range.describe());
            }
            if (pool.isClosed()) {
                throw new TidemarkException(
                        ErrorCode.QUERY_STOPPED,
                        "The query was stopped while it read " + range.describe() + ". Start it again to go on.");
            }
            long position = position(c);
            if (position > wanted) { // only what nobody may see lay in between
                passOver(c, Math.min(position, range.until()));
                return;
            }
            earliest = -1;
            try {
                c.fetch(SLICE.compareTo(config.pollTimeout()) < 0 ? SLICE : config.pollTimeout());
            } catch (LogTruncationException e) {
                throw e;
            } catch (OffsetOutOfRangeException e) {
                jump(c, true);
                return;
            }
            if (c.hasBuffered()) {
                checkEpoch(c.peek());
                return;
            }
            if (position(c) > wanted) {
                continue;
            }
            if (jump(c, false)) {
                return;
            }
            long waited = Math.max((time.nanoTime() - began) / 1_000_000, 0);
            if (Math.max(waited, slices * SLICE.toMillis())
                    >= config.pollTimeout().toMillis()) {
                throw new TidemarkException(
                        ErrorCode.SOURCE_TIMEOUT,
                        "Cannot fetch " + range.partition() + " offset " + wanted + " in "
                                + config.pollTimeout().toMillis() + " milliseconds. The broker is slow or gone; raise"
                                + " " + KafkaOptionParser.POLL_TIMEOUT + " if that is normal here.");
            }
        }
    }

    private void checkEpoch(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        int epoch = record.leaderEpoch().orElse(-1);
        if (epoch < leaderEpoch && isAnotherLog()) {
            loseTail();
        }
        leaderEpoch = epoch;
    }

    /** Goes on at {@code to}: the offsets before it hold no record for us, by nature or because they are lost. */
    private void passOver(WarmConsumer c, long to) {
        if (earliest(c) > wanted) {
            lose(wanted, to, DataLoss.EXPIRED_MEANWHILE, earliest(c), to);
        }
        wanted = to;
        c.skipTo(to);
    }

    /**
     * Looks whether the wanted offset is outside of what the partition holds, and goes on behind the gap if loss is
     * allowed. Returns whether it was.
     */
    private boolean jump(WarmConsumer c, boolean certain) {
        if (isAnotherLog()) {
            loseTail();
            return true;
        }
        long first = ask("ask where " + range.partition() + " begins", c::earliest);
        long last = ask("ask where " + range.partition() + " ends", c::latest);
        earliest = first;
        if (wanted >= first && wanted < last) {
            if (certain) { // it is back
                seek(c, wanted);
            }
            return certain;
        }
        if (wanted >= last && config.failOnDataLoss()) {
            throw DataLoss.truncated(range.partition(), range.until(), last, last);
        }
        long to = wanted >= last || first >= range.until() ? range.until() : first;
        lose(wanted, to, wanted >= last ? DataLoss.CUT_MEANWHILE : DataLoss.EXPIRED_MEANWHILE, first, last);
        wanted = to;
        seek(c, to);
        return true;
    }

    /** Looks whether the topic is gone, or another one has its name; fails if that may not be. */
    private boolean isAnotherLog() {
        Optional<Uuid> now = cluster.topicId(range.partition().topic());
        Uuid meant = range.topicId();
        if (now.isEmpty()) {
            if (config.failOnDataLoss()) {
                throw DataLoss.deleted(List.of(range.partition()));
            }
            return true;
        } else if (meant != null && !meant.equals(now.get())) {
            if (config.failOnDataLoss()) {
                throw DataLoss.recreated(range.partition().topic(), meant, now.get());
            }
            if (wanted > range.from()) { // nobody can tell from which of the two topics the rows so far are
                throw new TopicWatch.TopicChangedException(range);
            }
            return true;
        }
        return false;
    }

    private void loseTail() {
        losses.add(DataLoss.range(range.partition(), wanted, range.until(), DataLoss.RECREATED_MEANWHILE));
        watch.reported(range);
        wanted = range.until();
        endsConsumer = true;
    }

    private void seek(WarmConsumer c, long to) {
        c.skipTo(-1); // so that the consumer does seek, wherever it believes to be
        c.moveTo(range.partition(), to, -1);
    }

    private void lose(long from, long until, String cause, long first, long last) {
        LostRange lost = DataLoss.range(range.partition(), from, until, cause);
        if (config.failOnDataLoss()) {
            throw DataLoss.unreadable(lost, first, last);
        }
        losses.add(lost);
    }

    private long earliest(WarmConsumer c) {
        if (earliest < 0) {
            earliest = ask("ask where " + range.partition() + " begins", c::earliest);
        }
        return earliest;
    }

    /** Where the next fetch goes on; waits while the leader still has to confirm the place. */
    private long position(WarmConsumer c) {
        return ask("confirm offset " + wanted + " of " + range.partition(), c::fetchPosition);
    }

    /** Asks within the deadline; an error names the question. */
    private long ask(String doing, Function<Duration, Long> question) {
        try {
            return slow.timed(doing, () -> question.apply(config.deadline()));
        } catch (TimeoutException e) {
            throw errors.translate(doing, e);
        }
    }

    private void fail() {
        WarmConsumer c = consumer;
        consumer = null;
        if (c != null) {
            pool.discard(c);
        }
    }

    @Override
    public Optional<String> place(int position) {
        return Optional.of(range.partition() + " offset " + columns.offset(position));
    }

    @Override
    public boolean leavesOut() {
        return config.dropsBadRecords();
    }

    @Override
    public void leaveOut(int position, String why) {
        long offset = columns.offset(position);
        losses.add(DataLoss.range(range.partition(), offset, offset + 1, DataLoss.UNUSABLE + why));
    }

    @Override
    public List<LostRange> losses() {
        return List.copyOf(losses);
    }

    @Override
    public void close() {
        WarmConsumer c = consumer;
        consumer = null;
        if (c != null && endsConsumer) {
            pool.discard(c);
        } else if (c != null) {
            pool.giveBack(c);
        }
    }
}
