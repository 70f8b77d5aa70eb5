package io.tidemark.ops.drill.kill;

import io.tidemark.ops.drill.DeltaTableOracle;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Clicks and amounts by page and window of five minutes: those windows that end at or below the watermark. */
record ExpectedWindows(SeededRecords records) implements ExpectedRows {
    private static final long WINDOW_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final long DELAY_MILLIS = Duration.ofMinutes(10).toMillis();

    @Override
    public RowCount compare(DeltaTableOracle table, long sent) {
        Map<String, String> windows = windows(sent);
        RowCount.Counter counter = new RowCount.Counter();
        counter.expected(windows.size());
        Set<String> seen = new HashSet<>();
        table.forEachRow(
                "epoch_ms(window_start), epoch_ms(window_end), page, clicks, CAST(amount AS DOUBLE)", "", row -> {
                    counter.found();
                    String key = String.join(" ", row.subList(0, 3));
                    if (!String.join(" ", row.subList(3, 5)).equals(windows.get(key))) {
                        counter.wrong(row + " for " + windows.get(key));
                    } else if (!seen.add(key)) {
                        counter.doubled(key);
                    }
                });
        for (String key : windows.keySet()) {
            if (!seen.contains(key)) {
                counter.lost(key);
            }
        }
        return counter.count();
    }

    private Map<String, String> windows(long sent) {
        Map<Long, Map<String, Sum>> open = new TreeMap<>();
        long newest = Long.MIN_VALUE;
        for (long id = 0; id < sent; id++) {
            long time = records.clickMillis(id);
            newest = Math.max(newest, time);
            Sum sum = open.computeIfAbsent(Math.floorDiv(time, WINDOW_MILLIS) * WINDOW_MILLIS, start -> new TreeMap<>())
                    .computeIfAbsent(records.page(id), page -> new Sum());
            sum.clicks++;
            sum.amount += records.amount(id);
        }
        Map<String, String> closed = new TreeMap<>();
        for (Map.Entry<Long, Map<String, Sum>> window : open.entrySet()) {
            long end = window.getKey() + WINDOW_MILLIS;
            if (end <= newest - DELAY_MILLIS) {
                window.getValue()
                        .forEach((page, sum) ->
                                closed.put(window.getKey() + " " + end + " " + page, sum.clicks + " " + sum.amount));
            }
        }
        return closed;
    }

    private static final class Sum {
        private long clicks;
        private double amount;
    }
}
