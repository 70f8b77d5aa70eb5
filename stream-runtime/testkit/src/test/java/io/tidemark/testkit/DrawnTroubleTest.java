package io.tidemark.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.error.TidemarkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Arrivals, crashes, errors and lost replies drawn from a seed; the table must end as if nothing had happened. */
class DrawnTroubleTest {
    private static final int STARTS = 12;
    private static final int OPERATIONS_OF_A_START = 45;

    @TempDir
    Path directory;

    @ParameterizedTest
    @Seeds(25)
    void whateverIsDrawnTheTableEndsAsIfNothingHadHappened(long seed) throws Exception {
        Random random = new Random(seed);
        QueryHarness world = new QueryHarness(directory, "id BIGINT, page STRING", in -> in.where("id % 7 <> 2"));
        List<String> expected = new ArrayList<>();
        List<String> history = new ArrayList<>();
        long nextId = 0;
        for (int start = 0; start < STARTS; start++) {
            for (int steps = random.nextInt(3); steps > 0; steps--) {
                nextId = add(world, nextId, 1 + random.nextInt(5), expected);
            }
            FaultyStorage.Fault fault =
                    FaultyStorage.Fault.values()[random.nextInt(FaultyStorage.Fault.values().length)];
            int operation = random.nextInt(OPERATIONS_OF_A_START);
            world.faults.hit(operation, fault);
            history.add(fault + " at " + operation + " with " + nextId + " rows");
            try {
                world.runAvailable();
            } catch (SimulatedCrash | TidemarkException e) {
                history.add("ended with " + e.getMessage());
            }
            world.faults.revive();
        }
        add(world, nextId, 3, expected);
        world.runAvailable();
        assertThat(world.rows()).as("seed %d: %s", seed, history).containsExactlyElementsOf(expected);
        try (Stream<Path> commits = Files.list(Path.of(world.checkpoint(), "commits"))) {
            assertThat(commits.map(f -> Long.parseLong(f.getFileName().toString()))
                            .sorted())
                    .as("seed %d: %s", seed, history)
                    .containsExactlyElementsOf(world.batches().keySet());
        }
    }

    private static long add(QueryHarness world, long firstId, int rows, List<String> expected) {
        List<io.tidemark.api.Row> step = new ArrayList<>();
        for (long id = firstId; id < firstId + rows; id++) {
            step.add(world.input.row(id, "p" + id));
            if (id % 7 != 2) {
                expected.add("[" + id + ",p" + id + "]");
            }
        }
        world.input.add(step);
        return firstId + rows;
    }
}
