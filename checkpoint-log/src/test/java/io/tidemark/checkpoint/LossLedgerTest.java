package io.tidemark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.LostRange;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.LossRecord;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.checkpoint.storage.ObservedStorage;
import io.tidemark.checkpoint.storage.StorageObserver;
import io.tidemark.checkpoint.storage.StorageOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossLedgerTest {
    private static final int RECORDS = LossLedger.SINGLES_KEPT + 4;

    @TempDir
    Path root;

    @Test
    void manyRecordsBecomeOneFileAndStayTheSameRecords() throws IOException {
        List<LossRecord> records = record(ledger(LocalStorage.create()), 0, RECORDS);
        LossLedger ledger = ledger(LocalStorage.create());
        ledger.compact(RECORDS - 2);
        assertThat(names()).containsExactlyInAnyOrder("0-" + (RECORDS - 2), Integer.toString(RECORDS - 1));
        assertThat(ledger.read()).isEqualTo(records);
        records.addAll(record(ledger, RECORDS, RECORDS));
        ledger.compact(2 * RECORDS);
        assertThat(names()).containsExactly("0-" + (2 * RECORDS - 1));
        assertThat(ledger(LocalStorage.create()).read()).isEqualTo(records);
    }

    @Test
    void fewRecordsStayWhereTheyAre() throws IOException {
        LossLedger ledger = ledger(LocalStorage.create());
        record(ledger, 0, LossLedger.SINGLES_KEPT);
        ledger.compact(1_000);
        assertThat(names()).hasSize(LossLedger.SINGLES_KEPT);
    }

    @Test
    void aCompactionThatIsCutShortAnywhereLosesAndDoublesNothing() throws IOException {
        for (boolean after : List.of(false, true)) {
            for (int step = 0; ; step++) {
                Files.createDirectories(root.resolve("x"));
                try (Stream<Path> old = Files.walk(root)) {
                    for (Path file : old.filter(Files::isRegularFile).toList()) {
                        Files.delete(file);
                    }
                }
                List<LossRecord> records = record(ledger(LocalStorage.create()), 0, RECORDS);
                ledger(LocalStorage.create()).compact(RECORDS);
                records.addAll(record(ledger(LocalStorage.create()), RECORDS, RECORDS));
                Crash crash = new Crash(step, after);
                LossLedger dying = ledger(new ObservedStorage(LocalStorage.create(), crash));
                if (!crash.happens(() -> dying.compact(2 * RECORDS))) {
                    assertThat(step).as("operations of a compaction").isEqualTo(RECORDS + 2);
                    break;
                }
                assertThat(ledger(LocalStorage.create()).read())
                        .as("step %d", step)
                        .isEqualTo(records);
                LossLedger next = ledger(LocalStorage.create());
                records.addAll(record(next, 2 * RECORDS, RECORDS));
                next.compact(3 * RECORDS);
                assertThat(names()).as("step %d", step).containsExactly("0-" + (3 * RECORDS - 1));
                assertThat(next.read()).as("step %d", step).isEqualTo(records);
            }
        }
    }

    @Test
    void aCompactedFileThatIsDamagedIsNamed() throws IOException {
        LossLedger ledger = ledger(LocalStorage.create());
        record(ledger, 0, RECORDS);
        ledger.compact(RECORDS);
        Path file = root.resolve("_tidemark/loss/0-" + (RECORDS - 1));
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);
        assertThatThrownBy(ledger::read).isInstanceOf(TidemarkException.class).hasMessageContaining(file.toString());
    }

    private List<LossRecord> record(LossLedger ledger, int first, int count) {
        List<LossRecord> records = new ArrayList<>();
        for (int batch = first; batch < first + count; batch++) {
            LossRecord record = new LossRecord(
                    CheckpointFixture.QUERY,
                    batch,
                    new FileDigest(batch, batch),
                    List.of(new LostRange("clicks", 0, batch, batch + 2, 2, "expired before it was read")));
            ledger.record(record);
            records.add(record);
        }
        return records;
    }

    private LossLedger ledger(Storage storage) {
        return new LossLedger(storage, new CheckpointLayout(root.toString()), CheckpointFixture.QUERY);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("_tidemark/loss"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** Lets the n-th changing operation fail, before or after it is done, and every one that follows. */
    private static final class Crash implements StorageObserver {
        private final int at;
        private final boolean after;
        private int seen;

        Crash(int at, boolean after) {
            this.at = at;
            this.after = after;
        }

        boolean happens(Runnable doing) {
            try {
                doing.run();
                return false;
            } catch (IllegalStateException e) {
                return true;
            }
        }

        @Override
        public void before(StorageOperation operation, String path, long bytes) {
            if (!after && seen++ >= at) {
                throw new IllegalStateException("crash");
            }
        }

        @Override
        public void after(StorageOperation operation, String path, long bytes) {
            if (after && seen++ >= at) {
                throw new IllegalStateException("crash");
            }
        }
    }
}
