package io.tidemark.ops.drill.retention;

import java.util.ArrayList;
import java.util.List;

/**
 * One case of the matrix.
 *
 * @param retention whether rows expire by {@code retention.ms} and a deleted segment, not by deleted records
 */
record Cell(LossEvent event, boolean failOnDataLoss, boolean readCommitted, Phase phase, boolean retention) {
    /** Returns {@code start-expired/true/read_committed/P4}, with {@code /retention.ms} where that is meant. */
    String text() {
        return event.text() + "/" + failOnDataLoss + "/" + (readCommitted ? "read_committed" : "read_uncommitted") + "/"
                + phase + (retention ? "/retention.ms" : "");
    }

    /** Returns all 300 cells of the matrix, those that cannot exist too. */
    static List<Cell> matrix() {
        List<Cell> cells = new ArrayList<>();
        for (LossEvent event : LossEvent.values()) {
            for (boolean fail : new boolean[] {true, false}) {
                for (boolean committed : new boolean[] {false, true}) {
                    for (Phase phase : Phase.values()) {
                        cells.add(new Cell(event, fail, committed, phase, false));
                    }
                }
            }
        }
        return cells;
    }

    /** Returns the cells that are repeated with a retention time. */
    static List<Cell> byRetention() {
        return matrix().stream()
                .filter(c -> c.event == LossEvent.START_EXPIRED
                        || c.event == LossEvent.RANGE_EXPIRED
                        || c.event == LossEvent.RANGE_EXPIRED_AFTER_SINK)
                .filter(c -> c.event.impossible(c.phase).isEmpty())
                .map(c -> new Cell(c.event, c.failOnDataLoss, c.readCommitted, c.phase, true))
                .toList();
    }
}
