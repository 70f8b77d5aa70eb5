package io.tidemark.ops.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Streaming queries over rows, both drawn from a seed: operators, modes, aggregates, types, nulls, late rows, batch
 * boundaries, restarts. Numbers with a fraction are multiples of 1/1024, so that sums do not depend on their order; where
 * the order of rows matters to a function, a step has one block.
 */
final class RandomQueries {
    static final String SCHEMA =
            "id BIGINT, g INT, k STRING, b BOOLEAN, ti TINYINT, si SMALLINT, i INT, l BIGINT, f FLOAT,"
                    + " d DOUBLE, dec DECIMAL(7, 2), wide DECIMAL(25, 3), s STRING, bin BINARY, dt DATE, ts TIMESTAMP,"
                    + " ntz TIMESTAMP_NTZ, et TIMESTAMP";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    /** Columns by type, for what a function takes. */
    private static final List<String> WHOLE = List.of("ti", "si", "i", "l");

    private static final List<String> NUMBERS = List.of("ti", "si", "i", "l", "f", "d", "dec", "wide");
    private static final List<String> ORDERED =
            List.of("b", "ti", "si", "i", "l", "f", "d", "dec", "wide", "s", "bin", "dt", "ts", "ntz");
    private static final List<String> KEYS =
            List.of("g", "k", "b", "ti", "i", "l", "dec", "wide", "s", "bin", "dt", "d", "f", "ntz");

    private final Random random;
    private final ObjectNode query = JSON.createObjectNode();
    private final TreeMap<String, Integer> made;
    private final List<String> uses = new ArrayList<>();
    private final TreeMap<String, String> conf = new TreeMap<>();
    private boolean ordered;
    private boolean evicts;

    private RandomQueries(long seed, TreeMap<String, Integer> made) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.made = made;
    }

    /**
     * A query, and what is in it.
     *
     * @param uses its operators, aggregates and types
     * @param evicts whether it lets go of state
     */
    record Drawn(ObjectNode spec, List<String> uses, boolean evicts) {}

    /**
     * Draws a query.
     *
     * @param made how often each thing was used so far: what is rare is drawn more often
     */
    static Drawn draw(long seed, Map<String, Integer> made) {
        RandomQueries one = new RandomQueries(seed, new TreeMap<>(made));
        one.draw(seed);
        return new Drawn(one.query, List.copyOf(one.uses), one.evicts);
    }

    private void draw(long seed) {
        query.put("name", "q" + seed).put("schema", SCHEMA);
        ArrayNode views = query.putArray("views");
        String shape = rare(List.of(
                "window append",
                "window update",
                "window complete",
                "sliding append",
                "group update",
                "group complete",
                "global update",
                "global complete",
                "session append",
                "session complete",
                "duplicates",
                "duplicates in time",
                "duplicates within",
                "distinct update",
                "distinct append",
                "limit",
                "chained",
                "union",
                "top"));
        uses.add("operator " + shape);
        evicts = true;
        switch (shape) {
            case "window append" -> window(views, "append", false);
            case "window update" -> window(views, "update", random.nextBoolean());
            case "window complete" -> window(views, "complete", random.nextBoolean());
            case "sliding append" -> window(views, "append", true);
            case "group update" -> group(views, "update");
            case "group complete" -> group(views, "complete");
            case "global update" -> global("update");
            case "global complete" -> global("complete");
            case "session append" -> session(views, "append");
            case "session complete" -> session(views, "complete");
            case "duplicates" -> duplicates(views, false, false);
            case "duplicates in time" -> duplicates(views, true, false);
            case "duplicates within" -> duplicates(views, true, true);
            case "distinct update" -> distinct(views, "update");
            case "distinct append" -> distinct(views, "append");
            case "limit" -> limit();
            case "chained" -> chained(views);
            case "union" -> union(views);
            default -> top(views);
        }
        conf.put("spark.sql.shuffle.partitions", Integer.toString(1 + random.nextInt(3)));
        conf.put("spark.sql.streaming.stateStore.minDeltasForSnapshot", Integer.toString(1 + random.nextInt(4)));
        ObjectNode settings = query.putObject("conf");
        conf.forEach(settings::put);
        steps();
    }

    // shapes

    private void window(ArrayNode views, String mode, boolean sliding) {
        timed(views, "t", "w");
        String length = (4 + 2 * random.nextInt(4)) + " seconds";
        String slide = sliding ? ", '" + (1 + random.nextInt(3)) + " seconds'" : "";
        String start = !slide.isEmpty() && random.nextInt(3) == 0 ? ", '1 second'" : "";
        String window = "window(et, '" + length + "'" + slide + start + ")";
        List<String> keys = keys(random.nextInt(3));
        evicts = !mode.equals("complete");
        select(mode, "w", window, keys, "window.start AS ws, window.end AS we");
    }

    private void group(ArrayNode views, String mode) {
        evicts = false;
        timed(views, "t", "w");
        select(mode, "w", null, keys(1 + random.nextInt(3)), null);
    }

    private void global(String mode) {
        evicts = false;
        select(mode, "t", null, List.of(), null);
    }

    private void session(ArrayNode views, String mode) {
        timed(views, "t", "w");
        evicts = mode.equals("append");
        String gap = random.nextInt(3) == 0
                ? "CASE WHEN g = 1 THEN '2 seconds' WHEN g = 2 THEN '5 seconds' ELSE '3 seconds' END"
                : "'" + (1 + random.nextInt(4)) + " seconds'";
        List<String> keys = keys(1 + random.nextInt(2));
        select(
                mode,
                "w",
                "session_window(et, " + gap + ")",
                keys,
                "session_window.start AS ws, session_window.end AS we");
    }

    private void duplicates(ArrayNode views, boolean timed, boolean within) {
        ObjectNode view = views.addObject();
        view.put("name", "u").put("sql", "SELECT * FROM t");
        evicts = timed;
        if (timed) {
            view.put("watermark", "et").put("delay", delay());
        }
        List<String> columns = new ArrayList<>(keys(1 + random.nextInt(5)));
        if (timed && !within) {
            columns.add(random.nextInt(columns.size() + 1), "et");
        }
        columns.forEach(view.putArray("duplicates")::add);
        view.put("withinWatermark", within);
        // which of several equal rows is first must not depend on the order of map tasks
        ordered = true;
        query.put("sql", "SELECT id, " + String.join(", ", columns) + " FROM u").put("mode", "append");
    }

    private void distinct(ArrayNode views, String mode) {
        timed(views, "t", "w");
        List<String> columns = new ArrayList<>(keys(1 + random.nextInt(3)));
        evicts = mode.equals("append") || random.nextBoolean();
        if (evicts) {
            columns.add("et");
        }
        query.put("sql", "SELECT DISTINCT " + String.join(", ", columns) + " FROM w")
                .put("mode", mode);
    }

    private void limit() {
        evicts = false;
        ordered = true;
        query.put(
                        "sql",
                        "SELECT id, " + String.join(", ", keys(2)) + " FROM t WHERE g > 0 LIMIT "
                                + (5 + random.nextInt(40)))
                .put("mode", "append");
    }

    private void chained(ArrayNode views) {
        timed(views, "t", "w");
        String key = keys(1).get(0);
        String inner = aggregate("a0");
        query.put(
                        "sql",
                        "SELECT window.start AS ws, window.end AS we, " + key
                                + ", count(*) AS n, max(a0) AS m, sum(c0) AS c"
                                + " FROM (SELECT window_time(window) AS at, " + key + ", " + inner
                                + ", count(*) AS c0 FROM w GROUP BY window(et, '2 seconds'), " + key
                                + ", g) GROUP BY window(at, '6 seconds'), " + key)
                .put("mode", "append");
    }

    private void union(ArrayNode views) {
        timed(views, "t", "w");
        ObjectNode other = views.addObject();
        other.put("name", "v").put("sql", "SELECT * FROM t WHERE g <> 1");
        other.put("watermark", "et").put("delay", delay());
        if (random.nextBoolean()) {
            uses.add("policy max");
            conf.put("spark.sql.streaming.multipleWatermarkPolicy", "max");
        }
        select(
                "append",
                "(SELECT * FROM w UNION ALL SELECT * FROM v)",
                "window(et, '4 seconds')",
                keys(1),
                "window.start AS ws, window.end AS we");
    }

    private void top(ArrayNode views) {
        evicts = false;
        List<String> keys = keys(1);
        String key = keys.get(0);
        query.put(
                        "sql",
                        "SELECT " + key + ", count(*) AS n, " + aggregate("a0") + " FROM t GROUP BY " + key
                                + " ORDER BY n DESC, " + key + (random.nextBoolean() ? " NULLS LAST" : " DESC")
                                + " LIMIT "
                                + (1 + random.nextInt(4)))
                .put("mode", "complete");
        if (!views.isEmpty()) {
            throw new IllegalStateException("no view is used");
        }
    }

    private void timed(ArrayNode views, String from, String name) {
        ObjectNode view = views.addObject();
        view.put("name", name).put("sql", "SELECT * FROM " + from);
        view.put("watermark", "et").put("delay", delay());
    }

    private String delay() {
        return List.of("0 seconds", "2 seconds", "5 seconds").get(random.nextInt(3));
    }

    private void select(String mode, String from, String window, List<String> keys, String shown) {
        List<String> columns = new ArrayList<>();
        List<String> grouping = new ArrayList<>();
        if (window != null) {
            grouping.add(window);
            columns.add(shown);
        }
        for (String key : keys) {
            // a grouping expression now and then, under a name
            if (random.nextInt(6) == 0 && WHOLE.contains(key)) {
                grouping.add(key + " % 3");
                columns.add(key + " % 3 AS mod_" + key);
            } else {
                grouping.add(key);
                columns.add(key);
            }
        }
        if (random.nextInt(4) == 0) {
            Collections.shuffle(grouping, random);
        }
        int aggregates = 1 + random.nextInt(4);
        for (int i = 0; i < aggregates; i++) {
            columns.add(aggregate("a" + i));
        }
        String sql = "SELECT " + String.join(", ", columns) + " FROM " + from
                + (random.nextInt(4) == 0 ? " WHERE g IS NULL OR g <> 2" : "");
        if (!grouping.isEmpty()) {
            sql += " GROUP BY " + String.join(", ", grouping);
            if (random.nextInt(5) == 0) {
                sql += " HAVING count(*) > 1";
                uses.add("operator having");
            }
        }
        query.put("sql", sql).put("mode", mode);
    }

    private List<String> keys(int count) {
        List<String> keys = new ArrayList<>();
        while (keys.size() < count) {
            String key = random.nextInt(2) == 0
                    ? rare(KEYS, "type ")
                    : List.of("g", "k", "b").get(random.nextInt(3));
            if (!keys.contains(key)) {
                keys.add(key);
                uses.add("type " + key);
            }
        }
        return keys;
    }

    // aggregates

    private static final List<String> FUNCTIONS = List.of(
            "count(*)",
            "count",
            "count_if",
            "sum",
            "avg",
            "min",
            "max",
            "first",
            "last",
            "any_value",
            "stddev",
            "stddev_pop",
            "variance",
            "var_pop",
            "skewness",
            "kurtosis",
            "corr",
            "covar_samp",
            "covar_pop",
            "collect_list",
            "collect_set",
            "approx_count_distinct",
            "min_by",
            "max_by",
            "bool_and",
            "bool_or",
            "bit_and",
            "bit_or",
            "bit_xor",
            "try_sum",
            "try_avg");

    private String aggregate(String name) {
        String function = rare(FUNCTIONS, "aggregate ");
        uses.add("aggregate " + function);
        String filter = random.nextInt(5) == 0 ? " FILTER (WHERE i > 0)" : "";
        if (!filter.isEmpty()) {
            uses.add("aggregate filter");
        }
        String call =
                switch (function) {
                    case "count(*)" -> "count(*)" + filter;
                    case "count_if" -> "count_if(" + argument(List.of("b")) + ")" + filter;
                    case "sum", "avg", "try_sum", "try_avg" -> function + "(" + argument(NUMBERS) + ")" + filter;
                    case "stddev", "stddev_pop", "variance", "var_pop", "skewness", "kurtosis" ->
                        "round(" + function + "(" + argument(List.of("i", "d", "si", "f")) + ")" + filter + ", 6)";
                    case "corr", "covar_samp", "covar_pop" ->
                        "round(" + function + "(" + argument(List.of("i", "d")) + ", " + argument(List.of("si", "f"))
                                + ")" + filter + ", 6)";
                    case "first", "last", "any_value", "collect_list" -> {
                        ordered = true;
                        String ignore = function.equals("first") && random.nextBoolean() ? ", true" : "";
                        yield function + "(" + argument(ORDERED) + ignore + ")" + filter;
                    }
                    case "collect_set" ->
                        "sort_array(collect_set(" + argument(List.of("i", "l", "s", "dt", "dec", "ts")) + ")" + filter
                                + ")";
                    case "min_by", "max_by" -> {
                        ordered = true;
                        yield function + "(" + argument(ORDERED) + ", " + argument(List.of("l", "d", "s", "ts", "dec"))
                                + ")" + filter;
                    }
                    case "bool_and", "bool_or" -> function + "(" + argument(List.of("b")) + ")" + filter;
                    case "bit_and", "bit_or", "bit_xor" -> function + "(" + argument(WHOLE) + ")" + filter;
                    case "approx_count_distinct" -> function + "(" + argument(KEYS) + ")" + filter;
                    default -> function + "(" + argument(ORDERED) + ")" + filter;
                };
        return call + " AS " + name;
    }

    private String argument(List<String> columns) {
        String column = rare(columns, "type ");
        uses.add("type " + column);
        return column;
    }

    private String rare(List<String> choices) {
        return rare(choices, "operator ");
    }

    /** Draws among the choices, twice as often one that was used least. */
    private String rare(List<String> choices, String prefix) {
        String one = choices.get(random.nextInt(choices.size()));
        String other = choices.get(random.nextInt(choices.size()));
        return made.getOrDefault(prefix + one, 0) <= made.getOrDefault(prefix + other, 0) ? one : other;
    }

    // rows

    private void steps() {
        ArrayNode steps = query.putArray("steps");
        int count = 4 + random.nextInt(3);
        long id = 0;
        for (int step = 0; step < count; step++) {
            ObjectNode node = steps.addObject();
            boolean restart = step > 0 && random.nextInt(3) == 0;
            node.put("restart", restart);
            ArrayNode blocks = node.putArray("blocks");
            int many = !ordered && (restart || step == 0) ? 1 + random.nextInt(3) : 1;
            for (int block = 0; block < many; block++) {
                ArrayNode rows = blocks.addArray();
                for (int row = random.nextInt(14); row >= 0; row--) {
                    rows.add(row(id++, step).toString());
                }
            }
        }
    }

    private ObjectNode row(long id, int step) {
        ObjectNode row = JSON.createObjectNode().put("id", id);
        Instant time = EPOCH.plusMillis(step * 8_000L + random.nextInt(12_000) - 6_000);
        if (random.nextInt(40) > 0) {
            row.put("et", time.toString());
        }
        if (some()) {
            row.put("g", random.nextInt(4));
        }
        if (some()) {
            row.put("k", "k" + random.nextInt(4));
        }
        if (some()) {
            row.put("b", random.nextBoolean());
        }
        if (some()) {
            row.put("ti", random.nextInt(7) - 3);
        }
        if (some()) {
            row.put("si", random.nextInt(2_000) - 1_000);
        }
        if (some()) {
            row.put("i", random.nextInt(5) == 0 ? random.nextInt(1 << 20) : random.nextInt(9) - 4);
        }
        if (some()) {
            row.put("l", random.nextInt(5) == 0 ? random.nextLong() >> 8 : random.nextInt(9) - 4L);
        }
        if (some()) {
            row.put("f", random.nextInt(8) == 0 ? 0.0 : (random.nextInt(4_000) - 2_000) / 16.0);
        }
        if (some()) {
            row.put("d", random.nextInt(8) == 0 ? 0.0 : (random.nextInt(1 << 20) - (1 << 19)) / 1_024.0);
        }
        if (some()) {
            row.put("dec", new BigDecimal(BigInteger.valueOf(random.nextInt(2_000) - 1_000), 2));
        }
        if (some()) {
            row.put(
                    "wide",
                    new BigDecimal(
                            BigInteger.valueOf(random.nextInt(9) - 4)
                                    .multiply(BigInteger.TEN.pow(random.nextInt(20)))
                                    .add(BigInteger.valueOf(random.nextInt(3))),
                            3));
        }
        if (some()) {
            row.put(
                    "s",
                    List.of("", "a", "ab", "ä€", "longer than eight bytes", "z").get(random.nextInt(6)));
        }
        if (some()) {
            byte[] bytes = new byte[random.nextInt(3)];
            random.nextBytes(bytes);
            row.put("bin", Base64.getEncoder().encodeToString(bytes));
        }
        if (some()) {
            row.put(
                    "dt",
                    EPOCH.atOffset(ZoneOffset.UTC)
                            .toLocalDate()
                            .plusDays(random.nextInt(5) - 2)
                            .toString());
        }
        if (some()) {
            row.put("ts", EPOCH.plusNanos(random.nextInt(5) * 1_001_000L).toString());
        }
        if (some()) {
            row.put(
                    "ntz",
                    LocalDateTime.of(2026, 1, 1, 0, 0)
                            .plusSeconds(random.nextInt(4))
                            .toString());
        }
        return row;
    }

    private boolean some() {
        return random.nextInt(8) > 0;
    }
}
