package io.tidemark.ops.drill.retention;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.ops.drill.retention.Expected.Loss;
import java.util.Map;
import java.util.SplittableRandom;

/** The broker comes back with less than it had confirmed, and goes on from there. */
final class CutLog extends Scenario {
    private final Broker broker;
    private final boolean growsPastTheStart;

    CutLog(Cell cell, KafkaScene kafka, SplittableRandom random, Broker broker) {
        super(cell, kafka, random);
        this.broker = broker;
        this.growsPastTheStart = random.nextBoolean();
    }

    @Override
    Map<String, String> options() {
        Map<String, String> options = super.options();
        if (is(Phase.P0)) {
            options.put("startingOffsets", "{\"" + topic + "\":{\"0\":" + (SECOND + 100) + ",\"1\":0}}");
        }
        if (is(Phase.P2)) {
            options.put("maxRecordsPerPartition", "20");
            options.put("kafka.max.partition.fetch.bytes", "100");
            options.put("kafka.fetch.max.bytes", "100");
        }
        if (!cell.failOnDataLoss()) {
            options.put("allowRewind", "true");
        }
        return options;
    }

    @Override
    void strike() {
        if (is(Phase.P0)) {
            return;
        }
        boolean inTheRange = is(Phase.P1, Phase.P2);
        // A record batch ends at every tenth offset; partition 1 is read last.
        long end = inTheRange ? FIRST + 10 * random.nextInt(2, 5) : 10 * random.nextInt(1, 3);
        broker.cut(topic, 1, end);
        kafka.newGeneration(topic);
        if (growsPastTheStart && !inTheRange) { // the offset is there again, and means another record
            kafka.send(topic, 1, FIRST + SECOND, now);
        }
    }

    @Override
    Expected expected(boolean failOnDataLoss) {
        if (is(Phase.P0)) {
            return refuses(ErrorCode.OFFSET_OUT_OF_RANGE, false, false);
        }
        return failOnDataLoss
                ? refuses(ErrorCode.LOG_TRUNCATED, is(Phase.P1, Phase.P2), is(Phase.P3))
                : goesOn(Loss.OPEN_ENDED);
    }
}
