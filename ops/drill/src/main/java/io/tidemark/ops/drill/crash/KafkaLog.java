package io.tidemark.ops.drill.crash;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A topic as one life of a process sees it: records that came in steps, of which so many are there. A batch reads one
 * step, as a limit of offsets a trigger would have it, so that batches are the same however often a query starts. Keeps
 * a journal of the calls that reach it and can fail one of them. Safe for use by many threads.
 */
final class KafkaLog implements AutoCloseable {
    static final String TOPIC = "clicks";
    static final int PARTITIONS = 2;

    private static final Map<String, KafkaLog> OPEN =
            new ConcurrentHashMap<>(); // options are text: providers look here

    private final String id = UUID.randomUUID().toString();
    private final List<List<KafkaRecord>> steps;
    private final IntSupplier position;
    private final @Nullable SourceFault fault;
    private final List<SourceCall> journal = new ArrayList<>();
    private int met;

    /**
     * A record.
     *
     * @param partition of the topic
     * @param timestampMillis since the epoch
     */
    record KafkaRecord(int partition, String value, long timestampMillis) {}

    /**
     * A call that reached the topic.
     *
     * @param name as {@code kafka latestOffset}
     * @param position how many changing calls of the storage came before it
     */
    record SourceCall(String name, int position) {}

    /**
     * A call that fails.
     *
     * @param call its name
     * @param occurrence which call of that name in this life, from 0
     * @param forEver whether every later call of that name fails too
     */
    record SourceFault(String call, int occurrence, boolean forEver) {}

    /**
     * Opens the topic for one life.
     *
     * @param steps that are there
     * @param position how many changing calls the storage has seen, for the journal
     */
    KafkaLog(List<List<KafkaRecord>> steps, IntSupplier position, @Nullable SourceFault fault) {
        this.steps = List.copyOf(steps);
        this.position = position;
        this.fault = fault;
        OPEN.put(id, this);
    }

    static Optional<KafkaLog> of(String id) {
        return Optional.ofNullable(OPEN.get(id));
    }

    String id() {
        return id;
    }

    /** Returns how many steps are there. */
    int steps() {
        return steps.size();
    }

    /** Returns the offset after the last record of a partition in the first {@code count} steps. */
    long end(int partition, int count) {
        return steps.subList(0, count).stream()
                .flatMap(List::stream)
                .filter(r -> r.partition() == partition)
                .count();
    }

    /** Returns the records of a partition from offset {@code from} until {@code until}. */
    List<KafkaRecord> records(int partition, long from, long until) {
        return steps.stream()
                .flatMap(List::stream)
                .filter(r -> r.partition() == partition)
                .skip(from)
                .limit(until - from)
                .toList();
    }

    /** Notes a call, or fails it. */
    synchronized void called(String name) {
        journal.add(new SourceCall("kafka " + name, position.getAsInt()));
        if (fault != null && fault.call().equals("kafka " + name)) {
            int occurrence = met++;
            if (occurrence == fault.occurrence() || (fault.forEver() && occurrence > fault.occurrence())) {
                throw new TidemarkException(
                        ErrorCode.SOURCE_UNREACHABLE,
                        "Cannot reach the broker for " + name + ": the drill cut the wire. Start again.");
            }
        }
    }

    /** Returns the calls so far, in order. */
    synchronized List<SourceCall> journal() {
        return List.copyOf(journal);
    }

    /** Returns whether the fault was met. */
    synchronized boolean faultMet() {
        return fault != null && met > fault.occurrence();
    }

    /** Forgets the topic: no query can open it any more. */
    @Override
    public void close() {
        OPEN.remove(id);
    }
}
