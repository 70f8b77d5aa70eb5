package io.tidemark.runtime.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidemark.api.connector.Sink;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.storage.LocalStorage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HousekeepingTest {
    @TempDir
    Path folder;

    private final Untidy sink = new Untidy();

    private void removeLeftovers(Runnable stillOwner) throws Exception {
        try (Checkpoint checkpoint = Checkpoint.open(LocalStorage.create(), folder.toString());
                Housekeeping housekeeping = new Housekeeping("clicks", checkpoint, sink, 1, true, () -> {})) {
            housekeeping.removeLeftovers(7, stillOwner);
        }
    }

    @Test
    void aRunThatIsFencedWhileItRemovesLeftoversEnds() {
        TidemarkException fenced = new TidemarkException(ErrorCode.WRITER_FENCED, "Epoch 3 was claimed. Stop.");
        assertThatThrownBy(() -> removeLeftovers(() -> {
                    throw fenced;
                }))
                .isSameAs(fenced);
        assertThat(sink.removedThrough).isEmpty();
    }

    @Test
    void anyOtherTroubleWithLeftoversDoesNotEndTheRun() throws Exception {
        removeLeftovers(() -> {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "The epochs cannot be read. Start again.");
        });
        assertThat(sink.removedThrough).isEmpty();

        removeLeftovers(() -> {});
        assertThat(sink.removedThrough).containsExactly(7L);
    }

    @Test
    void aRoundIsDoneBeforeTheNextBatchWhereNothingMayRunBesideIt() throws Exception {
        try (Checkpoint checkpoint = Checkpoint.open(LocalStorage.create(), folder.toString());
                Housekeeping housekeeping = new Housekeeping("clicks", checkpoint, sink, 1, false, () -> {})) {
            housekeeping.afterBatch(0);
            assertThat(sink.maintainedOn).containsExactly(Thread.currentThread());
        }
    }

    @Test
    void anErrorOfTheJvmEndsTheQueryAtTheNextBatch() throws Exception {
        try (Checkpoint checkpoint = Checkpoint.open(LocalStorage.create(), folder.toString());
                Housekeeping housekeeping = new Housekeeping("clicks", checkpoint, sink, 1, true, () -> {})) {
            sink.broken = new OutOfMemoryError("Java heap space");
            housekeeping.afterBatch(0);
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> housekeeping.afterBatch(1)).isSameAs(sink.broken));
        }
    }

    /** Has leftovers and a table to look after, and takes nothing else. */
    private static final class Untidy implements Sink {
        private final List<Long> removedThrough = new ArrayList<>();
        private final List<Thread> maintainedOn = new ArrayList<>();
        private volatile @Nullable Error broken;

        @Override
        public void maintain() {
            if (broken != null) {
                throw broken;
            }
            maintainedOn.add(Thread.currentThread());
        }

        @Override
        public void removeLeftovers(long committed, Runnable stillOwner) {
            stillOwner.run();
            removedThrough.add(committed);
        }

        @Override
        public String description() {
            return "Untidy";
        }

        @Override
        public Optional<LedgerEntry> ledger() {
            return Optional.empty();
        }

        @Override
        public boolean keepsLedger() {
            return false;
        }

        @Override
        public TaskWriter openTask(BatchAttempt batch, int task, int attempt) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String stage(BatchAttempt batch, List<String> taskResults) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isIntact(String token) {
            return false;
        }

        @Override
        public void commit(CommitRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long rowsWritten() {
            return -1;
        }

        @Override
        public SortedMap<String, String> metrics() {
            return Collections.emptySortedMap();
        }

        @Override
        public Optional<String> tableId() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }
}
