package io.tidemark.ops.drill.retention;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.ops.drill.retention.Expected.Loss;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** One of two topics is deleted and does not come back. */
final class DeletedTopic extends Scenario {
    private final String gone;
    private final String kept;
    private final boolean byName;

    DeletedTopic(Cell cell, KafkaScene kafka, SplittableRandom random) {
        super(cell, kafka, random);
        this.gone = kafka.topic("-a");
        this.kept = kafka.topic("-b");
        this.byName = random.nextBoolean();
    }

    @Override
    Map<String, String> options() {
        Map<String, String> options = new TreeMap<>(
                byName
                        ? Map.of("subscribe", gone + "," + kept)
                        : Map.of("subscribePattern", "^" + kafka.topic("") + "-[ab]$"));
        if (is(Phase.P2)) { // whoever lets the event happen has still to read a part of the topic
            options.put("maxRecordsPerPartition", "20");
            options.put("kafka.max.partition.fetch.bytes", "100");
            options.put("kafka.fetch.max.bytes", "100");
        }
        return options;
    }

    @Override
    void create() {
        kafka.create(gone, 1, Map.of());
        kafka.create(kept, 1, Map.of());
    }

    @Override
    void first() {
        kafka.send(gone, 0, FIRST, now);
        kafka.send(kept, 0, FIRST, now);
    }

    @Override
    void second() {
        kafka.send(gone, 0, SECOND, now);
        kafka.send(kept, 0, SECOND, now);
    }

    @Override
    void strike() {
        kafka.delete(gone);
    }

    @Override
    int midReadAt() {
        return 1;
    }

    @Override
    void later() {
        kafka.send(kept, 0, 10, now);
    }

    @Override
    Expected expected(boolean failOnDataLoss) {
        return failOnDataLoss
                ? refuses(ErrorCode.PARTITIONS_DELETED, is(Phase.P1, Phase.P2), is(Phase.P3))
                : goesOn(Loss.OPEN_ENDED);
    }
}
