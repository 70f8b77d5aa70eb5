package io.tidemark.ops.drill.retention;

import io.tidemark.ops.drill.retention.Expected.Loss;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Some records of the batch, or all, are superseded by later ones of the same key and dropped from the log. */
final class Compaction extends Scenario {
    private static final int KEYS = 20;
    private static final long TWO_MINUTES = 120_000;

    Compaction(Cell cell, KafkaScene kafka, SplittableRandom random) {
        super(cell, kafka, random);
    }

    @Override
    void create() {
        kafka.create(topic, 1, Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.001"));
    }

    @Override
    void first() {
        kafka.sendKeys(topic, 0, keys("first", FIRST), now - 8 * TWO_MINUTES);
    }

    @Override
    void second() {
        kafka.sendKeys(topic, 0, keys("second", KEYS), now - 6 * TWO_MINUTES);
    }

    private static List<String> keys(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    @Override
    void strike() {
        int from;
        int until;
        switch (random.nextInt(4)) {
            case 0 -> {
                from = 0;
                until = 7;
            }
            case 1 -> {
                from = 5;
                until = 12;
            }
            case 2 -> {
                from = 13;
                until = KEYS;
            }
            default -> {
                from = 0;
                until = KEYS;
            }
        }
        List<String> doomedKeys = new ArrayList<>(keys("second", KEYS).subList(from, until));
        Set<Long> doomed = new HashSet<>();
        long first = start() + from;
        long last = start() + until;
        kafka.sent().stream()
                .filter(r -> r.offset() >= first && r.offset() < last)
                .forEach(r -> {
                    doomed.add(r.offset());
                    kafka.superseded(r);
                });
        kafka.sendKeys(topic, 0, doomedKeys, now - 4 * TWO_MINUTES);
        kafka.sendKeys(topic, 0, List.of("roll"), now - 2 * TWO_MINUTES); // the cleaner leaves the newest segment alone
        kafka.awaitCompaction(topic, 0, start(), doomed);
    }

    @Override
    int midReadAt() {
        return 1;
    }

    @Override
    void later() {
        kafka.sendKeys(topic, 0, keys("later", 10), now);
    }

    @Override
    Expected expected(boolean failOnDataLoss) {
        return goesOn(Loss.NONE);
    }
}
