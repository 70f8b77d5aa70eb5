package io.tidemark.ops.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Streaming queries that Spark refuses whatever the rows: a mode, and a statement over {@code t} or its timed {@code w}. */
final class RefusedQueries {
    private static final List<String> QUERIES = List.of(
            "update;SELECT session_window.start, count(*) FROM w GROUP BY session_window(et, '3 seconds'), k",
            "append;SELECT k, count(*) FROM w GROUP BY k",
            "append;SELECT k, count(*) FROM t GROUP BY window(et, '3 seconds'), k",
            "append;SELECT id FROM t ORDER BY id",
            "update;SELECT k, count(*) AS n FROM t GROUP BY k ORDER BY n",
            "complete;SELECT id, k FROM t",
            "update;SELECT id FROM t LIMIT 3",
            "update;SELECT k, count(*) AS n FROM t GROUP BY k LIMIT 3",
            "append;SELECT window.start, count(DISTINCT k) FROM w GROUP BY window(et, '3 seconds')",
            "append;SELECT window.start, collect_list(DISTINCT k) FROM w GROUP BY window(et, '3 seconds')",
            "update;SELECT n, count(*) FROM (SELECT k, count(*) AS n FROM t GROUP BY k) GROUP BY n",
            "complete;SELECT n, count(*) FROM (SELECT k, count(*) AS n FROM t GROUP BY k) GROUP BY n",
            "append;SELECT window.start, percentile(i, 0.5, b) FROM w GROUP BY window(et, '3 seconds')",
            "append;SELECT window.start, count(*) FROM w GROUP BY window(et, '3 seconds', '5 seconds')",
            "append;SELECT window.start, k, count(*) FROM w GROUP BY window(et, '3 seconds')",
            "append;SELECT window_time(window), count(*) FROM w GROUP BY window(et, '3 seconds')",
            "append;SELECT window.start, sum(b) FROM w GROUP BY window(et, '3 seconds')",
            "append;SELECT window.start, sum(count(*)) FROM w GROUP BY window(et, '3 seconds')",
            "append;SELECT window.start, count(*) FROM w GROUP BY window(k, '3 seconds')",
            "append;SELECT k, row_number() OVER (PARTITION BY k ORDER BY id) FROM t");

    private RefusedQueries() {}

    /** Returns the queries in the form of drawn ones. */
    static List<ObjectNode> all() {
        ObjectMapper json = new ObjectMapper();
        List<ObjectNode> all = new ArrayList<>();
        for (String query : QUERIES) {
            String[] parts = query.split(";", 2);
            ObjectNode spec = json.createObjectNode();
            spec.put("name", "refused" + all.size()).put("schema", DrawnColumns.SCHEMA);
            ObjectNode view = spec.putArray("views").addObject();
            view.put("name", "w").put("sql", "SELECT * FROM t");
            view.put("watermark", "et").put("delay", "2 seconds");
            spec.put("sql", parts[1]).put("mode", parts[0]).putObject("conf");
            new DrawnRows(new Dice(all.size(), new TreeMap<>())).steps(spec.putArray("steps"), true);
            all.add(spec);
        }
        return all;
    }
}
