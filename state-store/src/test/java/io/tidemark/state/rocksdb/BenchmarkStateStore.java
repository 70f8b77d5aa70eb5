package io.tidemark.state.rocksdb;

import io.tidemark.api.TimeSource;
import io.tidemark.api.types.DataTypes;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.state.Rows;
import io.tidemark.state.StagedState;
import io.tidemark.state.StateHost;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.StateVersion;
import io.tidemark.state.codec.RowBlock;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * One look-up and one write for each key of each batch, with the changelog made durable: {@code BenchmarkStateStore FOLDER
 * [keys] [keys a batch] [batches]}. Run by hand; prints thousands of keys a second by the clock and by CPU time, and what a
 * restart costs.
 */
final class BenchmarkStateStore {
    private static final StateStoreSpec SPEC = new StateStoreSpec(
            StructType.of(
                    new StructField("id", DataTypes.LongType), new StructField("window", DataTypes.TimestampType)),
            StructType.of(new StructField("count", DataTypes.LongType), new StructField("sum", DataTypes.LongType)));
    private static final StateStoreId ID = new StateStoreId(0, 0);

    private BenchmarkStateStore() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(args[0]), "benchmark");
        int keys = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
        int batch = args.length > 2 ? Integer.parseInt(args[2]) : 250_000;
        int batches = args.length > 3 ? Integer.parseInt(args[3]) : 20;
        Random random = new Random(1);
        try (StateHost host = new StateHost(RocksDbStateStores::new, LocalStorage.create(), folder)) {
            host.with("spark.sql.shuffle.partitions", "2")
                    .with("spark.sql.streaming.stateStore.minDeltasForSnapshot", "10");
            for (long version = 0; version < batches; version++) {
                RowBlock.Builder keyRows = new RowBlock.Builder(batch, batch * 24);
                RowBlock.Builder valueRows = new RowBlock.Builder(batch, batch * 24);
                for (int i = 0; i < batch; i++) {
                    long key = random.nextInt(keys);
                    keyRows.add(Rows.row(key * 0x9e3779b97f4a7c15L, key % 100 * 300_000_000L));
                    valueRows.add(Rows.row(version, random.nextInt(10_000)));
                }
                run(host, version, keyRows.build(), valueRows.build());
                if (version % 5 == 4) {
                    host.stores().maintain(version + 1, 100, () -> {});
                }
            }
            host.restart();
            long wall = TimeSource.system().nanoTime();
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            try (StateStore store = host.open(SPEC, ID, batches)) {
                print("restart with %d keys", store.size(), store.size(), wall, cpu);
            }
        }
    }

    private static void run(StateHost host, long version, RowBlock keys, RowBlock values) {
        long wall = TimeSource.system().nanoTime();
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        StagedState state;
        try (StateStore store = host.open(SPEC, ID, new StateVersion(version))) {
            store.multiGet(keys);
            store.putAll(keys, values);
            state = store.commit();
        }
        print("batch %d", version, keys.count(), wall, cpu);
        host.name(state);
        host.stores().committed(List.of(state));
    }

    private static void print(String what, long number, long keys, long wall, long cpu) {
        long wallNanos = TimeSource.system().nanoTime() - wall;
        long cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
        System.out.printf(
                Locale.ROOT,
                what + ": %d k/s by the clock, %d k/s by CPU time%n",
                number,
                keys * 1_000_000 / Math.max(1, wallNanos),
                keys * 1_000_000 / Math.max(1, cpuNanos));
    }
}
