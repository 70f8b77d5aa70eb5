package io.tidemark.connectors.delta;

import io.tidemark.api.connector.Sink;
import io.tidemark.api.vector.ColumnBatch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Time from the start of the JVM to the first commit, then of warm batches of 1,000 rows. Takes a new table's path. */
public final class BenchmarkDeltaSink {
    private static final int WARM = 300;
    private static final int ROWS = 1000;

    private BenchmarkDeltaSink() {}

    public static void main(String[] args) throws IOException {
        long started =
                ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
        SinkFixture fixture = new SinkFixture(Path.of(args[0]));
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(new Object[] {(long) i, "/page/" + i % 40});
        }
        ColumnBatch batch = SinkFixture.batch(fixture.schema, rows);
        say("ready", started);
        Sink sink = fixture.open();
        say("open", started);
        String token = SinkFixture.stage(sink, 0, 1, batch);
        say("staged", started);
        sink.commit(SinkFixture.request(0, 1, token));
        say("committed", started);
        List<Long> nanos = new ArrayList<>();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpu = 0;
        for (int i = 1; i <= WARM; i++) {
            long start = System.nanoTime();
            long cpuStart = threads.getCurrentThreadCpuTime();
            SinkFixture.run(sink, i, 1, batch);
            cpu += i > WARM / 3 ? threads.getCurrentThreadCpuTime() - cpuStart : 0;
            nanos.add(System.nanoTime() - start);
            sink.maintain();
        }
        List<Long> sorted = nanos.subList(WARM / 3, WARM).stream().sorted().toList();
        System.out.printf(
                "warm batch of %d rows: median %.1f ms, 90%% %.1f ms, most %.1f ms, cpu %.1f ms%n",
                ROWS,
                sorted.get(sorted.size() / 2) / 1e6,
                sorted.get(sorted.size() * 9 / 10) / 1e6,
                sorted.get(sorted.size() - 1) / 1e6,
                cpu / 1e6 / sorted.size());
        long start = System.nanoTime();
        Sink restarted = fixture.open();
        restarted.ledger();
        System.out.printf("reopen and ledger at version %d: %.1f ms%n", WARM, (System.nanoTime() - start) / 1e6);
    }

    private static void say(String what, long started) {
        System.out.printf("%s after %d ms%n", what, System.currentTimeMillis() - started);
    }
}
