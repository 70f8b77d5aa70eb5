package io.tidemark.state.rocksdb;

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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a batch of 100,000 keys costs a store of a million, nanoseconds a key: the look-ups alone, and look-ups and writes
 * with a changelog that is made durable. Files go to the folder for temporary ones ({@code java.io.tmpdir}).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class StateStoreBenchmark {
    private static final int KEYS = 1_000_000;
    private static final int BATCH = 100_000;
    private static final int BATCHES = KEYS / BATCH;
    private static final StateStoreSpec SPEC = new StateStoreSpec(
            StructType.of(
                    new StructField("id", DataTypes.LongType), new StructField("window", DataTypes.TimestampType)),
            StructType.of(new StructField("count", DataTypes.LongType), new StructField("sum", DataTypes.LongType)));
    private static final StateStoreId ID = new StateStoreId(0, 0);

    private final Random random = new Random(1);
    private Path folder = Path.of("");
    private StateHost host;
    private RowBlock keys = RowBlock.EMPTY;
    private RowBlock values = RowBlock.EMPTY;
    private long version;

    @Setup
    public void fill() throws IOException {
        folder = Files.createTempDirectory("benchmark");
        host = new StateHost(RocksDbStateStores::new, LocalStorage.create(), folder)
                .with("spark.sql.shuffle.partitions", "2")
                .with("spark.sql.streaming.stateStore.minDeltasForSnapshot", "10");
        for (int i = 0; i < BATCHES; i++) {
            int first = i * BATCH;
            draw(n -> first + n);
            getAndPut();
        }
        draw(n -> random.nextInt(KEYS));
    }

    private void draw(IntUnaryOperator number) {
        RowBlock.Builder keyRows = new RowBlock.Builder(BATCH, BATCH * 24);
        RowBlock.Builder valueRows = new RowBlock.Builder(BATCH, BATCH * 24);
        for (int i = 0; i < BATCH; i++) {
            long key = number.applyAsInt(i);
            keyRows.add(Rows.row(key * 0x9e3779b97f4a7c15L, key % 100 * 300_000_000L));
            valueRows.add(Rows.row(i, random.nextInt(10_000)));
        }
        keys = keyRows.build();
        values = valueRows.build();
    }

    @TearDown
    public void remove() throws IOException {
        host.close();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public RowBlock get() {
        try (StateStore store = host.open(SPEC, ID, new StateVersion(version))) {
            return store.multiGet(keys);
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public StagedState getAndPut() {
        StagedState state;
        try (StateStore store = host.open(SPEC, ID, new StateVersion(version))) {
            store.multiGet(keys);
            store.putAll(keys, values);
            state = store.commit();
        }
        host.name(state);
        host.stores().committed(List.of(state));
        version++;
        if (version % 5 == 0) {
            host.stores().maintain(version, 100, () -> {});
        }
        return state;
    }
}
