package io.tidemark.state.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.state.StateStoreProviders;
import io.tidemark.state.StateStores;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.StateStoresContract;
import io.tidemark.state.StateVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MemoryStateStoresTest extends StateStoresContract {
    @Override
    protected StateStores provider(StateStoresContext context) {
        context.conf().put("spark.sql.streaming.stateStore.providerClass", MemoryStateStores.PROVIDER_CLASS);
        return StateStoreProviders.open(context);
    }

    @Test
    void aDamagedSnapshotIsReplacedByAnOlderOneAndTheDeltasBehindIt() throws IOException {
        for (int version = 0; version < 10; version++) {
            write(version, "k" + version, version);
            stores.maintain(version + 1, 100, () -> {});
        }
        var whole = read(10);
        assertThat(files())
                .contains("state/0/3/4.snapshot", "state/0/3/8.snapshot")
                .hasSize(2 * 10 + 2 * 2);
        Path snapshot = root.resolve("state/0/3/8.snapshot");
        byte[] content = Files.readAllBytes(snapshot);
        content[content.length / 2] ^= 1;
        Files.write(snapshot, content);
        restart();
        assertThat(read(10)).isEqualTo(whole);

        Files.delete(root.resolve("state/0/3/6.delta"));
        restart();
        assertThatThrownBy(() -> read(10))
                .hasMessageContaining("'state/0/3/8.snapshot'")
                .hasMessageContaining("does not match its checksum file");
    }

    @Test
    void aBatchIsNotSnapshotWhileALaterOneIsBeingMade() throws IOException {
        for (int version = 0; version < 6; version++) {
            write(version, "k" + version, version);
        }
        try (var store = stores.open(plain(), ID, new StateVersion(6), "6/a")) {
            store.put(key("later", 0), value(1));
            stores.maintain(6, 100, () -> {});
            finish(store.commit());
        }
        restart();
        assertThat(files()).contains("state/0/3/6.snapshot");
        assertThat(read(6)).hasSize(6);
        assertThat(read(7)).hasSize(7).containsKey("later 0");
    }

    @Test
    void versionsWithAnIdAreRefused() {
        assertThatThrownBy(() -> stores.open(plain(), ID, new StateVersion(1, "ab"), "1/a"))
                .hasMessageContaining("by its unique id");
    }
}
