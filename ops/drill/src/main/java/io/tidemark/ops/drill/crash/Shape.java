package io.tidemark.ops.drill.crash;

import io.tidemark.api.Dataset;
import io.tidemark.api.Row;
import io.tidemark.ops.drill.crash.KafkaLog.KafkaRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A query that the drill stops, and how it lives: which steps of its input are there at which of its starts. */
enum Shape {
    /** A projection and a filter. */
    STATELESS(Life.fed(1), Life.fed(2), Life.fed(3), Life.fed(4)),
    /** Counts by window and page, let go by the watermark. */
    WINDOWED(Life.fed(1), Life.fed(2), Life.fed(3), Life.fed(4)),
    /** The first click of each page and time. */
    DEDUP(Life.fed(1), Life.fed(2), Life.fed(3), Life.fed(4)),
    /** Sessions of a page, with a gap of three seconds. */
    SESSION(Life.fed(1), Life.fed(2), Life.fed(3), Life.fed(4)),
    /** Each second start finds nothing but the batch without data that the start before it still owed. */
    NO_DATA(Life.fed(1), Life.pending(1), Life.fed(2), Life.pending(2), Life.fed(3), Life.pending(3)),
    /** The first start ever, with nothing to read, and the first batch after it. */
    FIRST_BATCH(Life.fed(0), Life.fed(1)),
    /**
     * From the third start on the query fills a column that it left null before. The sink adds no columns to a table, so
     * the table has this one from the start.
     */
    EVOLVED(Life.fed(1), Life.fed(2), Life.evolved(3), Life.evolved(4));

    /** Steps that are fed after a recovery, for the batches that must run on as if nothing had been. */
    static final int MORE = 2;

    private static final long SECOND = 1_000;
    private static final long ORIGIN = 1_700_000_000 * SECOND; // a multiple of every window
    private static final long DELAY = 5 * SECOND;
    private static final long WINDOW = 10 * SECOND;
    private static final long GAP = 3 * SECOND;

    private final List<Life> lives;

    Shape(Life... lives) {
        this.lives = List.of(lives);
    }

    /**
     * One start of the query, and its run until there is nothing left to do.
     *
     * @param fed how many steps of the input are there
     * @param evolved whether the query is the later one
     * @param pending whether the life before is taken to have ended right after the commit of its first batch
     */
    record Life(int fed, boolean evolved, boolean pending) {
        private static Life fed(int steps) {
            return new Life(steps, false, false);
        }

        private static Life evolved(int steps) {
            return new Life(steps, true, false);
        }

        private static Life pending(int steps) {
            return new Life(steps, false, true);
        }
    }

    /** Returns the name as command lines and reports spell it. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    List<Life> lives() {
        return lives;
    }

    boolean hasState() {
        return this != STATELESS && this != EVOLVED;
    }

    /** Returns the first {@code count} steps of the input; second and page of each click. */
    static List<List<KafkaRecord>> steps(int count) {
        // Times are far from where a watermark would be a step earlier or later, so that a row is late, or is not,
        // whether or not a batch without data ran in between. The z of the fourth step is.
        List<String> steps = List.of(
                "1 a, 2 b, 3 a, 11 b, 1 a",
                "8 a, 27 a, 12 c",
                "28 a, 29 b, 25 c, 29 b",
                "41 b, 40 a, 2 z, 28 a",
                "55 a, 43 c, 56 b, 41 b",
                "70 a, 58 d, 55 a",
                "85 b, 71 c, 84 b",
                "99 a, 86 d");
        List<List<KafkaRecord>> parsed = new ArrayList<>();
        for (String step : steps.subList(0, count)) {
            List<KafkaRecord> records = new ArrayList<>();
            for (String click : step.split(", ")) {
                String[] words = click.split(" ");
                records.add(new KafkaRecord(
                        records.size() % KafkaLog.PARTITIONS, words[1], ORIGIN + Long.parseLong(words[0]) * SECOND));
            }
            parsed.add(records);
        }
        return parsed;
    }

    /** Returns the query over the topic's columns. */
    Dataset<Row> query(Dataset<Row> kafka, boolean evolved) {
        kafka.createOrReplaceTempView("records");
        Dataset<Row> clicks = kafka.session()
                .sql("SELECT CAST(value AS STRING) AS page, timestamp AS time, partition, offset FROM records");
        if (this == STATELESS || this == EVOLVED) {
            clicks.createOrReplaceTempView("clicks");
            String note = evolved ? "upper(page)" : "CAST(NULL AS STRING)";
            return kafka.session()
                    .sql("SELECT partition, offset, page" + (this == EVOLVED ? ", " + note + " AS note" : "")
                            + " FROM clicks WHERE page <> 'c'");
        }
        Dataset<Row> watermarked = clicks.withWatermark("time", DELAY / SECOND + " seconds");
        if (this == DEDUP) {
            return watermarked.dropDuplicates("page", "time").select("page", "time");
        }
        watermarked.createOrReplaceTempView("clicks");
        String group = this == SESSION
                ? "session_window(time, '" + GAP / SECOND + " seconds')"
                : "window(time, '" + WINDOW / SECOND + " seconds')";
        String column = this == SESSION ? "session_window" : "window";
        return kafka.session()
                .sql("SELECT " + column + ".start AS start, page, count(*) AS n, sum(offset) AS offsets FROM clicks"
                        + " GROUP BY " + group + ", page");
    }

    /**
     * Returns the rows that a table must hold once the first {@code fed} steps are through, sorted, times in microseconds.
     * Computed from the input alone.
     *
     * @param evolvedFrom the first step that the later query read
     */
    List<String> expected(int fed, int evolvedFrom) {
        return new Expectation(steps(fed)).rows(this, evolvedFrom);
    }

    /** Plain arithmetic over clicks. */
    private static final class Expectation {
        private final List<Click> clicks = new ArrayList<>();
        private long watermark;

        /** @param step in which it came */
        private record Click(int step, int partition, long offset, String page, long time) {}

        Expectation(List<List<KafkaRecord>> steps) {
            long[] ends = new long[KafkaLog.PARTITIONS];
            long newest = 0;
            for (int step = 0; step < steps.size(); step++) {
                for (KafkaRecord r : steps.get(step)) {
                    clicks.add(new Click(step, r.partition(), ends[r.partition()]++, r.value(), r.timestampMillis()));
                    newest = Math.max(newest, r.timestampMillis());
                }
            }
            watermark = newest - DELAY;
        }

        List<String> rows(Shape shape, int evolvedFrom) {
            List<Click> punctual =
                    clicks.stream().filter(c -> !c.page.equals("z")).toList();
            return (switch (shape) {
                        case STATELESS, EVOLVED ->
                            clicks.stream()
                                    .filter(c -> !c.page.equals("c"))
                                    .map(c ->
                                            c.partition + "|" + c.offset + "|" + c.page + note(shape, c, evolvedFrom));
                        case DEDUP ->
                            punctual.stream()
                                    .map(c -> c.page + "|" + micros(c.time))
                                    .distinct();
                        case SESSION -> sessions(punctual).stream();
                        case WINDOWED, NO_DATA, FIRST_BATCH -> windows(punctual).stream();
                    })
                    .sorted()
                    .toList();
        }

        private static String note(Shape shape, Click click, int evolvedFrom) {
            if (shape != EVOLVED) {
                return "";
            }
            return "|" + (click.step >= evolvedFrom ? click.page.toUpperCase(Locale.ROOT) : "null");
        }

        private List<String> windows(List<Click> punctual) {
            List<String> rows = new ArrayList<>();
            List<String> seen = new ArrayList<>();
            for (Click click : punctual) {
                long start = Math.floorDiv(click.time, WINDOW) * WINDOW;
                String key = micros(start) + "|" + click.page;
                if (start + WINDOW <= watermark && !seen.contains(key)) {
                    seen.add(key);
                    rows.add(row(
                            key,
                            punctual.stream()
                                    .filter(c -> c.page.equals(click.page))
                                    .filter(c -> c.time >= start && c.time < start + WINDOW)
                                    .toList()));
                }
            }
            return rows;
        }

        private List<String> sessions(List<Click> punctual) {
            List<String> rows = new ArrayList<>();
            for (String page : punctual.stream().map(Click::page).distinct().toList()) {
                List<Click> open = new ArrayList<>();
                for (Click click : punctual.stream()
                        .filter(c -> c.page.equals(page))
                        .sorted((a, b) -> Long.compare(a.time, b.time))
                        .toList()) {
                    if (!open.isEmpty() && click.time >= open.get(open.size() - 1).time + GAP) {
                        close(open, rows);
                    }
                    open.add(click);
                }
                close(open, rows);
            }
            return rows;
        }

        private void close(List<Click> open, List<String> rows) {
            if (open.get(open.size() - 1).time + GAP <= watermark) {
                rows.add(row(micros(open.get(0).time) + "|" + open.get(0).page, open));
            }
            open.clear();
        }

        private static String row(String key, List<Click> group) {
            return key + "|" + group.size() + "|"
                    + group.stream().mapToLong(Click::offset).sum();
        }

        private static String micros(long millis) {
            return Long.toString(millis * 1_000);
        }
    }
}
