package io.tidemark.ops.drill.fence;

import io.tidemark.api.Dataset;
import io.tidemark.api.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A query over clicks, and what its table must hold in the end: recomputed from the clicks alone. They arrive in the order
 * of their times, so it does not matter how they fall into batches.
 */
enum Shape {
    /** No state; every row as it is. */
    ROWS("append", null, "id", 5) {
        @Override
        Dataset<Row> over(Dataset<Row> clicks) {
            return clicks.select("id", "page");
        }

        @Override
        List<List<String>> expected(int clicks) {
            List<List<String>> rows = new ArrayList<>();
            for (int id = 0; id < clicks; id++) {
                rows.add(List.of(Integer.toString(id)));
            }
            return rows;
        }
    },

    /** State that is let go of; each window once, when it is over. */
    WINDOWS("append", null, "CAST(epoch(start) AS BIGINT), page, n", 3) {
        @Override
        Dataset<Row> over(Dataset<Row> clicks) {
            return counted(clicks);
        }

        @Override
        List<List<String>> expected(int clicks) {
            return windows(clicks, Click.of(clicks - 1).second() - DELAY_SECONDS);
        }
    },

    /** State, and rows that replace others in the table. */
    UPSERTS("update", "start,page", "CAST(epoch(start) AS BIGINT), page, n", 3) {
        @Override
        Dataset<Row> over(Dataset<Row> clicks) {
            return counted(clicks);
        }

        @Override
        List<List<String>> expected(int clicks) {
            return windows(clicks, Long.MAX_VALUE);
        }
    };

    private static final long DELAY_SECONDS = 5;
    private static final long WINDOW_SECONDS = 10;

    private final String outputMode;
    private final @Nullable String mergeKeys;
    private final String columns;
    private final int steps;

    Shape(String outputMode, @Nullable String mergeKeys, String columns, int steps) {
        this.outputMode = outputMode;
        this.mergeKeys = mergeKeys;
        this.columns = columns;
        this.steps = steps;
    }

    /** A click, by its number: two a second. */
    record Click(long id, long second, String page) {
        static Click of(long id) {
            return new Click(id, 1_000 + id / 2, "/" + id % 3);
        }
    }

    abstract Dataset<Row> over(Dataset<Row> clicks);

    /** Returns the rows of the table, in no order, once so many clicks were read. */
    abstract List<List<String>> expected(int clicks);

    String outputMode() {
        return outputMode;
    }

    /** Returns the columns by which rows replace others, or null. */
    @Nullable
    String mergeKeys() {
        return mergeKeys;
    }

    /** Returns what of the table is compared, as DuckDB's expressions. */
    String columns() {
        return columns;
    }

    /** Returns in how many steps clicks arrive until everything that a run does has been done; those with state do more. */
    int steps() {
        return steps;
    }

    private static Dataset<Row> counted(Dataset<Row> clicks) {
        clicks.withWatermark("time", DELAY_SECONDS + " seconds").createOrReplaceTempView("clicks");
        return clicks.session()
                .sql("SELECT window.start AS start, page, count(*) AS n FROM clicks GROUP BY window(time, '"
                        + WINDOW_SECONDS + " seconds'), page");
    }

    private static List<List<String>> windows(int clicks, long watermark) {
        TreeMap<Long, TreeMap<String, Integer>> counts = new TreeMap<>();
        for (int id = 0; id < clicks; id++) {
            Click click = Click.of(id);
            long start = click.second() / WINDOW_SECONDS * WINDOW_SECONDS;
            if (start + WINDOW_SECONDS <= watermark) {
                counts.computeIfAbsent(start, s -> new TreeMap<>()).merge(click.page(), 1, Integer::sum);
            }
        }
        List<List<String>> rows = new ArrayList<>();
        counts.forEach((start, byPage) ->
                byPage.forEach((page, n) -> rows.add(List.of(start.toString(), page, n.toString()))));
        return rows;
    }
}
