package io.tidemark.ops.spark;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Supplier;

/**
 * One operator with state over the rows of view {@code w}, and another over what it gives, which is a view {@code u} with
 * a time {@code at}, a key {@code x} and a number {@code n}.
 */
final class TwoOperators {
    private final Dice dice;
    private final DrawnColumns columns;
    private final ArrayNode views;
    private boolean sessions;

    TwoOperators(Dice dice, DrawnColumns columns, ArrayNode views) {
        this.dice = dice;
        this.columns = columns;
        this.views = views;
    }

    void first(String window, Supplier<String> delay) {
        String key = columns.keys(1).get(0);
        String plain = "SELECT et AS at, " + key + " AS x, l AS n FROM w";
        switch (dice.of(List.of("duplicates", "within", "window", "session", "distinct", "union"))) {
            case "duplicates" -> view("u", plain, List.of("x", "at"), false);
            case "within" -> view("u", plain, List.of("x"), true);
            case "window" -> grouped("window", window, key);
            case "session" -> {
                sessions = true;
                grouped("session_window", "session_window(et, '2 seconds')", key);
            }
            case "distinct" -> view("u", plain.replace("SELECT", "SELECT DISTINCT"), List.of(), false);
            default -> {
                ObjectNode later = views.addObject();
                later.put("name", "v").put("sql", DrawnColumns.shiftedInTime());
                later.put("watermark", "et").put("delay", delay.get());
                view("u", plain + " UNION ALL " + plain.replace("FROM w", "FROM v"), List.of(), false);
            }
        }
    }

    private void grouped(String name, String window, String key) {
        String inner = "SELECT " + name + ", " + key + ", " + dice.of(List.of("count(*)", "sum(ti)", "max(l)"))
                + " AS n FROM w GROUP BY " + window + ", " + key;
        view("u", "SELECT window_time(" + name + ") AS at, " + key + " AS x, n FROM (" + inner + ")", List.of(), false);
    }

    private void view(String name, String sql, List<String> duplicates, boolean within) {
        ObjectNode view = views.addObject();
        view.put("name", name).put("sql", sql);
        if (!duplicates.isEmpty()) {
            duplicates.forEach(view.putArray("duplicates")::add);
            view.put("withinWatermark", within);
        }
    }

    /** Returns the query over the first one; it shows nothing that depends on the order of rows. */
    String second(String mode) {
        String choice = dice.of(List.of("window", "session", "duplicates", "within", "distinct", "limit", "group"));
        if (sessions && choice.equals("limit")) {
            choice = "group"; // Spark fails: the limit finds the store of the sessions in its task
        }
        return switch (choice) {
            case "window" ->
                "SELECT window.start AS ws, x, count(*) AS c, sum(n) AS s FROM u GROUP BY window(at, '6 seconds'), x";
            case "session" ->
                "SELECT session_window.end AS we, x, count(*) AS c, max(n) AS m FROM u"
                        + " GROUP BY session_window(at, '2500 milliseconds'), x";
            case "duplicates" -> {
                view("z", "SELECT * FROM u", List.of("at", "x"), false);
                yield "SELECT at, x FROM z";
            }
            case "within" -> {
                view("z", "SELECT * FROM u", List.of("x"), true);
                yield "SELECT x FROM z";
            }
            case "distinct" -> "SELECT DISTINCT at, x FROM u";
            case "limit" -> "SELECT 1 AS one FROM u LIMIT " + dice.between(3, 20);
            default ->
                "SELECT x, count(*) AS c, min(n) AS m FROM u GROUP BY x"
                        + (mode.equals("append") ? ", at" : "")
                        + (mode.equals("complete") && dice.oneIn(2) ? " ORDER BY c, m" : "");
        };
    }
}
