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

/** Clicks, queries, crashes, errors and lost replies drawn from a seed; nothing may tell that the query ever died. */
class StatefulTroubleTest {
    private static final List<UnaryOperator<Dataset<Row>>> QUERIES = List.of(
            StatefulWorld.COUNTS, StatefulWorld.FIRST_SEEN, StatefulWorld.WINDOWS_OF_WINDOWS, StatefulWorld.SESSIONS);
    private static final int STARTS = 6;

    @TempDir
    Path directory;

    @ParameterizedTest
    @Seeds(6)
    void whateverIsDrawnTableAndStateEndAsIfNothingHadHappened(long seed) throws Exception {
        Random random = new Random(seed);
        UnaryOperator<Dataset<Row>> query = QUERIES.get(random.nextInt(QUERIES.size()));
        List<List<StatefulWorld.Click>> steps = steps(random);
        StatefulWorld undisturbed = new StatefulWorld(directory.resolve("undisturbed"), query, steps);
        undisturbed.runToTheEnd();
        int operations = undisturbed.query.faults.operations().size();

        StatefulWorld world = new StatefulWorld(directory.resolve("troubled"), query, steps);
        world.query.conf("tidemark.task.threads", Integer.toString(1 + random.nextInt(3)));
        world.query.conf("tidemark.shuffle.memory", Integer.toString(1 + random.nextInt(2000)));
        world.query.conf(
                "spark.sql.streaming.stateStore.minDeltasForSnapshot", Integer.toString(1 + random.nextInt(5)));
        List<String> history = new ArrayList<>();
        for (int start = 0; start < STARTS; start++) {
            FaultyStorage.Fault fault =
                    FaultyStorage.Fault.values()[random.nextInt(FaultyStorage.Fault.values().length)];
            int operation = random.nextInt(operations * 2 / 3);
            world.query.faults.hit(operation, fault);
            history.add(fault + " at " + operation + (world.runUntilItFails() ? " ended it" : ""));
            world.query.faults.revive();
        }
        world.runToTheEnd();
        assertThat(world.differencesTo(undisturbed))
                .as("seed %d: %s", seed, history)
                .isEmpty();
        assertThat(undisturbed.query.rows()).isNotEmpty();
    }

    /** Clicks of three pages whose time goes on by up to some seconds a step, and now and then back. */
    private static List<List<StatefulWorld.Click>> steps(Random random) {
        List<List<StatefulWorld.Click>> steps = new ArrayList<>();
        long second = 10;
        int id = 0;
        for (int step = 0; step < 5; step++) {
            List<StatefulWorld.Click> clicks = new ArrayList<>();
            for (int n = 1 + random.nextInt(6); n > 0; n--) {
                second += random.nextInt(5);
                long at = random.nextInt(4) == 0 ? Math.max(0, second - random.nextInt(25)) : second;
                clicks.add(new StatefulWorld.Click(id++, at, "/" + (char) ('a' + random.nextInt(3))));
            }
            steps.add(clicks);
            second += random.nextInt(20);
        }
        return steps;
    }
}
