package io.tidemark.ops.drill.retention;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.ops.drill.retention.Expected.Loss;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The brokers do not list a topic for a while. It comes back between two looks of the query, which must neither take it for
 * deleted nor for new. In P1 and P2 the batch in flight may first hear that it may not know of the topic, and stop.
 */
final class HiddenTopic extends Scenario {
    private final String hidden;
    private final String shown;

    HiddenTopic(Cell cell, KafkaScene kafka, SplittableRandom random) {
        super(cell, kafka, random);
        this.hidden = kafka.topic("-a");
        this.shown = kafka.topic("-b");
    }

    @Override
    Map<String, String> options() {
        return new TreeMap<>(Map.of("subscribePattern", "^" + kafka.topic("") + "-[ab]$"));
    }

    @Override
    void create() {
        kafka.create(hidden, 2, Map.of());
        kafka.create(shown, 1, Map.of());
    }

    @Override
    void first() {
        send(FIRST);
    }

    @Override
    void second() {
        send(SECOND);
    }

    @Override
    void later() {
        kafka.show(hidden); // after a first start that did not know of it
        send(10);
    }

    private void send(int count) {
        kafka.send(hidden, 0, count, now);
        kafka.send(hidden, 1, count, now);
        kafka.send(shown, 0, count, now);
    }

    @Override
    void strike() {
        kafka.hide(hidden);
    }

    @Override
    void during(BatchHooks hooks) {
        if (!is(Phase.P0)) {
            hooks.inPause(random.nextInt(1, 3), () -> kafka.show(hidden));
        }
    }

    @Override
    Set<ErrorCode> tolerated() {
        return is(Phase.P1, Phase.P2) ? Set.of(ErrorCode.SOURCE_AUTHENTICATION) : Set.of();
    }

    @Override
    void mend() {
        kafka.show(hidden);
    }

    @Override
    Expected expected(boolean failOnDataLoss) {
        return goesOn(Loss.NONE);
    }
}
