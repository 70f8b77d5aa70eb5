package io.tidemark.ops.drill.crash;

import io.tidemark.api.Dataset;
import io.tidemark.api.Row;
import io.tidemark.api.TidemarkSession;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.streaming.Trigger;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.ThreadInfo;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs a query once, as one life of a process would: from its start until there is nothing left to do. */
final class QueryLife {
    private static final long HANG_MILLIS = 5_000;

    private static final long START = 1_800_000_000_000L;
    private static final int HANGS_SHOWN = 40;

    private final Shape shape;
    private final StorageProvider storage;
    private final String checkpoint;
    private final String table;
    private final Path work;

    /** @param work an existing folder on local disk for working files of state */
    QueryLife(Shape shape, StorageProvider storage, String checkpoint, String table, Path work) {
        this.shape = shape;
        this.storage = storage;
        this.checkpoint = checkpoint;
        this.table = table;
        this.work = work;
    }

    /**
     * How a run ended.
     *
     * @param failure what it ended with, or null
     * @param millis it took, on the machine's clock
     * @param hang the stacks of all threads if it took too long, else null
     */
    record End(@Nullable Throwable failure, long millis, @Nullable String hang) {}

    /** Runs the query over what the log holds. */
    End run(KafkaLog log, boolean evolved) throws InterruptedException {
        long started = System.nanoTime();
        @Nullable Throwable failure = null;
        @Nullable String hang = null;
        TidemarkSession session = session();
        try {
            Dataset<Row> kafka = session.readStream()
                    .format(KafkaLogProvider.FORMAT)
                    .option(KafkaLogProvider.LOG, log.id())
                    .load();
            StreamingQuery query = shape.query(kafka, evolved)
                    .writeStream()
                    .format("delta")
                    .outputMode("append")
                    .option("checkpointLocation", checkpoint)
                    .option("delta.checkpointInterval", "3")
                    .trigger(Trigger.AvailableNow())
                    .start(table);
            if (!query.awaitTermination(hangMillis())) {
                hang = stacks();
                query.stop();
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        return new End(failure, (System.nanoTime() - started) / 1_000_000, hang);
    }

    private TidemarkSession session() {
        return TidemarkSession.builder()
                .storages(storage)
                .time(new VirtualTime(START))
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.streaming.minBatchesToRetain", 2)
                .config("spark.sql.streaming.stateStore.minDeltasForSnapshot", 2)
                .config(
                        "spark.sql.streaming.stateStore.providerClass",
                        "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider")
                .config("spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled", true)
                .config("tidemark.task.threads", 1)
                .config("tidemark.maintenance.background", false)
                .config("tidemark.state.memory", "16m")
                .config("tidemark.state.localDir", work.toString())
                .config("spark.local.dir", work.toString())
                .getOrCreate();
    }

    /** Returns after how long a run counts as hung: five seconds, and more where others want the machine's cores too. */
    static long hangMillis() {
        OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
        return (long) (HANG_MILLIS * Math.max(1, machine.getSystemLoadAverage() / machine.getAvailableProcessors()));
    }

    private static String stacks() {
        return Stream.of(ManagementFactory.getThreadMXBean().dumpAllThreads(true, true, HANGS_SHOWN))
                .map(ThreadInfo::toString)
                .collect(Collectors.joining("\n"));
    }
}
