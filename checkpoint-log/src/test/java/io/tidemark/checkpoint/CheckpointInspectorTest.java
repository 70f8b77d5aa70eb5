package io.tidemark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.LostRange;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.CheckpointReport.BatchReport;
import io.tidemark.checkpoint.CheckpointReport.BatchState;
import io.tidemark.checkpoint.CheckpointReport.Problem;
import io.tidemark.checkpoint.format.LossRecord;
import io.tidemark.checkpoint.storage.ObservedStorage;
import io.tidemark.checkpoint.storage.OperationRecorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointInspectorTest {
    @TempDir
    Path root;

    private CheckpointFixture query;

    @BeforeEach
    void firstStart() {
        query = new CheckpointFixture(root);
    }

    @Test
    void aSoundCheckpointIsShownWhole() {
        query.run(0, 1);
        query.plan(2);
        query.checkpoint.sidecar().prepare(query.prepared(2, 0));
        query.checkpoint
                .sidecar()
                .recordLoss(new LossRecord(
                        CheckpointFixture.QUERY,
                        1,
                        query.checkpoint.offsets().digest(1),
                        List.of(new LostRange("clicks", 0, 3, 9, 6, "expired"))));
        CheckpointReport report = inspect();
        assertThat(report.problems()).isEmpty();
        assertThat(report.isSound()).isTrue();
        assertThat(report.queryId()).isEqualTo(CheckpointFixture.QUERY);
        assertThat(report.batches())
                .extracting(BatchReport::state)
                .containsExactly(BatchState.COMMITTED, BatchState.COMMITTED, BatchState.PREPARED);
        assertThat(report.epochs()).singleElement().satisfies(epoch -> assertThat(epoch.host())
                .isEqualTo("host-1"));
        assertThat(report.toJson())
                .startsWith("{\"root\":\"" + root + "\",\"queryId\":\"" + CheckpointFixture.QUERY
                        + "\",\"sound\":true,\"epochs\":[{\"epoch\":1,\"host\":\"host-1\",\"pid\":42,")
                .contains("{\"batchId\":1,\"state\":\"committed\",\"batchTimestampMs\":1795146730036,"
                        + "\"batchWatermarkMs\":1000,\"offsets\":[{\"clicks\":{\"0\":20}},null],"
                        + "\"nextBatchWatermarkMs\":1000,\"sealed\":true,"
                        + "\"prepared\":{\"attempt\":0,\"epoch\":1,\"stateFiles\":0,\"numInputRows\":10}}")
                .contains("\"loss\":[{\"batch\":1,\"topic\":\"clicks\",\"partition\":0,\"from\":3,\"until\":9,"
                        + "\"rows\":6,\"cause\":\"expired\"}]");
    }

    @Test
    void nothingIsWrittenAndNoLockIsTaken() {
        query.run(0);
        OperationRecorder recorder = new OperationRecorder();
        CheckpointInspector.inspect(new ObservedStorage(query.storage(), recorder), root.toString());
        assertThat(recorder.operations()).isEmpty();
        query.owner.verify();
        assertThat(query.storage()).satisfies(storage -> assertThat(storage.tryLock(root + "/_tidemark/lock"))
                .as("the lock is still the owner's")
                .isEmpty());
    }

    @Test
    void eachDamagedFileIsNamedWithItsCure() throws IOException {
        query.run(0, 1, 2, 3);
        query.overwrite("offsets/1", new byte[0]);
        query.overwrite("commits/2", "v1\n".getBytes(StandardCharsets.UTF_8));
        query.overwrite("_tidemark/sealed/3", "{}".getBytes(StandardCharsets.UTF_8));
        query.overwrite("offsets/+7", new byte[0]);
        CheckpointReport report = inspect();
        assertThat(report.isSound()).isFalse();
        assertThat(report.problems())
                .extracting(Problem::file)
                .contains("offsets/1", "commits/2", "_tidemark/sealed/3", "offsets/+7");
        assertThat(report.problems())
                .allSatisfy(problem -> assertThat(problem.cure()).endsWith("."));
        assertThat(report.batches()).hasSize(4);
        assertThat(report.batches().get(1).plan()).isNull();
    }

    @Test
    void anAlteredDigitIsNoticedThroughTheSidecar() throws IOException {
        query.run(0, 1);
        String offsets = Files.readString(root.resolve("offsets/0"));
        query.overwrite("offsets/0", offsets.replace("\"0\":10", "\"0\":11").getBytes(StandardCharsets.UTF_8));
        query.overwrite("commits/1", "v1\n{\"nextBatchWatermarkMs\":1001}".getBytes(StandardCharsets.UTF_8));
        assertThat(inspect().problems())
                .extracting(Problem::file)
                .contains("offsets/0", "_tidemark/prepared/0", "commits/1");
    }

    @Test
    void holesAndLostMetadataAreReported() throws IOException {
        query.run(0, 1, 2, 3);
        query.delete("metadata", "commits/1", "offsets/2");
        assertThat(inspect().problems()).extracting(Problem::file).contains("metadata", "commits/1", "offsets/2");
        assertThat(inspect().batches().get(2).state()).isEqualTo(BatchState.WITHOUT_PLAN);
        assertThat(inspect().toJson()).contains("\"queryId\":null");
    }

    @Test
    void whatIsNoCheckpointIsRefused() throws IOException {
        Path other = Files.createDirectory(root.resolve("other"));
        assertThatThrownBy(() -> CheckpointInspector.inspect(query.storage(), other.toString()))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_NOT_READABLE))
                .hasMessageContaining("it is not a checkpoint");
    }

    @Test
    void aCheckpointThatOnlySparkEverWroteIsSound() throws IOException {
        query.run(0, 1);
        query.checkpoint.close();
        query.storage().deleteRecursively(root + "/_tidemark");
        CheckpointReport report = inspect();
        assertThat(report.problems()).isEmpty();
        assertThat(report.epochs()).isEmpty();
        assertThat(report.batches()).extracting(BatchReport::sealed).containsOnlyNulls();
    }

    @Test
    void anOwnerAtWorkIsNotMistakenForDamage() throws Exception {
        query.run(0, 1);
        ExecutorService owner = Executors.newSingleThreadExecutor();
        try {
            Future<?> work = owner.submit(() -> {
                for (long batch = 2; batch < 50; batch++) {
                    query.run(batch);
                    query.checkpoint.purge(batch, 3);
                }
            });
            int looks = 0;
            while (!work.isDone() || looks == 0) {
                assertThat(inspect().problems()).isEmpty();
                looks++;
            }
            work.get();
        } finally {
            owner.shutdownNow();
        }
    }

    private CheckpointReport inspect() {
        return CheckpointInspector.inspect(query.storage(), root.toString());
    }
}
