package io.tidemark.connectors.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Executor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Consumers kept warm between batches, and the fetching ahead that goes on in them. A consumer is either idle here, lent
 * to a reader, or with the one background pass that prefetches; a reader that wants a consumer in that pass wakes it up
 * and waits for it. Any thread.
 */
final class ConsumerPool {
    /** A topic of more partitions connects and fetches anew in every batch. */
    private static final int MAX_IDLE = 256;
    /** Each holds up to one large fetch. */
    private static final int MAX_PREFETCHED = 16;

    private static final int PREFETCH_ROUNDS = 8;
    private static final Duration PREFETCH_WAIT = Duration.ofMillis(10);

    private final KafkaClients clients;
    private final Executor background;
    private final LinkedList<WarmConsumer> idle = new LinkedList<>();
    private final Set<WarmConsumer> lent = new HashSet<>();
    private final Set<WarmConsumer> prefetching = new HashSet<>();
    private int waiting;
    private boolean passRunning;
    private boolean closed;

    ConsumerPool(KafkaClients clients, Executor background) {
        this.clients = clients;
        this.background = background;
    }

    /** Makes one consumer in the background, so that the first batch does not wait for it. */
    void warmUp() {
        background.execute(() -> {
            try {
                WarmConsumer consumer = new WarmConsumer(clients.consumer());
                synchronized (this) {
                    lent.add(consumer);
                }
                giveBack(consumer);
            } catch (KafkaException e) {
                // The first reader meets the same error and reports it.
            }
        });
    }

    /** Lends a consumer that stands at {@code from}; preferably one that does already. */
    WarmConsumer borrow(TopicPartition tp, long from, int leaderEpoch) throws InterruptedException {
        WarmConsumer consumer = take(tp, from);
        if (consumer == null) {
            consumer = new WarmConsumer(clients.consumer());
        }
        synchronized (this) {
            lent.add(consumer);
        }
        consumer.moveTo(tp, from, leaderEpoch);
        return consumer;
    }

    private synchronized @Nullable WarmConsumer take(TopicPartition tp, long from) throws InterruptedException {
        waiting++;
        try {
            while (true) {
                if (closed) {
                    throw new IllegalStateException("the source is closed");
                }
                WarmConsumer busy = find(prefetching, tp, from);
                if (busy == null) {
                    WarmConsumer best = find(idle, tp, from);
                    best = best != null ? best : find(idle, tp, -1);
                    best = best != null ? best : find(idle, null, -1);
                    if (best == null && idle.size() >= MAX_IDLE) {
                        best = idle.getLast(); // the one used longest ago changes its partition
                    }
                    if (best != null) {
                        idle.remove(best);
                    }
                    return best;
                }
                busy.wakeUp();
                wait();
            }
        } finally {
            waiting--;
        }
    }

    private static @Nullable WarmConsumer find(Iterable<WarmConsumer> among, @Nullable TopicPartition tp, long from) {
        for (WarmConsumer c : among) {
            boolean samePartition = tp == null ? c.partition() == null : tp.equals(c.partition());
            if (samePartition && (from < 0 || c.position() == from)) {
                return c;
            }
        }
        return null;
    }

    /** Takes a consumer back whose state is sound; nothing happens if it is back already. */
    void giveBack(WarmConsumer consumer) {
        WarmConsumer surplus = takeBack(consumer);
        if (surplus != null) {
            surplus.close(Duration.ofSeconds(1));
        }
    }

    /** Makes a consumer idle if it is not, and returns the one that is to be closed for it. */
    private synchronized @Nullable WarmConsumer takeBack(WarmConsumer consumer) {
        boolean wasLent = lent.remove(consumer);
        boolean wasPrefetching = prefetching.remove(consumer);
        notifyAll();
        if (!wasLent && !wasPrefetching) {
            return null;
        }
        if (closed) {
            return consumer;
        }
        idle.addFirst(consumer);
        return idle.size() > MAX_IDLE ? idle.removeLast() : null;
    }

    /** Ends a consumer that failed. */
    void discard(WarmConsumer consumer) {
        synchronized (this) {
            lent.remove(consumer);
            prefetching.remove(consumer);
            notifyAll();
        }
        consumer.close(Duration.ofSeconds(1));
    }

    /** Ends the idle consumers of a partition, and with them what they fetched. */
    void forget(TopicPartition tp) {
        List<WarmConsumer> ended = new ArrayList<>();
        synchronized (this) {
            for (Iterator<WarmConsumer> i = idle.iterator(); i.hasNext(); ) {
                WarmConsumer c = i.next();
                if (tp.equals(c.partition())) {
                    i.remove();
                    ended.add(c);
                }
            }
        }
        ended.forEach(c -> c.close(Duration.ofSeconds(1)));
    }

    /**
     * Begins to fetch from {@code start} in the background, with consumers that stand there. Gives up after a short
     * while if there is nothing to fetch.
     */
    void prefetch(SortedMap<TopicPartition, Long> start) {
        synchronized (this) {
            if (closed || passRunning) {
                return;
            }
            passRunning = true;
            for (Iterator<WarmConsumer> i = idle.iterator(); i.hasNext() && prefetching.size() < MAX_PREFETCHED; ) {
                WarmConsumer c = i.next();
                if (standsAt(c, start) && !c.hasBuffered()) {
                    i.remove();
                    prefetching.add(c);
                }
            }
        }
        background.execute(this::prefetchPass);
    }

    private static boolean standsAt(WarmConsumer c, Map<TopicPartition, Long> start) {
        TopicPartition tp = c.partition();
        return tp != null && start.getOrDefault(tp, -1L) == c.position();
    }

    private void prefetchPass() {
        try {
            for (int round = 0; round < PREFETCH_ROUNDS; round++) {
                List<WarmConsumer> open = prefetchable();
                if (open.isEmpty()) {
                    return;
                }
                for (WarmConsumer c : open) {
                    prefetchOne(c, round == 0 ? Duration.ZERO : PREFETCH_WAIT);
                }
            }
        } finally {
            endPass();
        }
    }

    /** Gives back what is left before another pass may begin: two passes must never own the same consumer. */
    private void endPass() {
        List<WarmConsumer> surplus = new ArrayList<>();
        synchronized (this) {
            for (WarmConsumer c : List.copyOf(prefetching)) {
                WarmConsumer ended = takeBack(c);
                if (ended != null) {
                    surplus.add(ended);
                }
            }
            passRunning = false;
        }
        surplus.forEach(c -> c.close(Duration.ofSeconds(1)));
    }

    private synchronized List<WarmConsumer> prefetchable() {
        return closed || waiting > 0 ? List.of() : List.copyOf(prefetching);
    }

    private void prefetchOne(WarmConsumer c, Duration wait) {
        try {
            c.fetch(wait);
            if (c.hasBuffered()) {
                giveBack(c);
            }
        } catch (KafkaException e) {
            discard(c); // the reader meets the same error, with a place to report it
        } catch (RuntimeException | Error e) {
            discard(c); // it may have moved on without handing out what it fetched
            throw e;
        }
    }

    /** Ends all consumers; those that are lent are woken up and end when they come back. */
    void close(Duration deadline) {
        List<WarmConsumer> ended;
        synchronized (this) {
            closed = true;
            ended = List.copyOf(idle);
            idle.clear();
            lent.forEach(WarmConsumer::wakeUp);
            prefetching.forEach(WarmConsumer::wakeUp);
            notifyAll();
        }
        Duration each = deadline.dividedBy(Math.max(1, ended.size()));
        ended.forEach(c -> c.close(each));
    }

    synchronized boolean isClosed() {
        return closed;
    }
}
