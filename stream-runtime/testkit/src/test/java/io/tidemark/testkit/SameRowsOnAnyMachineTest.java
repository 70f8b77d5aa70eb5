package io.tidemark.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.Dataset;
import io.tidemark.api.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many threads there are, where shuffled rows lie and which task runs twice must not be seen in the table. */
class SameRowsOnAnyMachineTest {
    private static final List<UnaryOperator<Dataset<Row>>> QUERIES = List.of(
            StatefulWorld.COUNTS,
            sql("SELECT DISTINCT page, time, id % 5 AS five FROM clicks"),
            sql("SELECT window(outer_time, '30 seconds').start AS start, count(*) AS pages, sum(n) AS n FROM ("
                    + "SELECT window_time(window) AS outer_time, page, n FROM (SELECT window, page, count(*) AS n FROM clicks"
                    + " GROUP BY window(time, '10 seconds'), page)) GROUP BY window(outer_time, '30 seconds')"),
            sql("SELECT session_window.start AS start, page, count(*) AS n FROM clicks"
                    + " GROUP BY session_window(time, '4 seconds'), page"));

    @TempDir
    Path directory;

    private static UnaryOperator<Dataset<Row>> sql(String text) {
        return clicks -> {
            clicks.withWatermark("time", "5 seconds").createOrReplaceTempView("clicks");
            return clicks.session().sql(text);
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aBusyOrSmallMachineGivesTheRowsOfACalmOne(int which) throws Exception {
        Random random = new Random(which);
        UnaryOperator<Dataset<Row>> query = QUERIES.get(which);
        List<List<StatefulWorld.Click>> steps = new ArrayList<>();
        long id = 0;
        for (int step = 0; step < 2; step++) {
            List<StatefulWorld.Click> clicks = new ArrayList<>();
            for (int i = 20 + random.nextInt(60); i > 0; i--) {
                clicks.add(new StatefulWorld.Click(id++, 20L * step + random.nextInt(30), "/" + random.nextInt(6)));
            }
            steps.add(clicks);
        }
        steps.add(List.of(new StatefulWorld.Click(id, 500, "/last")));

        StatefulWorld calm = new StatefulWorld(directory.resolve("calm"), query, steps);
        calm.runToTheEnd();
        StatefulWorld busy = new StatefulWorld(directory.resolve("busy"), query, steps);
        Path local = directory.resolve("busy-local");
        busy.query
                .conf("tidemark.task.threads", Integer.toString(2 + random.nextInt(3)))
                .conf("tidemark.shuffle.memory", random.nextBoolean() ? "0" : "100")
                .conf("spark.local.dir", local.toString())
                .conf("spark.speculation", "true")
                .conf("spark.speculation.interval", "1ms")
                .conf("spark.speculation.multiplier", "1")
                .conf("spark.speculation.quantile", "0.1")
                .conf("spark.speculation.minTaskRuntime", "0");
        busy.runToTheEnd();

        assertThat(busy.outcome()).isEqualTo(calm.outcome());
        assertThat(calm.query.rows()).hasSizeGreaterThan(1);
        assertThat(local).isEmptyDirectory();
    }
}
