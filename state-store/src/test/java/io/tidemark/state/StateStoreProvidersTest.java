package io.tidemark.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.state.memory.MemoryStateStores;
import io.tidemark.state.rocksdb.RocksDbStateStores;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateStoreProvidersTest {
    private static final String SPARK = "org.apache.spark.sql.execution.streaming.state.";

    @TempDir
    Path root;

    @Test
    void theProviderIsTheOneThatSparksClassNameMeans() {
        try (StateStores memory = open(SPARK + "HDFSBackedStateStoreProvider");
                StateStores rocks = open(SPARK + "RocksDBStateStoreProvider")) {
            assertThat(memory).isInstanceOf(MemoryStateStores.class);
            assertThat(rocks).isInstanceOf(RocksDbStateStores.class);
        }
        assertThatThrownBy(() -> open("com.example.Mine"))
                .hasMessageContaining("spark.sql.streaming.stateStore.providerClass=com.example.Mine")
                .extracting(e -> ((TidemarkException) e).code())
                .isEqualTo(ErrorCode.STATE_FORMAT_UNSUPPORTED);
    }

    private StateStores open(String provider) {
        TreeMap<String, String> conf = new TreeMap<>();
        conf.put("spark.sql.streaming.stateStore.providerClass", provider);
        return StateStoreProviders.open(
                new StateStoresContext(LocalStorage.create(), root.toString(), root.resolve("local"), conf));
    }
}
