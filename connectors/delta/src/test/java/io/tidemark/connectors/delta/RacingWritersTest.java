package io.tidemark.connectors.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.connector.Sink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RacingWritersTest {
    private static final int BATCHES = 15;

    @TempDir
    Path folder;

    private static UUID query(int number) {
        return new UUID(0x8a04ab3000004000L, 0x8000000000000000L + number);
    }

    /** Commits batches 0 to {@link #BATCHES} - 1 of query {@code number}, a row each. */
    private static void write(Path table, int number) throws IOException {
        SinkFixture fixture = new SinkFixture(table);
        fixture.queryId = query(number);
        Sink sink = fixture.open();
        for (int batch = 0; batch < BATCHES; batch++) {
            SinkFixture.run(sink, batch, 1, fixture.batch(new Object[] {number * 1000L + batch, "/p"}));
            sink.maintain();
        }
    }

    /** The child process: table path, number. */
    public static void main(String[] args) throws IOException {
        write(Path.of(args[0]), Integer.parseInt(args[1]));
    }

    private void assertEveryRowIsThereOnce(Path table, int writers) {
        List<Long> expected = new ArrayList<>();
        for (int number = 0; number < writers; number++) {
            for (int batch = 0; batch < BATCHES; batch++) {
                expected.add(number * 1000L + batch);
            }
        }
        assertThat(DuckDb.table(table, "id").stream()
                        .map(r -> Long.parseLong(r.get(0)))
                        .toList())
                .containsExactlyInAnyOrderElementsOf(expected);
        DeltaLog log = new DeltaLog(table);
        assertThat(log.commits()).hasSize(writers * BATCHES);
        for (int number = 0; number < writers; number++) {
            assertThat(log.transactions(query(number).toString()))
                    .hasSize(BATCHES)
                    .isSorted();
        }
    }

    @Test
    void queriesInOneProcessShareATable() throws Exception {
        Path table = folder.resolve("table");
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int number = 0; number < 4; number++) {
                int mine = number;
                writers.add(() -> {
                    write(table, mine);
                    return null;
                });
            }
            for (Future<Void> done : pool.invokeAll(writers)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertEveryRowIsThereOnce(table, 4);
    }

    @Test
    void queriesInTwoProcessesShareATable() throws Exception {
        Path table = folder.resolve("table");
        List<Process> processes = new ArrayList<>();
        for (int number = 0; number < 2; number++) {
            processes.add(new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-cp",
                            System.getProperty("java.class.path"),
                            RacingWritersTest.class.getName(),
                            table.toString(),
                            Integer.toString(number))
                    .inheritIO()
                    .start());
        }
        for (Process process : processes) {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
        assertEveryRowIsThereOnce(table, 2);
    }

    @Test
    void twoOwnersOfOneQueryThatCommitTheSameBatchesLandEachOnce() throws Exception {
        Path table = folder.resolve("table");
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                writers.add(() -> {
                    write(table, 0);
                    return null;
                });
            }
            for (Future<Void> done : pool.invokeAll(writers)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertEveryRowIsThereOnce(table, 1);
    }
}
