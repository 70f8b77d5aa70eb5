package io.tidemark.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.runtime.task.StageWorld.Ran;
import io.tidemark.state.StagedState;
import io.tidemark.state.StateIterator;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreProviders;
import io.tidemark.state.StateStores;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.StateVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Stages over the real stores: what tasks do when they fail, hang or lose their rows must be right for these. */
class StageStateTest {
    private static final String SPARK = "org.apache.spark.sql.execution.streaming.state.";
    private static final Speculation EAGER = new Speculation(true, Duration.ofMillis(1), 1, 0.5, Duration.ofMillis(1));
    private static final int BATCHES = 4;

    @TempDir
    Path folder;

    private final LocalStorage storage = LocalStorage.create();

    static Stream<Arguments> providersAndSeeds() {
        return Stream.of("RocksDBStateStoreProvider", "HDFSBackedStateStoreProvider")
                .flatMap(provider -> IntStream.range(0, 8).mapToObj(seed -> Arguments.of(provider, seed)));
    }

    @ParameterizedTest
    @MethodSource("providersAndSeeds")
    void whateverFailsTheVersionsAreThoseOfACalmRun(String provider, int seed) throws Exception {
        Random random = new Random(seed);
        int partitions = 1 + random.nextInt(3);
        List<String> calm = new ArrayList<>();
        try (StageWorld world = new StageWorld(folder, 1L << 30, 1, partitions, Speculation.OFF)) {
            for (long batch = 0; batch < BATCHES; batch++) {
                world.source.draw(new Random(batch), 3, 40);
                Ran ran = world.run(batch);
                world.stores.committed(ran.states());
                calm.addAll(ran.rows());
                calm.add(world.stores.dump(0, batch + 1) + world.stores.dump(1, batch + 1));
            }
        }
        assertThat(troubled(provider, partitions, random)).isEqualTo(calm);
    }

    private List<String> troubled(String provider, int partitions, Random random) throws Exception {
        List<String> history = new ArrayList<>();
        int process = 0;
        StateStores stores = open(provider, process);
        for (long batch = 0; batch < BATCHES; batch++) {
            Speculation speculation = random.nextBoolean() ? EAGER : Speculation.OFF;
            try (StageWorld world = new StageWorld(
                    stores, folder.resolve("spills"), 0, 1 + random.nextInt(3), partitions, speculation)) {
                world.source.draw(new Random(batch), 3, 40);
                world.trouble(Faults.drawn(world, random.nextLong(), partitions, 3));
                Ran ran = world.run(batch);
                history.addAll(ran.rows());
                for (StagedState state : ran.states()) {
                    for (StagedState.File file : state.files()) {
                        storage.link(root() + "/" + file.staged(), root() + "/" + file.target());
                    }
                }
                stores.committed(ran.states());
            }
            if (random.nextBoolean()) {
                stores.close();
                stores = open(provider, ++process);
            }
            history.add(dump(stores, 0, partitions, batch + 1) + dump(stores, 1, partitions, batch + 1));
        }
        stores.close();
        return history;
    }

    private String root() {
        return storage.qualify(folder.resolve("checkpoint").toString());
    }

    private StateStores open(String provider, int process) {
        TreeMap<String, String> conf = new TreeMap<>();
        conf.put("spark.sql.streaming.stateStore.providerClass", SPARK + provider);
        conf.put("spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled", "true");
        return StateStoreProviders.open(
                new StateStoresContext(storage, root(), folder.resolve("local-" + process), conf));
    }

    private static String dump(StateStores stores, long operator, int partitions, long version) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int p = 0; p < partitions; p++) {
            StateStoreId id = new StateStoreId(operator, p);
            TreeMap<Long, Long> entries = new TreeMap<>();
            try (StateStore store = stores.open(
                            StageWorld.LONGS, id, new StateVersion(version), version + "/look-" + operator + "-" + p);
                    StateIterator all = store.iterator()) {
                while (all.next()) {
                    entries.put(StageWorld.value(all.key()), StageWorld.value(all.value()));
                }
            }
            entries.forEach((key, value) -> text.append(id + "/" + version + " " + key + "=" + value + "\n"));
        }
        return text.toString();
    }
}
