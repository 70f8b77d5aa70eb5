package io.tidemark.ops.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.spark.SparkAndKafka.Running;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two queries that replace rows by key in one table whose files Spark puts together, so that each rewrites what both wrote. */
@ExtendWith(SparkAndKafka.class)
class UpsertBesideSparkTest {
    private static final int CHUNK = 300;
    private static final int PAGES = 97;

    private final Running running;

    UpsertBesideSparkTest(Running running) {
        this.running = running;
    }

    private static PipelineText counting(String name) {
        return PipelineText.overClicks(
                        name,
                        "1 second",
                        "SELECT concat('" + name
                                + "', page) AS key, count(*) AS clicks, max(event_id) AS last FROM clicks"
                                + " GROUP BY concat('" + name + "', page)",
                        "update")
                .replacing("key");
    }

    private static List<String> expected(String name, int events) {
        TreeMap<String, long[]> pages = new TreeMap<>();
        for (int id = 0; id < events; id++) {
            long[] page = pages.computeIfAbsent(name + "/page/" + id % PAGES, key -> new long[2]);
            page[0]++;
            page[1] = id;
        }
        List<String> rows = new ArrayList<>();
        pages.forEach((key, page) ->
                rows.add("{\"key\":\"" + key + "\",\"clicks\":" + page[0] + ",\"last\":" + page[1] + "}"));
        return rows;
    }

    @Test
    void theTableHoldsTheLastRowOfEachKeyWhoeverDiesAndWhoeverRewritesFiles() throws Exception {
        HandOver a = new HandOver(running, counting("a"), "upsert-a");
        HandOver b = a.beside(counting("b"), "upsert-b");
        assertThat(a.send(CHUNK).askSpark()).contains("mergeKeys: no sink of Spark replaces rows by key");
        a.runTidemark();
        int chunks = 1;
        for (String killAt : List.of(
                "after:createExclusive:**/prepared/*",
                "before:createExclusive:**/_delta_log/*.json",
                "after:createExclusive:**/_delta_log/*.json")) {
            a.send(CHUNK).runTidemarkUntilKilled(killAt);
            b.send(CHUNK);
            b.runTidemarkWhile(b::optimize);
            a.runTidemarkWhile(a::optimize);
            chunks++;
        }
        a.send(CHUNK);
        b.send(CHUNK);
        b.runTidemarkWhile(a::runTidemark);

        List<String> model = new ArrayList<>(expected("a", (chunks + 1) * CHUNK));
        model.addAll(expected("b", chunks * CHUNK));
        Collections.sort(model);
        assertThat(a.rows()).isEqualTo(model);
        assertThat(a.check()).contains("replaces rows of its table by key (mergeKeys)");
    }
}
