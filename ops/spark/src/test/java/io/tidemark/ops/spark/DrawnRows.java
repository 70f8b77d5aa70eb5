package io.tidemark.ops.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;

/**
 * Rows in steps: a step is a batch, eight seconds of event time after the one before, with rows up to six seconds off.
 * Numbers with a fraction are multiples of 1/1024, so that sums do not depend on their order.
 */
final class DrawnRows {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final Dice dice;
    private final Instant start;
    private boolean restarts = true;

    DrawnRows(Dice dice) {
        this.dice = dice;
        this.start = dice.oneIn(20) ? Instant.parse("1970-01-01T00:00:02Z") : EPOCH;
    }

    /** Draws no restart from here on. */
    DrawnRows inOneRun() {
        restarts = false;
        return this;
    }

    /** @param ordered whether all rows of a step stand in one block, that is, in one order */
    void steps(ArrayNode steps, boolean ordered) {
        int count = dice.between(4, 5);
        long id = 0;
        for (int step = 0; step < count; step++) {
            ObjectNode node = steps.addObject();
            boolean restart = step > 0 && dice.oneIn(3) && restarts;
            node.put("restart", restart);
            if (restart) {
                dice.use("operator", "restart");
                if (dice.oneIn(3)) {
                    dice.use("operator", "restart with a batch that is not committed");
                    node.put("again", true);
                }
            }
            ArrayNode blocks = node.putArray("blocks");
            int many = !ordered && (restart || step == 0) ? dice.between(1, 3) : 1;
            for (int block = 0; block < many; block++) {
                ArrayNode rows = blocks.addArray();
                for (int row = dice.oneIn(12) ? 0 : dice.between(2, 14); row > 0; row--) {
                    rows.add(dice.oneIn(100) ? "{not json" : row(id++, step).toString());
                }
            }
        }
    }

    private ObjectNode row(long id, int step) {
        ObjectNode row = JSON.createObjectNode().put("id", id);
        if (!dice.oneIn(40)) {
            long ahead = dice.oneIn(150) ? 25_000 : dice.below(12_000) - 6_000;
            row.put("et", start.plusMillis(step * 8_000L + ahead).toString());
        }
        few(row);
        numbers(row);
        if (some()) {
            row.put("s", dice.of(List.of("", "a", "ab", "ä€", "longer than eight bytes", "z")));
        }
        if (some()) {
            row.put("bin", Base64.getEncoder().encodeToString(dice.bytes(dice.below(3))));
        }
        if (some()) {
            row.put(
                    "dt",
                    EPOCH.atOffset(ZoneOffset.UTC)
                            .toLocalDate()
                            .plusDays(dice.below(5) - 2)
                            .toString());
        }
        if (some()) {
            row.put("ts", EPOCH.plusNanos(dice.below(5) * 1_001_000L).toString());
        }
        if (some()) {
            row.put(
                    "ntz",
                    LocalDateTime.of(2026, 1, 1, 0, 0)
                            .plusSeconds(dice.below(4))
                            .toString());
        }
        if (some()) {
            ObjectNode fields = row.putObject("st");
            if (some()) {
                fields.put("x", dice.below(3));
            }
            if (some()) {
                fields.put("y", dice.of(List.of("", "b", "more than eight bytes")));
            }
        }
        if (some()) {
            ArrayNode elements = row.putArray("ar");
            for (int left = dice.below(3); left > 0; left--) {
                if (some()) {
                    elements.add(dice.below(3));
                } else {
                    elements.addNull();
                }
            }
        }
        return row;
    }

    private void few(ObjectNode row) {
        if (some()) {
            row.put("g", dice.below(4));
        }
        if (some()) {
            row.put("k", "k" + dice.below(4));
        }
        if (some()) {
            row.put("b", dice.oneIn(2));
        }
    }

    private void numbers(ObjectNode row) {
        if (some()) {
            row.put("ti", dice.below(7) - 3);
        }
        if (some()) {
            row.put("si", dice.below(2_000) - 1_000);
        }
        if (some()) {
            row.put("i", dice.oneIn(5) ? dice.below(1 << 20) : dice.below(9) - 4);
        }
        if (some()) {
            row.put("l", dice.oneIn(300) ? dice.whole() >> 1 : dice.oneIn(5) ? dice.whole() >> 8 : dice.below(9) - 4L);
        }
        if (some()) {
            row.put("f", dice.oneIn(8) ? 0.0 : dice.oneIn(40) ? -0.0 : (dice.below(4_000) - 2_000) / 16.0);
        }
        if (some()) {
            if (dice.oneIn(60)) {
                row.put("d", dice.of(List.of("NaN", "Infinity")));
            } else {
                row.put("d", dice.oneIn(8) ? 0.0 : dice.oneIn(40) ? -0.0 : (dice.below(1 << 20) - (1 << 19)) / 1_024.0);
            }
        }
        if (some()) {
            row.put("dec", new BigDecimal(BigInteger.valueOf(dice.below(2_000) - 1_000), 2));
        }
        if (some()) {
            row.put(
                    "wide",
                    new BigDecimal(
                            BigInteger.valueOf(dice.below(9) - 4)
                                    .multiply(BigInteger.TEN.pow(dice.below(20)))
                                    .add(BigInteger.valueOf(dice.below(3))),
                            3));
        }
    }

    private boolean some() {
        return !dice.oneIn(8);
    }
}
