package io.tidemark.ops.drill.retention;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.ops.drill.retention.DrilledQuery.Run;
import io.tidemark.ops.drill.retention.Expected.Loss;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * How an event is made to happen, and what the query has to do about it. The steps are called in their order: what the
 * query read before, what it is to read, the event, what comes later.
 */
abstract class Scenario {
    /** Records on each partition before the batch that is meant. */
    static final int FIRST = 30;
    /** Records on each partition in the batch that is meant. */
    static final int SECOND = 60;
    /** Where in those a segment ends. */
    static final int OLD = 40;

    private static final long HOUR = 3_600_000;

    final Cell cell;
    final KafkaScene kafka;
    final SplittableRandom random;
    final String topic;
    final long now = System.currentTimeMillis();

    Scenario(Cell cell, KafkaScene kafka, SplittableRandom random) {
        this.cell = cell;
        this.kafka = kafka;
        this.random = random;
        this.topic = kafka.topic("");
    }

    /** Returns the options of the source that this scenario wants its own way. */
    Map<String, String> options() {
        return new TreeMap<>(Map.of("subscribe", topic));
    }

    void create() {
        kafka.create(topic, 2, Map.of());
    }

    /** Produces what the query reads before. */
    void first() {
        for (int p = 0; p < 2; p++) {
            kafka.send(topic, p, FIRST, now - 2 * HOUR);
        }
    }

    /** Produces what the batch that is meant reads, in two segments. */
    void second() {
        for (int p = 0; p < 2; p++) {
            kafka.send(topic, p, OLD, now - HOUR);
            kafka.send(topic, p, SECOND - OLD, now);
        }
    }

    /** Lets the event happen. */
    abstract void strike();

    /** Sets what is to happen while the query meets the event. */
    void during(BatchHooks hooks) {}

    /** Returns at which call of a reader the event happens in P2. */
    int midReadAt() {
        return 2;
    }

    /** Returns the errors that are no answer to the event but a reason to start again, once {@link #mend} was called. */
    Set<ErrorCode> tolerated() {
        return Set.of();
    }

    void mend() {}

    /** Produces what comes later. */
    void later() {
        for (int p = 0; p < 2; p++) {
            kafka.send(topic, p, 10, now + 1_000);
        }
    }

    abstract Expected expected(boolean failOnDataLoss);

    /** Looks at the runs that met the event, before anything comes later; returns what is wrong. */
    Optional<String> judge(DrilledQuery query, List<Run> runs) throws Exception {
        return Optional.empty();
    }

    /** Looks at the end of the story; returns what is wrong. */
    Optional<String> judgeEnd(DrilledQuery query) throws Exception {
        return Optional.empty();
    }

    /** Returns where the batch that is meant starts, on each partition. */
    final long start() {
        return cell.phase() == Phase.P0 ? 0 : FIRST;
    }

    final boolean is(Phase... phases) {
        return List.of(phases).contains(cell.phase());
    }

    static Expected goesOn(Loss loss) {
        return new Expected.GoesOn(loss);
    }

    static Expected refuses(ErrorCode code, boolean planned, boolean passed) {
        return new Expected.Refusal(code, planned, passed);
    }
}
