package io.tidemark.ops.drill.retention;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.ops.drill.retention.Expected.Loss;
import java.util.Map;
import java.util.SplittableRandom;

/** The topic is deleted and another one takes its name. */
final class OtherTopic extends Scenario {
    private final int length;

    OtherTopic(Cell cell, KafkaScene kafka, SplittableRandom random) {
        super(cell, kafka, random);
        boolean longer = cell.event() == LossEvent.RECREATED_LONGER
                || (cell.event() == LossEvent.RECREATED_MID_READ && random.nextBoolean());
        this.length = longer ? FIRST + SECOND + random.nextInt(1, 40) : random.nextInt(0, FIRST);
    }

    @Override
    Map<String, String> options() {
        Map<String, String> options = super.options();
        if (is(Phase.P2)) {
            options.put("maxRecordsPerPartition", "20");
            options.put("kafka.max.partition.fetch.bytes", "100");
            options.put("kafka.fetch.max.bytes", "100");
        }
        return options;
    }

    @Override
    void strike() {
        kafka.recreate(topic, 2);
        for (int p = 0; p < 2 && length > 0; p++) {
            kafka.send(topic, p, length, now);
        }
    }

    @Override
    int midReadAt() {
        return random.nextInt(2, 6);
    }

    @Override
    Expected expected(boolean failOnDataLoss) {
        return failOnDataLoss
                ? refuses(ErrorCode.TOPIC_RECREATED, is(Phase.P1, Phase.P2), is(Phase.P3))
                : goesOn(Loss.OPEN_ENDED);
    }
}
