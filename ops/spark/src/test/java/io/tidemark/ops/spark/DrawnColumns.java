package io.tidemark.ops.spark;

import java.util.ArrayList;
import java.util.List;

/** Columns of the drawn rows, what of them are keys, and calls of aggregates over them. */
final class DrawnColumns {
    static final String SCHEMA =
            "id BIGINT, g INT, k STRING, b BOOLEAN, ti TINYINT, si SMALLINT, i INT, l BIGINT, f FLOAT,"
                    + " d DOUBLE, dec DECIMAL(7, 2), wide DECIMAL(25, 3), s STRING, bin BINARY, dt DATE, ts TIMESTAMP,"
                    + " ntz TIMESTAMP_NTZ, st STRUCT<x: INT, y: STRING>, ar ARRAY<INT>, et TIMESTAMP";

    private static final List<String> WHOLE = List.of("ti", "si", "i", "l");
    private static final List<String> NUMBERS = List.of("ti", "si", "i", "l", "f", "d", "dec", "wide");
    private static final List<String> ORDERED =
            List.of("b", "ti", "si", "i", "l", "f", "d", "dec", "wide", "s", "bin", "dt", "ts", "ntz", "st", "ar");
    private static final List<String> KEYS =
            List.of("g", "k", "b", "ti", "i", "l", "dec", "wide", "s", "bin", "dt", "d", "f", "ntz", "ts", "st", "ar");
    private static final List<String> EXPRESSIONS = List.of(
            "i % 3",
            "upper(k)",
            "coalesce(k, 'none')",
            "CASE WHEN b THEN g ELSE -1 END",
            "CAST(dec AS INT)",
            "g + ti",
            "substring(s, 1, 1)",
            "named_struct('p', g, 'q', k)");
    private static final List<String> ORDER_DEPENDENT =
            List.of("first", "last", "any_value", "collect_list", "min_by", "max_by");
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

    private final Dice dice;
    private List<String> functions = FUNCTIONS;
    private boolean ordered;

    DrawnColumns(Dice dice) {
        this.dice = dice;
    }

    /** Draws no function whose value depends on the order of rows from here on. */
    void rowsHaveNoOrder() {
        functions = FUNCTIONS.stream()
                .filter(function -> !ORDER_DEPENDENT.contains(function))
                .toList();
    }

    /** Whether a function was drawn whose value depends on the order of rows. */
    boolean ordered() {
        return ordered;
    }

    /** Draws different columns, with few values more often. */
    List<String> keys(int count) {
        List<String> keys = new ArrayList<>();
        while (keys.size() < count) {
            String key = dice.oneIn(2) ? dice.rarer("type", KEYS) : dice.of(List.of("g", "k", "b"));
            if (!keys.contains(key)) {
                keys.add(dice.use("type", key));
            }
        }
        return keys;
    }

    /** Draws an expression to group by. */
    String expression() {
        dice.use("operator", "grouping by an expression");
        return dice.of(EXPRESSIONS);
    }

    /** Draws a call that is used seldom, under a name. */
    String aggregate(String name) {
        String function = dice.rarest("aggregate", functions);
        String filter = "";
        if (dice.oneIn(5)) {
            filter = " FILTER (WHERE " + dice.of(List.of("i > 0", "b", "k <> 'k1'", "g IS NULL OR l < 2")) + ")";
            dice.use("aggregate", "filter");
        }
        String call =
                switch (function) {
                    case "count(*)" -> "count(*)" + filter;
                    case "count" ->
                        dice.oneIn(3)
                                ? "count(" + argument(ORDERED) + ", " + argument(ORDERED) + ")" + filter
                                : "count(" + argument(ORDERED) + ")" + filter;
                    case "count_if" -> "count_if(" + dice.of(List.of("b", "i > g", "s LIKE 'a%'")) + ")" + filter;
                    case "sum", "avg", "try_sum", "try_avg" -> function + "(" + argument(NUMBERS) + ")" + filter;
                    case "stddev", "stddev_pop", "variance", "var_pop", "skewness", "kurtosis" ->
                        "round(" + function + "(" + argument(List.of("i", "d", "si", "f")) + ")" + filter + ", 6)";
                    case "corr", "covar_samp", "covar_pop" ->
                        "round(" + function + "(" + dice.of(List.of("id", "d")) + ", " + argument(List.of("si", "f"))
                                + ")" + filter + ", 6)";
                    case "first", "last", "any_value" -> {
                        ordered = true;
                        yield function + "(" + argument(ORDERED) + (dice.oneIn(2) ? ", true" : "") + ")" + filter;
                    }
                    case "collect_list" -> {
                        ordered = true;
                        yield function + "(" + argument(ORDERED) + ")" + filter;
                    }
                    case "collect_set" ->
                        "sort_array(collect_set(" + argument(List.of("i", "l", "s", "dt", "dec", "ts", "st")) + ")"
                                + filter + ")";
                    case "min_by", "max_by" -> {
                        ordered = true;
                        yield function + "(" + argument(ORDERED) + ", " + argument(List.of("l", "d", "s", "ts", "dec"))
                                + ")" + filter;
                    }
                    case "bool_and", "bool_or" -> function + "(" + argument(List.of("b")) + ")" + filter;
                    case "bit_and", "bit_or", "bit_xor" -> function + "(" + argument(WHOLE) + ")" + filter;
                    case "approx_count_distinct" ->
                        function + "(" + argument(KEYS.subList(0, KEYS.size() - 2)) + ")" + filter;
                    default -> function + "(" + argument(ORDERED) + ")" + filter;
                };
        return call + " AS " + name;
    }

    /** All rows with the same columns, three seconds later. */
    static String shiftedInTime() {
        return "SELECT "
                + SCHEMA.replaceAll(" (STRUCT<.*?>|DECIMAL\\(.*?\\)|[A-Z_<>]+)(?=,|$)", "")
                        .replaceAll("et$", "et + INTERVAL '3' SECOND AS et")
                + " FROM t";
    }

    private String argument(List<String> columns) {
        return dice.use("type", dice.rarer("type", columns));
    }
}
