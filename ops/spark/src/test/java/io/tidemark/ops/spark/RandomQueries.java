package io.tidemark.ops.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * Streaming queries over rows, both drawn from a seed: operators, modes, aggregates, types, nulls, late rows, batch
 * boundaries, restarts. What was drawn least comes next, so a query depends on its seed and on what was drawn before it.
 * Where the order of rows matters, a step has one block.
 */
final class RandomQueries {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SHAPES = List.of(
            "window append",
            "window update",
            "window complete",
            "sliding window",
            "group update",
            "group complete",
            "global",
            "session append",
            "session complete",
            "duplicates",
            "duplicates in time",
            "duplicates within",
            "distinct update",
            "distinct append",
            "limit append",
            "limit complete",
            "order complete",
            "window over window",
            "session over window",
            "union at the lower watermark",
            "union at the higher watermark",
            "duplicates then window",
            "window then duplicates",
            "having",
            "one after another");
    private static final List<String> WINDOW = List.of("window.start AS ws", "window.end AS we");

    private final Dice dice;
    private final DrawnColumns columns;
    private final ObjectNode query = JSON.createObjectNode();
    private final ArrayNode views;
    private final TreeMap<String, String> conf = new TreeMap<>();
    private boolean ordered;

    private RandomQueries(long seed, TreeMap<String, Integer> made) {
        this.dice = new Dice(seed, made);
        this.columns = new DrawnColumns(dice);
        query.put("name", "q" + seed).put("schema", DrawnColumns.SCHEMA);
        this.views = query.putArray("views");
    }

    /** A query, and its operators, aggregates and types. */
    record Drawn(ObjectNode spec, List<String> uses) {}

    /**
     * Draws a query.
     *
     * @param made how often each thing was drawn before; what is drawn is added
     */
    static Drawn draw(long seed, TreeMap<String, Integer> made) {
        RandomQueries one = new RandomQueries(seed, made);
        one.draw();
        return new Drawn(one.query, one.dice.uses());
    }

    private void draw() {
        switch (dice.oneIn(15) ? "any" : dice.rarest("operator", SHAPES)) {
            case "window append" -> window("append", false);
            case "window update" -> window("update", dice.oneIn(2));
            case "window complete" -> window("complete", dice.oneIn(2));
            case "sliding window" -> window("append", true);
            case "group update" -> group("update", "");
            case "group complete" -> group("complete", "");
            case "global" -> select(dice.of(List.of("update", "complete")), "t", null, List.of(), List.of(), "");
            case "session append" -> session("append");
            case "session complete" -> session("complete");
            case "duplicates" -> duplicates(false, false);
            case "duplicates in time" -> duplicates(true, false);
            case "duplicates within" -> duplicates(true, true);
            case "distinct update" -> distinct("update");
            case "distinct append" -> distinct("append");
            case "limit append" -> limit();
            case "limit complete" -> limited();
            case "order complete" -> top();
            case "window over window" -> chained("window(at, '6 seconds')", "window");
            case "session over window" -> chained("session_window(at, '3 seconds')", "session_window");
            case "union at the lower watermark" -> union("min");
            case "union at the higher watermark" -> union("max");
            case "duplicates then window" -> duplicatesThenWindow();
            case "window then duplicates" -> windowThenDuplicates();
            case "having" -> having();
            case "any" -> oneAfterAnother(dice.of(List.of("append", "update", "complete")));
            default -> oneAfterAnother("append");
        }
        conf.put("spark.sql.shuffle.partitions", Integer.toString(dice.between(1, 2)));
        conf.put("spark.sql.streaming.stateStore.minDeltasForSnapshot", Integer.toString(dice.between(1, 4)));
        if (dice.oneIn(5)) {
            dice.use("operator", "state in memory");
            conf.put(
                    "spark.sql.streaming.stateStore.providerClass",
                    "org.apache.spark.sql.execution.streaming.state.HDFSBackedStateStoreProvider");
        }
        if (dice.oneIn(10)) {
            conf.put("spark.sql.ansi.enabled", "false");
        }
        if (dice.oneIn(15)) {
            conf.put("spark.sql.streaming.noDataMicroBatches.enabled", "false");
        }
        ObjectNode settings = query.putObject("conf");
        conf.forEach(settings::put);
        // Spark keeps a set in the order of its hash table
        boolean comparable = !dice.uses().contains("aggregate collect_set");
        query.put("kept", dice.oneIn(4) && comparable).put("codegen", dice.oneIn(10));
        DrawnRows rows = new DrawnRows(dice);
        if (hasLowerOfTwoWatermarks()) {
            rows = rows.inOneRun(); // by a restart Spark forgets how far each of them was, and we do not
        }
        rows.steps(query.putArray("steps"), ordered || columns.ordered());
    }

    /** Where Spark sorts rows to aggregate them, one with no key changes places with another, so their order is lost. */
    private static String noNulls(List<String> grouping) {
        StringBuilder conditions = new StringBuilder();
        for (String key : grouping) {
            if (!key.contains("window(")) {
                conditions.append(" AND (").append(key).append(") IS NOT NULL");
            }
        }
        return conditions.toString();
    }

    private boolean hasLowerOfTwoWatermarks() {
        return views.findValues("watermark").size() > 1
                && !"max".equals(conf.get("spark.sql.streaming.multipleWatermarkPolicy"));
    }

    private void window(String mode, boolean sliding) {
        timed("w", "SELECT * FROM t");
        if (dice.oneIn(3)) {
            dice.use("operator", "window_time");
            select(mode, "w", drawnWindow(sliding), List.of("window"), columns.keys(dice.below(3)), "");
            query.put(
                    "sql",
                    "SELECT window_time(window) AS wt, * FROM ("
                            + query.path("sql").asText() + ")");
        } else {
            select(mode, "w", drawnWindow(sliding), WINDOW, columns.keys(dice.below(3)), "");
        }
    }

    private String drawnWindow(boolean sliding) {
        int length = 4 + 2 * dice.below(4);
        String text = "window(et, '" + length + " seconds'";
        int slide = sliding ? dice.between(1, 4) : length;
        boolean start = dice.oneIn(3);
        if (start) {
            dice.use("operator", "window with an offset");
        }
        if (sliding || start) {
            text += ", '" + slide + " seconds'";
        }
        if (start) {
            text += dice.oneIn(2) ? ", '1 second'" : ", '-500 milliseconds'";
        }
        return text + ")";
    }

    private void group(String mode, String tail) {
        timed("w", "SELECT * FROM t");
        select(mode, "w", null, List.of(), columns.keys(dice.between(1, 3)), tail);
    }

    private void having() {
        timed("w", "SELECT * FROM t");
        String having = " HAVING "
                + dice.of(List.of("count(*) > 1", "max(i) > 0", "count(*) > 1 AND min(g) < 2", "sum(ti) IS NOT NULL"));
        if (dice.oneIn(2)) {
            select(
                    dice.of(List.of("append", "update")),
                    "w",
                    drawnWindow(false),
                    List.of("window.start AS ws"),
                    columns.keys(1),
                    having);
        } else {
            select(dice.of(List.of("complete", "update")), "w", null, List.of(), columns.keys(1), having);
        }
    }

    private void session(String mode) {
        timed("w", "SELECT * FROM t");
        String gap = "'" + dice.between(1, 4) + " seconds'";
        if (!dice.oneIn(3)) {
            dice.use("operator", "dynamic gap");
            gap = dice.of(List.of(
                    "CASE WHEN g = 1 THEN '2 seconds' WHEN g = 2 THEN '5 seconds' ELSE '3 seconds' END",
                    "CASE WHEN b THEN INTERVAL '1' SECOND ELSE INTERVAL '2500' SECOND / 1000 END",
                    "IF(g = 0, '-1 seconds', '2 seconds')",
                    "concat(CAST(abs(ti) AS STRING), ' seconds')"));
        }
        select(
                mode,
                "w",
                "session_window(et, " + gap + ")",
                List.of("session_window.start AS ws", "session_window.end AS we"),
                columns.keys(dice.between(1, 2)),
                "");
    }

    private List<String> duplicatesView(String name, boolean timed, boolean within) {
        ObjectNode view = views.addObject();
        view.put("name", name).put("sql", "SELECT * FROM t");
        if (timed) {
            view.put("watermark", "et").put("delay", delay());
        }
        int count = dice.between(1, 6);
        if (count > 4) {
            dice.use("operator", "duplicates by five columns or more");
        }
        List<String> keys = new ArrayList<>(columns.keys(count));
        if (timed && !within) {
            keys.add(dice.below(keys.size() + 1), "et");
        }
        keys.forEach(view.putArray("duplicates")::add);
        view.put("withinWatermark", within);
        ordered = true; // which of equal rows is the first
        return keys;
    }

    private void duplicates(boolean timed, boolean within) {
        List<String> keys = duplicatesView("u", timed, within);
        query.put("sql", "SELECT id, " + String.join(", ", keys) + " FROM u")
                .put("mode", timed || dice.oneIn(2) ? "append" : "update");
    }

    private void duplicatesThenWindow() {
        duplicatesView("u", true, dice.oneIn(2));
        columns.rowsHaveNoOrder(); // they come from all partitions
        select("append", "u", drawnWindow(false), WINDOW, columns.keys(1), "");
    }

    private void windowThenDuplicates() {
        timed("w", "SELECT * FROM t");
        List<String> keys = columns.keys(2);
        ObjectNode view = views.addObject();
        boolean within = dice.oneIn(2);
        String grouped = "SELECT window, " + keys.get(0) + ", count(*) AS n FROM w GROUP BY " + drawnWindow(false)
                + ", " + String.join(", ", keys);
        String at = within ? "at" : "window";
        if (within) {
            grouped = "SELECT window_time(window) AS at, " + keys.get(0) + ", n FROM (" + grouped + ")";
        }
        view.put("name", "u").put("sql", grouped);
        view.putArray("duplicates").add(at).add(keys.get(0));
        view.put("withinWatermark", within);
        ordered = true;
        query.put("sql", "SELECT " + at + ", " + keys.get(0) + " FROM u").put("mode", "append");
    }

    private void distinct(String mode) {
        timed("w", "SELECT * FROM t");
        List<String> keys = new ArrayList<>(columns.keys(dice.between(1, 3)));
        if (mode.equals("append") || dice.oneIn(2)) {
            keys.add("et");
        }
        query.put("sql", "SELECT DISTINCT " + String.join(", ", keys) + " FROM w")
                .put("mode", mode);
    }

    private void limit() {
        ordered = true;
        query.put(
                        "sql",
                        "SELECT id, " + String.join(", ", columns.keys(2)) + " FROM t WHERE g > 0 LIMIT "
                                + dice.between(5, 35))
                .put("mode", "append");
    }

    private void limited() {
        timed("w", "SELECT * FROM t");
        // which rows a limit leaves out is not defined, so it leaves out none
        select("complete", "w", null, List.of(), columns.keys(1), " LIMIT 500");
    }

    private void top() {
        String key = columns.keys(1).get(0);
        query.put("inOrder", true)
                .put(
                        "sql",
                        "SELECT " + key + ", count(*) AS n, " + columns.aggregate("a0") + ", "
                                + columns.aggregate("a1") + " FROM t WHERE true"
                                + (columns.ordered() ? noNulls(List.of(key)) : "") + " GROUP BY " + key + " ORDER BY n "
                                + dice.of(List.of("DESC", "ASC"))
                                + ", " + key
                                + dice.of(List.of("", " NULLS LAST", " DESC", " DESC NULLS FIRST"))
                                + (dice.oneIn(2) ? " LIMIT " + dice.between(1, 4) : ""))
                .put("mode", "complete");
    }

    private void chained(String window, String name) {
        timed("w", "SELECT * FROM t");
        String key = columns.keys(1).get(0);
        String inner = columns.aggregate("a0");
        query.put(
                        "sql",
                        "SELECT " + name + ".start AS ws, " + name + ".end AS we, " + key
                                + ", count(*) AS n, max(a0) AS m, sum(c0) AS c"
                                + " FROM (SELECT window_time(window) AS at, " + key + ", a0, c0 FROM (SELECT window, "
                                + key + ", " + inner + ", count(*) AS c0 FROM w GROUP BY window(et, '2 seconds'), "
                                + key + ", g)) GROUP BY " + window + ", " + key)
                .put("mode", "append");
    }

    /** Two operators with state, of which Spark refuses some. */
    private void oneAfterAnother(String mode) {
        timed("w", "SELECT * FROM t");
        columns.rowsHaveNoOrder();
        ordered = true; // which of equal rows is the first
        TwoOperators two = new TwoOperators(dice, columns, views);
        two.first(drawnWindow(dice.oneIn(2)), this::delay);
        query.put("sql", two.second(mode)).put("mode", mode);
    }

    private void union(String policy) {
        timed("w", "SELECT * FROM t");
        timed("v", DrawnColumns.shiftedInTime() + " WHERE g <> 1");
        columns.rowsHaveNoOrder(); // both sides are read at once
        conf.put("spark.sql.streaming.multipleWatermarkPolicy", policy);
        select(
                "append",
                "(SELECT * FROM w UNION ALL SELECT * FROM v)",
                "window(et, '4 seconds')",
                WINDOW,
                columns.keys(1),
                "");
    }

    private void timed(String name, String sql) {
        ObjectNode view = views.addObject();
        view.put("name", name).put("sql", sql);
        view.put("watermark", "et").put("delay", delay());
    }

    private String delay() {
        return dice.of(List.of("0 seconds", "2 seconds", "5 seconds"));
    }

    private void select(String mode, String from, String window, List<String> shown, List<String> keys, String tail) {
        List<String> select = new ArrayList<>(shown);
        List<String> grouping = new ArrayList<>();
        if (window != null) {
            grouping.add(window);
        }
        grouping.addAll(keys);
        select.addAll(keys);
        if (!grouping.isEmpty() && dice.oneIn(5)) {
            String expression = columns.expression();
            grouping.add(expression);
            select.add(expression + " AS e");
        }
        if (dice.oneIn(4)) {
            Collections.shuffle(grouping, new Random(dice.whole()));
        }
        int aggregates = dice.between(1, 4);
        for (int i = 0; i < aggregates; i++) {
            select.add(columns.aggregate("a" + i));
        }
        String sql = "SELECT " + String.join(", ", select) + " FROM " + from
                + (dice.oneIn(4) ? " WHERE (g IS NULL OR g <> 2)" : " WHERE true")
                + (columns.ordered() ? noNulls(grouping) : "");
        if (!grouping.isEmpty()) {
            sql += " GROUP BY " + String.join(", ", grouping) + tail;
        }
        query.put("sql", sql).put("mode", mode);
    }
}
