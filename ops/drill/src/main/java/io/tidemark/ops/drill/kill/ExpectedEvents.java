package io.tidemark.ops.drill.kill;

import io.tidemark.ops.drill.DeltaTableOracle;
import java.util.List;

/** Each event is a row, unchanged. */
record ExpectedEvents(SeededRecords records) implements ExpectedRows {
    @Override
    public RowCount compare(DeltaTableOracle table, long sent) {
        RowCount.Counter counter = new RowCount.Counter();
        counter.expected(sent);
        long[] next = {0};
        table.forEachRow(
                "event_id, user_id, page, CAST(amount AS DOUBLE), epoch_ms(event_time)", "ORDER BY event_id", row -> {
                    counter.found();
                    long id = number(row.get(0));
                    for (; next[0] < Math.min(id, sent); next[0]++) {
                        counter.lost("event " + next[0]);
                    }
                    if (id < 0 || id >= sent || !row.equals(row(id))) {
                        counter.wrong(row);
                    } else if (id < next[0]) {
                        counter.doubled("event " + id);
                    }
                    next[0] = Math.max(next[0], Math.min(id + 1, sent));
                });
        for (; next[0] < sent; next[0]++) {
            counter.lost("event " + next[0]);
        }
        return counter.count();
    }

    private static long number(String text) {
        return text.equals("null") ? -1 : Long.parseLong(text);
    }

    private List<String> row(long id) {
        return List.of(
                Long.toString(id),
                records.user(id),
                records.page(id),
                Double.toString(records.amount(id)),
                Long.toString(records.eventMillis(id)));
    }
}
