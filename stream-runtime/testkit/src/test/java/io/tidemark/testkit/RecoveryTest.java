package io.tidemark.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.streaming.Trigger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start does with what it finds; each test leaves a checkpoint as one particular accident would. */
class RecoveryTest {
    @TempDir
    Path directory;

    private QueryHarness query;

    @BeforeEach
    void twoBatchesAreCommitted() throws Exception {
        query = new QueryHarness(directory, "id BIGINT, page STRING", in -> in);
        addRows(1, 2);
        query.runAvailable();
        addRows(3, 4);
        query.runAvailable();
        assertThat(query.rows()).containsExactly("[1,p1]", "[2,p2]", "[3,p3]", "[4,p4]");
    }

    private void addRows(long... ids) {
        query.input.add(java.util.Arrays.stream(ids)
                .mapToObj(id -> query.input.row(id, "p" + id))
                .toList());
    }

    private Path file(String name) {
        return Path.of(query.checkpoint(), name);
    }

    private static void refused(ThrowingCallable start, ErrorCode code, String... parts) {
        var refusal = assertThatThrownBy(start)
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(code));
        for (String part : parts) {
            refusal.hasMessageContaining(part);
        }
    }

    @Test
    void aCommittedBatchIsNotRunAgain() throws Exception {
        query.runAvailable();
        assertThat(query.batches().keySet()).containsExactly(0L, 1L);
    }

    @Test
    void aBatchThatTheSinkHoldsIsOnlyCommittedInTheLog() throws Exception {
        Files.delete(file("commits/1"));
        query.runAvailable();
        assertThat(query.rows()).hasSize(4);
        assertThat(file("commits/1")).exists();
    }

    @Test
    void aPreparedBatchIsTakenAsItWasPreparedEvenIfTheQueryHasChanged() throws Exception {
        Files.delete(file("commits/1"));
        Files.delete(Path.of(query.table(), "log", "1"));
        QueryHarness changed = query.with(in -> in.where("id > 1000"));
        changed.runAvailable();
        assertThat(query.rows()).containsExactly("[1,p1]", "[2,p2]", "[3,p3]", "[4,p4]");
    }

    @Test
    void aBatchWhoseStagedFilesAreGoneRunsAgainOverTheSameRows() throws Exception {
        Files.delete(file("commits/1"));
        Path entry = Path.of(query.table(), "log", "1");
        List<String> staged = Files.readAllLines(entry).subList(1, 2);
        Files.delete(entry);
        Files.delete(Path.of(query.table(), "data", staged.get(0)));
        addRows(5);
        query.runAvailable();
        assertThat(query.batches().get(1L)).containsExactly("[3,p3]", "[4,p4]");
        assertThat(query.batches().get(2L)).containsExactly("[5,p5]");
        assertThat(file("_tidemark/prepared/1.1")).exists();
    }

    @Test
    void aBatchThatAnotherEngineCommittedIsLeftAsItIs() throws Exception {
        Files.delete(file("commits/1"));
        Files.delete(file("_tidemark/prepared/1"));
        query.runAvailable();
        assertThat(query.rows()).hasSize(4);
        assertThat(file("commits/1")).exists();
    }

    @Test
    void aPlanWithoutSidecarsRunsAgainOverTheLoggedRange() throws Exception {
        Files.delete(file("commits/1"));
        Files.delete(file("_tidemark/prepared/1"));
        Files.delete(file("_tidemark/sealed/1"));
        Files.delete(Path.of(query.table(), "log", "1"));
        addRows(5);
        query.runAvailable();
        assertThat(query.batches().get(1L)).containsExactly("[3,p3]", "[4,p4]");
        assertThat(query.batches().get(2L)).containsExactly("[5,p5]");
    }

    @Test
    void aTableThatLostACommittedBatchIsRefused() throws Exception {
        Files.delete(Path.of(query.table(), "log", "1"));
        refused(query::runAvailable, ErrorCode.SINK_BEHIND, "batch 1 is committed", "holds only batches up to 0");
    }

    @Test
    void aNewSinkGetsWhatComesFromNowOn() throws Exception {
        try (Stream<Path> files = Files.walk(Path.of(query.table()))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        addRows(5);
        refused(query::runAvailable, ErrorCode.SINK_BEHIND, "batch 1 is committed", "none of this query's");
        query.startOnNewSink(Trigger.AvailableNow()).awaitTermination();
        assertThat(query.batches()).containsOnlyKeys(2L);
        assertThat(query.batches().get(2L)).containsExactly("[5,p5]");
        addRows(6);
        query.runAvailable();
        assertThat(query.batches().get(3L)).containsExactly("[6,p6]");
    }

    @Test
    void aCheckpointFromAnOlderCopyIsRefused() throws Exception {
        for (String sidecar : List.of("offsets/1", "commits/1", "_tidemark/sealed/1", "_tidemark/prepared/1")) {
            Files.delete(file(sidecar));
        }
        refused(
                query::runAvailable,
                ErrorCode.CHECKPOINT_BEHIND_SINK,
                "holds batch 1",
                "newest batch in the checkpoint is 0");
        assertThat(query.rows()).hasSize(4);
    }

    @Test
    void aCheckpointWithoutItsIdentityIsRefused() throws Exception {
        Files.delete(file("metadata"));
        refused(query::runAvailable, ErrorCode.CHECKPOINT_METADATA_MISSING, "metadata");
        assertThat(file("metadata")).doesNotExist();
    }

    @Test
    void aTornOrAlteredFileIsNamedAndNothingIsWritten() throws Exception {
        for (String name : List.of("offsets/1", "commits/1", "offsets/0")) {
            byte[] whole = Files.readAllBytes(file(name));
            byte[] altered = new String(whole, StandardCharsets.UTF_8)
                    .replace("\":0", "\":1")
                    .getBytes(StandardCharsets.UTF_8);
            for (byte[] damaged : List.of(new byte[0], java.util.Arrays.copyOf(whole, whole.length - 1), altered)) {
                Files.write(file(name), damaged);
                if (name.equals("offsets/0") && damaged == altered) {
                    continue; // batch 0's own watermark: no longer vouched for once batch 1 is sealed
                }
                List<String> before = tree();
                refused(query::runAvailable, ErrorCode.CHECKPOINT_FILE_CORRUPT, name);
                assertThat(tree())
                        .filteredOn(f -> !f.contains("epoch"))
                        .isEqualTo(before.stream()
                                .filter(f -> !f.contains("epoch"))
                                .toList());
            }
            Files.write(file(name), whole);
        }
        query.runAvailable();
    }

    @Test
    void aHoleInTheLogsIsRefused() throws Exception {
        addRows(5);
        query.runAvailable();
        Files.delete(file("commits/1"));
        Files.delete(file("offsets/1"));
        refused(query::runAvailable, ErrorCode.CHECKPOINT_GAP, "1");
    }

    @Test
    void commitsAheadOfOffsetsAreRefused() throws Exception {
        Files.delete(file("offsets/1"));
        refused(query::runAvailable, ErrorCode.CHECKPOINT_GAP);
    }

    @Test
    void aSecondRunOnTheSameCheckpointIsRefusedAndTheFirstGoesOn() throws Exception {
        StreamingQuery first = query.start(Trigger.ProcessingTime(0));
        refused(
                () -> query.start(Trigger.ProcessingTime(0)),
                ErrorCode.CHECKPOINT_OWNED,
                Long.toString(ProcessHandle.current().pid()));
        addRows(5);
        first.processAllAvailable();
        first.stop();
        assertThat(query.rows()).hasSize(5);
    }

    @Test
    void anOtherTimeZoneIsRefusedSinceItWouldChangeWhatTimestampsMean() throws Exception {
        QueryHarness moved = query.with(in -> in).conf("spark.sql.session.timeZone", "America/Lima");
        refused(moved::runAvailable, ErrorCode.CHECKPOINT_PLAN_CHANGED, "time zone", "America/Lima");
    }

    @Test
    void aPlanWhoseSealWasNeverWrittenIsHeldToTheSealBeforeIt() throws Exception {
        Files.delete(file("commits/1"));
        Files.delete(file("_tidemark/prepared/1"));
        Files.delete(file("_tidemark/sealed/1"));
        Files.delete(Path.of(query.table(), "log", "1"));
        QueryHarness moved = query.with(in -> in).conf("spark.sql.session.timeZone", "America/Lima");
        refused(moved::runAvailable, ErrorCode.CHECKPOINT_PLAN_CHANGED, "time zone", "America/Lima");
    }

    @Test
    void anIdleRunThatWasFencedOffEndsByItself() throws Exception {
        StreamingQuery first = query.start(Trigger.ProcessingTime(0));
        first.processAllAvailable();
        StreamingQuery second = query.start(Trigger.ProcessingTime(0), true);
        refused(() -> first.awaitTermination(), ErrorCode.WRITER_FENCED);
        addRows(5);
        second.processAllAvailable();
        second.stop();
        assertThat(query.rows()).hasSize(5);
    }

    @Test
    void theIdentityStaysTheSameForLife() throws Exception {
        StreamingQuery one = query.start(Trigger.AvailableNow());
        one.awaitTermination();
        StreamingQuery two = query.start(Trigger.AvailableNow());
        two.awaitTermination();
        assertThat(two.id()).isEqualTo(one.id());
        assertThat(two.runId()).isNotEqualTo(one.runId());
        assertThat(Files.readString(file("metadata")))
                .isEqualTo("{\"id\":\"" + UUID.fromString(one.id().toString()) + "\"}");
    }

    private List<String> tree() throws Exception {
        try (Stream<Path> files = Files.walk(Path.of(query.checkpoint()))) {
            return files.map(Path::toString).sorted(Comparator.naturalOrder()).toList();
        }
    }
}
