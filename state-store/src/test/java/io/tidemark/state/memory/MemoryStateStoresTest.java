package io.tidemark.state.memory;

import static io.tidemark.state.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStores;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.StateStoresContract;
import io.tidemark.state.StateVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** The provider that keeps state in memory keeps what every provider promises, but for scans by range. */
class MemoryStateStoresTest extends StateStoresContract {
    @Override
    protected StateStores stores(StateStoresContext context) {
        return new MemoryStateStores(context);
    }

    @Test
    @Override
    protected void rangeScansGoByTheOrderOfNumbers() {
        assertThatThrownBy(() -> host.open(TIMERS, ID, 0))
                .hasMessageContaining("its keys are scanned by range, which only the RocksDB provider does")
                .extracting(e -> ((TidemarkException) e).code())
                .isEqualTo(ErrorCode.STATE_FORMAT_UNSUPPORTED);
    }

    @Test
    void aDamagedSnapshotIsReplacedByAnOlderOneAndTheDeltasBehindIt() throws IOException {
        for (long version = 0; version < 10; version++) {
            long key = version;
            host.batch(COUNTS, ID, version, store -> store.put(row(key), row(key)));
            host.stores().maintain(version + 1, 100, () -> {});
        }
        SortedMap<Long, Long> whole = host.content(COUNTS, ID, new StateVersion(10));
        assertThat(whole).hasSize(10);
        assertThat(files(".*\\.snapshot")).hasSize(2);
        Path snapshot = files(".*\\.snapshot").get(1);
        byte[] content = Files.readAllBytes(snapshot);
        content[content.length / 2] ^= 1;
        Files.write(snapshot, content);
        host.restart();
        assertThat(host.content(COUNTS, ID, new StateVersion(10))).isEqualTo(whole);

        Files.delete(files("6\\.delta").get(0));
        host.restart();
        assertThatThrownBy(() -> host.content(COUNTS, ID, new StateVersion(10)))
                .hasMessageContaining("'" + ID + "/" + snapshot.getFileName() + "'")
                .hasMessageContaining("does not match its checksum file");
    }

    @Test
    void aSnapshotHoldsNothingOfTheBatchThatIsBeingMade() throws IOException {
        for (long version = 0; version < 12; version++) {
            long key = version;
            host.batch(COUNTS, ID, version, store -> store.put(row(key), row(key)));
        }
        try (StateStore store = host.open(COUNTS, ID, 12)) {
            store.put(row(99), row(1));
            host.stores().maintain(12, 100, () -> {});
            var staged = store.commit();
            host.name(staged);
            host.stores().committed(java.util.List.of(staged));
        }
        assertThat(files("12\\.snapshot")).hasSize(1);
        host.restart();
        assertThat(host.content(COUNTS, ID, new StateVersion(12))).hasSize(12).doesNotContainKey(99L);
        assertThat(host.content(COUNTS, ID, new StateVersion(13))).hasSize(13).containsKey(99L);
    }

    @Test
    void filesThatChangedPlacesWithTheirChecksumsAreFoundOut() throws IOException {
        history(3);
        host.stores().maintain(3, 100, () -> {});
        Path two = files("2\\.delta").get(0);
        for (String suffix : new String[] {"", ".crc"}) {
            Path from = two.resolveSibling("2.delta" + suffix);
            Path to = two.resolveSibling("3.delta" + suffix);
            Path aside = two.resolveSibling("aside");
            Files.move(from, aside);
            Files.move(to, from);
            Files.move(aside, to);
        }
        host.restart();
        assertThatThrownBy(() -> host.content(COUNTS, ID, new StateVersion(3)))
                .hasMessageContaining("it is '" + ID + "/3.delta' in another place");
    }

    @Test
    void versionsWithAnIdAreRefused() {
        assertThatThrownBy(() -> host.stores().open(COUNTS, ID, new StateVersion(1, "ab"), "1/a"))
                .hasMessageContaining("by its unique id");
    }
}
