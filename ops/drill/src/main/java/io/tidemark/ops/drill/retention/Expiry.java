package io.tidemark.ops.drill.retention;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.ops.drill.retention.Expected.Loss;
import java.util.Map;
import java.util.SplittableRandom;

/** Rows leave the log at its beginning: those that are wanted, those that are planned, or just those that are done. */
final class Expiry extends Scenario {
    private static final int LONG = 9_000;
    private static final int SURELY_UNREAD = 8_800; // a read gives 8,192 rows, and the client holds two fetches more

    /** One range of many rows, so that the event happens in its middle; otherwise many small ranges. */
    private final boolean inOneRange;

    Expiry(Cell cell, KafkaScene kafka, SplittableRandom random) {
        super(cell, kafka, random);
        this.inOneRange =
                cell.event() == LossEvent.RANGE_EXPIRED && is(Phase.P2) && !cell.retention() && random.nextInt(4) == 0;
    }

    @Override
    Map<String, String> options() {
        Map<String, String> options = super.options();
        if (is(Phase.P0)) {
            options.put("startingOffsets", "{\"" + topic + "\":{\"0\":" + wanted() + ",\"1\":" + wanted() + "}}");
        }
        options.put("kafka.max.partition.fetch.bytes", "100"); // one record batch a fetch
        options.put("kafka.fetch.max.bytes", "100");
        if (is(Phase.P2) && !inOneRange) {
            options.put("maxRecordsPerPartition", "20");
        }
        return options;
    }

    /** With {@code earliest-at-start} a first start wants what is just still there. */
    private long wanted() {
        return cell.event() == LossEvent.EARLIEST_AT_START ? 10 : 0;
    }

    @Override
    void second() {
        if (inOneRange) {
            kafka.send(topic, 0, LONG, now, 250);
        } else {
            super.second();
        }
        if (is(Phase.P0)) {
            kafka.sent().stream().filter(r -> r.offset() < wanted()).forEach(kafka::unasked);
        }
    }

    @Override
    void strike() {
        if (inOneRange) {
            kafka.deleteRecords(topic, 0, FIRST + random.nextInt(SURELY_UNREAD, LONG + 1));
            return;
        }
        for (int p = 0; p < 2; p++) {
            if (cell.event() == LossEvent.EARLIEST_AT_START) {
                kafka.deleteRecords(topic, p, is(Phase.P0) ? wanted() : start() + (is(Phase.P3) ? SECOND : 0));
            } else if (cell.retention()) {
                kafka.expire(topic, p, start() + OLD);
            } else {
                kafka.deleteRecords(topic, p, start() + random.nextInt(1, SECOND + 1));
            }
        }
    }

    @Override
    int midReadAt() {
        return inOneRange ? 2 : random.nextInt(2, 5);
    }

    @Override
    Expected expected(boolean failOnDataLoss) {
        if (cell.event() == LossEvent.EARLIEST_AT_START || cell.event() == LossEvent.RANGE_EXPIRED_AFTER_SINK) {
            return goesOn(Loss.NONE);
        }
        return failOnDataLoss
                ? refuses(ErrorCode.SOURCE_ROWS_MISSING, cell.event() == LossEvent.RANGE_EXPIRED, false)
                : goesOn(Loss.COUNTED);
    }
}
