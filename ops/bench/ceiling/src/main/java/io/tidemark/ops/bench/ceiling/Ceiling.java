package io.tidemark.ops.bench.ceiling;

import io.tidemark.ops.bench.job.EventParser;
import io.tidemark.ops.bench.job.JobOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * A workload without an engine: two threads with a consumer each, and nothing between them. Options of its own: {@code
 * --parser scan|jackson}, {@code --state rocksdb|map} for {@code users}, {@code --only read|parse} to leave the rest out.
 * Runs until it is stopped.
 */
public final class Ceiling {
    private static final int THREADS = 2;

    private Ceiling() {}

    public static void main(String[] arguments) throws IOException {
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        JobOptions options = new JobOptions(arguments);
        Ledger ledger = new Ledger(options.home().resolve("ledger"), options.partitions());
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread;
            int[] partitions = IntStream.range(0, options.partitions())
                    .filter(p -> p % THREADS == first)
                    .toArray();
            String only = options.option("--only", "");
            EventParser parser = only.equals("read") ? null : EventParser.of(options.option("--parser", "scan"));
            Work work = only.isEmpty() ? work(options, thread) : Work.NONE;
            Worker worker = new Worker(options, ledger, work, parser, partitions, THREADS);
            new Thread(() -> run(worker), "worker-" + thread).start();
        }
    }

    private static Work work(JobOptions options, int thread) throws IOException {
        Path home = options.home();
        return switch (options.query()) {
            case "pass-through" -> new ParquetWork(home.resolve("table"), thread);
            case "windows" -> new MapWork(true);
            case "users" ->
                options.option("--state", "rocksdb").equals("map")
                        ? new MapWork(false)
                        : new RocksWork(home.resolve("state-" + thread));
            default -> throw new IllegalArgumentException("Cannot run " + options.query() + ".");
        };
    }

    private static void run(Worker worker) {
        try {
            worker.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
