package io.tidemark.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.Dataset;
import io.tidemark.api.Row;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.functions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Counts the writing operations of a run of three batches, then lets the process die (or be lied to) at each of them in
 * turn, starts it again, and looks at the table: every row once, whatever happened.
 */
class CrashAtEveryOperationTest {
    private static final int BATCHES = 3;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(FaultyStorage.Fault.class)
    void whateverHappensAtAnyOperationEveryRowArrivesOnce(FaultyStorage.Fault fault) throws Exception {
        List<String> expected = new ArrayList<>();
        int operations = runToTheEnd(world("undisturbed"), expected);
        assertThat(operations).as("writing operations of an undisturbed run").isGreaterThan(BATCHES * 5);

        for (int operation = 0; operation < operations; operation++) {
            QueryHarness world = world(fault + "-" + operation);
            world.faults.hit(operation, fault);
            boolean failed = feedAndRun(world);
            assertThat(world.faults.wasHit() || failed)
                    .as("operation %d was reached", operation)
                    .isTrue();
            world.faults.revive();
            feedRest(world);
            world.runAvailable();
            String where = fault + " at operation " + operation;
            assertThat(world.rows()).as(where).containsExactlyElementsOf(expected);
            assertThatLogsAreDense(world, where);
        }
    }

    @Test
    void aSecondCrashDuringRecoveryChangesNothing() throws Exception {
        List<String> expected = new ArrayList<>();
        int operations = runToTheEnd(world("undisturbed"), expected);
        int stride = Boolean.getBoolean("tidemark.full") ? 1 : 5;
        for (int first = 0; first < operations; first += stride) {
            for (int second = 0; second < 12; second += Math.min(stride, 2)) {
                QueryHarness world = world("twice-" + first + "-" + second);
                world.faults.hit(first, FaultyStorage.Fault.CRASH_AFTER);
                feedAndRun(world);
                world.faults.revive();
                world.faults.hit(second, FaultyStorage.Fault.CRASH_BEFORE);
                feedAndRun(world);
                world.faults.revive();
                feedRest(world);
                world.runAvailable();
                assertThat(world.rows())
                        .as("crash after operation %d, then before operation %d of the recovery", first, second)
                        .containsExactlyElementsOf(expected);
            }
        }
    }

    private QueryHarness world(String name) throws Exception {
        Path home = Files.createDirectories(directory.resolve(name));
        return new QueryHarness(home, "id BIGINT, page STRING", (Dataset<Row> in) -> in.where("id % 10 <> 3")
                .select(functions.col("id"), functions.col("page")));
    }

    private static int runToTheEnd(QueryHarness world, List<String> rows) throws Exception {
        for (int batch = 0; batch < BATCHES; batch++) {
            add(world, batch);
            world.runAvailable();
        }
        rows.addAll(world.rows());
        return world.faults.operations().size();
    }

    private static void add(QueryHarness world, int batch) {
        world.input.add(LongStream.range(batch * 20L, batch * 20L + 20)
                .mapToObj(id -> world.input.row(id, "page-" + id))
                .toList());
    }

    /** Feeds batch by batch, as an undisturbed run does, until the first failure. */
    private static boolean feedAndRun(QueryHarness world) throws Exception {
        do {
            if (fed(world) < BATCHES) {
                add(world, fed(world));
            }
            try {
                world.runAvailable();
            } catch (SimulatedCrash | TidemarkException e) {
                return true;
            }
        } while (fed(world) < BATCHES);
        return false;
    }

    private static void feedRest(QueryHarness world) {
        for (int batch = fed(world); batch < BATCHES; batch++) {
            add(world, batch);
        }
    }

    private static int fed(QueryHarness world) {
        return Math.toIntExact(world.input.newestOffset() + 1);
    }

    private static void assertThatLogsAreDense(QueryHarness world, String where) throws Exception {
        List<Long> offsets = ids(Path.of(world.checkpoint(), "offsets"));
        assertThat(offsets)
                .as("offsets, %s", where)
                .isEqualTo(LongStream.range(0, offsets.size()).boxed().toList());
        assertThat(ids(Path.of(world.checkpoint(), "commits")))
                .as("commits, %s", where)
                .isEqualTo(offsets);
        assertThat(world.batches().keySet()).as("table, %s", where).containsExactlyElementsOf(offsets);
    }

    private static List<Long> ids(Path log) throws Exception {
        try (Stream<Path> files = Files.list(log)) {
            return files.map(f -> f.getFileName().toString())
                    .map(Long::parseLong)
                    .sorted()
                    .toList();
        }
    }
}
