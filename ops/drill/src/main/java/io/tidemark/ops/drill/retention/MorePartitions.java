package io.tidemark.ops.drill.retention;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.ops.drill.retention.Expected.Loss;
import java.util.SplittableRandom;

/** The topic gets a third partition, whose first records may be gone before anybody reads them. */
final class MorePartitions extends Scenario {
    private static final int RECORDS = 20;

    MorePartitions(Cell cell, KafkaScene kafka, SplittableRandom random) {
        super(cell, kafka, random);
    }

    private boolean fromZero() {
        return cell.event() == LossEvent.PARTITIONS_ADDED;
    }

    @Override
    void strike() {
        kafka.addPartitions(topic, 3);
        kafka.send(topic, 2, RECORDS, now);
        if (!fromZero()) {
            kafka.deleteRecords(topic, 2, random.nextInt(1, RECORDS + 1));
        }
    }

    @Override
    void later() {
        super.later();
        kafka.send(topic, 2, 10, now);
    }

    @Override
    Expected expected(boolean failOnDataLoss) {
        if (fromZero()) {
            return goesOn(Loss.NONE);
        }
        return failOnDataLoss
                ? refuses(ErrorCode.ADDED_PARTITION_NOT_ZERO, false, !is(Phase.P4))
                : goesOn(Loss.COUNTED);
    }
}
