package io.tidemark.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.StateOperatorProgress;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.streaming.StreamingQueryProgress;
import io.tidemark.api.streaming.Trigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees of a query with state, and what a start does with the state it finds. */
class StatefulQueryTest {
    private static final List<List<StatefulWorld.Click>> STEPS = List.of(
            StatefulWorld.clicks(1, "1 /a, 2 /b, 3 /a"),
            StatefulWorld.clicks(4, "16 /a, 4 /a"),
            StatefulWorld.clicks(6, "3 /b, 40 /c"));

    @TempDir
    Path directory;

    private StatefulWorld counts() throws Exception {
        return new StatefulWorld(directory, StatefulWorld.COUNTS, STEPS);
    }

    private Path file(StatefulWorld world, String name) {
        return Path.of(world.query.checkpoint(), name);
    }

    private static void refused(ThrowingCallable start, ErrorCode code, String... parts) {
        assertThatThrownBy(start)
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(parts);
    }

    @Test
    void aWindowIsHandedOutOnceTheWatermarkHasPassedItAndLateRowsAreDropped() throws Exception {
        StatefulWorld world = counts();
        world.runToTheEnd();
        assertThat(world.query.rows())
                .containsExactly(
                        "[1970-01-01T00:00:00Z,/a,3,9]",
                        "[1970-01-01T00:00:00Z,/b,1,2]",
                        "[1970-01-01T00:00:10Z,/a,1,4]");
        assertThat(world.query.batches().keySet())
                .as("each watermark has a batch of its own")
                .hasSize(5);
    }

    @Test
    void whatOneOperatorHandsOutLateIsNotLateForTheNext() throws Exception {
        StatefulWorld world = new StatefulWorld(
                directory,
                StatefulWorld.WINDOWS_OF_WINDOWS,
                List.of(StatefulWorld.clicks(1, "1 /a, 2 /b, 1 /a, 12 /a"), StatefulWorld.clicks(5, "40 /c")));
        world.runToTheEnd();
        assertThat(world.query.rows()).containsExactly("[1970-01-01T00:00:00Z,3,3]");
    }

    @Test
    void progressTellsWhatTheOperatorsDid() throws Exception {
        StatefulWorld world = counts();
        List<StreamingQueryProgress> progress = new ArrayList<>();
        world.watch(progress::add);
        world.runToTheEnd();
        StateOperatorProgress first = progress.get(0).stateOperators().get(0);
        assertThat(first.operatorName()).isEqualTo("stateStoreSave");
        assertThat(first.numRowsTotal()).isEqualTo(2);
        assertThat(first.numRowsUpdated()).isEqualTo(2);
        assertThat(first.numShufflePartitions()).isEqualTo(2);
        assertThat(first.numStateStoreInstances()).isEqualTo(2);
        assertThat(first.customMetrics()).containsKey("rocksdbPutCount");
        assertThat(progress)
                .extracting(p -> p.stateOperators().get(0).numRowsDroppedByWatermark())
                .as("second 3 came after watermark 11")
                .contains(1L);
        assertThat(progress)
                .filteredOn(p -> p.numInputRows() == 0 && p.sink().numOutputRows() > 0)
                .as("batches that only let state go")
                .hasSize(2)
                .allMatch(p -> p.stateOperators().get(0).numRowsRemoved() > 0);
    }

    @Test
    void aBatchWithoutDataThatACrashKeptFromRunningIsRunByTheNextStart() throws Exception {
        StatefulWorld world = counts();
        world.query.conf("spark.sql.streaming.noDataMicroBatches.enabled", "false");
        world.runToTheEnd();
        assertThat(world.query.rows())
                .as("second 40 moved the watermark, no batch used it yet")
                .hasSize(2);
        world.query.conf("spark.sql.streaming.noDataMicroBatches.enabled", "true");
        world.query.runAvailable();
        assertThat(world.query.rows()).hasSize(3);
    }

    @Test
    void theNumberOfPartitionsIsThatOfTheFirstBatch() throws Exception {
        StatefulWorld world = counts();
        world.runSteps(1);
        world.query.conf("spark.sql.shuffle.partitions", "5");
        world.runToTheEnd();
        assertThat(file(world, "state/0/1")).exists();
        assertThat(file(world, "state/0/2")).doesNotExist();
        assertThat(world.query.rows()).hasSize(3);
    }

    @Test
    void explainSaysThePartitionsThatTheCheckpointHasFixed() throws Exception {
        StatefulWorld world = counts();
        world.runSteps(1);
        world.query.conf("spark.sql.shuffle.partitions", "5");
        StreamingQuery running = world.query.start(Trigger.AvailableNow());
        running.awaitTermination();
        assertThat(running.explainText(false))
                .contains("StateStoreSave [id = 0, mode = append", "watermark on window.end]", ", 2) [shuffle 0]")
                .doesNotContain(", 5)");
    }

    @Test
    void aPreparedBatchIsTakenAsItWasPreparedEvenIfTheRowsWouldBeOthersNow() throws Exception {
        StatefulWorld world = counts();
        world.runToTheEnd();
        SortedMap<String, String> expected = world.outcome();
        Files.delete(file(world, "commits/4"));
        Files.delete(Path.of(world.query.table(), "log", "4"));
        byte[] state = Files.readAllBytes(file(world, "state/0/1/5.changelog"));
        world.query
                .with(in -> StatefulWorld.COUNTS.apply(in.where("id > 1000")))
                .runAvailable();
        assertThat(world.outcome()).isEqualTo(expected);
        assertThat(file(world, "state/0/1/5.changelog")).hasBinaryContent(state);
    }

    @Test
    void aBatchThatLostStagedStateRunsAgain() throws Exception {
        StatefulWorld world = counts();
        world.runToTheEnd();
        SortedMap<String, String> expected = world.outcome();
        Files.delete(file(world, "commits/4"));
        Files.delete(Path.of(world.query.table(), "log", "4"));
        Files.delete(file(world, "state/0/1/5.changelog"));
        deleteStaged(world);
        world.query.runAvailable();
        assertThat(world.outcome()).isEqualTo(expected);
        assertThat(file(world, "_tidemark/prepared/4.1")).exists();
    }

    @Test
    void whatADeadAttemptLeftOfTheNextVersionIsRemovedBeforeTheBatchRunsAgain() throws Exception {
        StatefulWorld world = counts();
        world.runToTheEnd();
        SortedMap<String, String> expected = world.outcome();
        Files.delete(file(world, "commits/4"));
        Files.delete(file(world, "_tidemark/prepared/4"));
        Files.delete(Path.of(world.query.table(), "log", "4"));
        for (String stale : List.of("5.zip", "5.changelog.crc", ".5.changelog.crc", ".5.zip.crc", "6.changelog")) {
            Files.writeString(file(world, "state/0/0/" + stale), "of another past");
        }
        world.query.runAvailable();
        assertThat(world.outcome()).isEqualTo(expected);
        assertThat(file(world, "state/0/0/.5.zip.crc")).doesNotExist();
        assertThat(file(world, "state/0/0/.5.changelog.crc")).doesNotExist();
    }

    @Test
    void aBatchThatAnotherEngineCommittedKeepsTheStateThatEngineLeft() throws Exception {
        StatefulWorld world = counts();
        world.runToTheEnd();
        SortedMap<String, String> expected = world.outcome();
        Files.delete(file(world, "commits/4"));
        Files.delete(file(world, "_tidemark/prepared/4"));
        Object before = Files.getAttribute(file(world, "state/0/0/5.changelog"), "unix:ino");
        world.query.runAvailable();
        assertThat(world.outcome()).isEqualTo(expected);
        assertThat(Files.getAttribute(file(world, "state/0/0/5.changelog"), "unix:ino"))
                .isEqualTo(before);
    }

    @Test
    void aBatchThatAnotherEngineCommittedTellsItsWatermarkAlsoWhereStateComesBeforeIt() throws Exception {
        StatefulWorld world = new StatefulWorld(
                directory, clicks -> clicks.dropDuplicates("page", "time").withWatermark("time", "5 seconds"), STEPS);
        world.runToTheEnd();
        SortedMap<String, String> expected = world.outcome();
        long newest = world.query.batches().lastKey();
        Files.delete(file(world, "commits/" + newest));
        Files.delete(file(world, "_tidemark/prepared/" + newest));
        world.query.runAvailable();
        assertThat(world.outcome()).isEqualTo(expected);
    }

    @Test
    void aBatchThatAnotherEngineCommittedWithoutItsStateGetsItFromTheSameRows() throws Exception {
        StatefulWorld world = counts();
        world.runToTheEnd();
        SortedMap<String, String> expected = world.outcome();
        Files.delete(file(world, "commits/4"));
        Files.delete(file(world, "_tidemark/prepared/4"));
        Files.delete(file(world, "state/0/1/5.changelog"));
        deleteStaged(world);
        world.query.runAvailable();
        assertThat(world.outcome()).as("and nothing new in the table").isEqualTo(expected);
    }

    @Test
    void changelogsThatChangedPlacesBeforeTheyGotChecksumsAreFoundOut() throws Exception {
        StatefulWorld world = counts();
        world.runToTheEnd();
        Path one = file(world, "state/0/0/5.changelog");
        Path other = file(world, "state/0/1/5.changelog");
        byte[] content = Files.readAllBytes(one);
        Files.write(one, Files.readAllBytes(other));
        Files.write(other, content);
        for (Path changelog : List.of(one, other)) {
            Files.deleteIfExists(changelog.resolveSibling("5.changelog.crc"));
            Files.deleteIfExists(changelog.resolveSibling(".5.changelog.crc"));
        }
        assertThatThrownBy(world.query::runAvailable)
                .hasMessageContaining("state/0/0/5.changelog' is missing or not what batch 4 made (and 1 more)");
    }

    @Test
    void anotherOperatorIsRefusedAndNothingIsWritten() throws Exception {
        StatefulWorld world = counts();
        world.runToTheEnd();
        SortedMap<String, String> before = world.outcome();
        refused(
                () -> world.query.with(in -> in).runAvailable(),
                ErrorCode.STATE_OPERATORS_CHANGED,
                "stateful operator 0 ('stateStoreSave')");
        refused(
                () -> world.query
                        .with(in -> {
                            in.withWatermark("time", "5 seconds").createOrReplaceTempView("clicks");
                            return in.session()
                                    .sql(
                                            "SELECT window.start AS start, page, max(page) AS n, sum(id) AS ids FROM clicks"
                                                    + " GROUP BY window(time, '10 seconds'), page");
                        })
                        .runAvailable(),
                ErrorCode.STATE_SCHEMA_MISMATCH,
                "state/0/0/_metadata/schema");
        assertThat(world.outcome()).isEqualTo(before);
    }

    @Test
    void waysOfKeepingStateThatAreNotSupportedAreRefusedByName() throws Exception {
        StatefulWorld world = counts();
        world.query.conf("spark.sql.streaming.aggregation.stateFormatVersion", "1");
        refused(
                world::runToTheEnd,
                ErrorCode.STATE_FORMAT_UNSUPPORTED,
                "spark.sql.streaming.aggregation.stateFormatVersion=1");
        assertThat(file(world, "offsets/0")).doesNotExist();
    }

    @Test
    void stateAndLogsOfOldBatchesGoAndTheRestGoesOn() throws Exception {
        List<List<StatefulWorld.Click>> steps = IntStream.range(0, 14)
                .mapToObj(i -> StatefulWorld.clicks(i, 7 * i + " /a," + 7 * i + " /b"))
                .toList();
        StatefulWorld world = new StatefulWorld(directory, StatefulWorld.COUNTS, steps);
        world.query.conf("spark.sql.streaming.minBatchesToRetain", "2");
        world.query.conf("spark.sql.streaming.stateStore.minDeltasForSnapshot", "3");
        world.runToTheEnd();
        StatefulWorld kept = new StatefulWorld(directory.resolve("kept"), StatefulWorld.COUNTS, steps);
        kept.runToTheEnd();
        assertThat(world.query.rows()).isEqualTo(kept.query.rows());
        long newest = world.query.batches().lastKey();
        assertThat(file(world, "offsets/0")).doesNotExist();
        assertThat(file(world, "state/0/0/1.changelog")).doesNotExist();
        assertThat(file(world, "state/0/0/" + (newest + 1) + ".changelog")).exists();
        assertThat(file(world, "_tidemark/staged/0")).doesNotExist();
    }

    @Test
    void twoQueriesOfOneProcessKeepTheirStateApart() throws Exception {
        StatefulWorld one = new StatefulWorld(directory.resolve("one"), StatefulWorld.COUNTS, STEPS);
        StatefulWorld two = new StatefulWorld(directory.resolve("two"), StatefulWorld.COUNTS, STEPS);
        one.query.conf("tidemark.state.localDir", directory.toString());
        two.query.conf("tidemark.state.localDir", directory.toString());
        StreamingQuery running = one.query.start(Trigger.ProcessingTime(0));
        two.runToTheEnd();
        for (int step = 0; step < STEPS.size(); step++) {
            one.feed();
            running.processAllAvailable();
        }
        running.stop();
        assertThat(one.outcome()).isEqualTo(two.outcome());
        try (var left = Files.list(directory)) {
            assertThat(left.map(f -> f.getFileName().toString())).containsExactlyInAnyOrder("one", "two");
        }
    }

    @Test
    void aRunThatWasFencedOffTakesNothingFromItsSuccessor() throws Exception {
        StatefulWorld undisturbed = new StatefulWorld(directory.resolve("undisturbed"), StatefulWorld.COUNTS, STEPS);
        undisturbed.runToTheEnd();
        StatefulWorld world = new StatefulWorld(directory.resolve("taken"), StatefulWorld.COUNTS, STEPS);
        StreamingQuery first = world.query.start(Trigger.ProcessingTime(0));
        world.feed();
        first.processAllAvailable();
        StreamingQuery second = world.query.start(Trigger.ProcessingTime(0), true);
        for (int step = 1; step < STEPS.size(); step++) {
            world.feed();
            second.processAllAvailable();
        }
        refused(first::awaitTermination, ErrorCode.WRITER_FENCED, "epoch");
        second.stop();
        assertThat(world.differencesTo(undisturbed)).isEmpty();
    }

    @Test
    void theCommitLogNamesTheFilesWhereTheQueryAskedForThat() throws Exception {
        StatefulWorld world = counts();
        world.query.conf("spark.sql.streaming.stateStore.checkpointFormatVersion", "2");
        world.runSteps(2);
        assertThat(file(world, "commits/0")).content().startsWith("v2\n").contains("stateUniqueIds");
        world.query.conf("spark.sql.streaming.stateStore.checkpointFormatVersion", "1"); // the log decides
        world.runToTheEnd();
        assertThat(file(world, "commits/4")).content().startsWith("v2\n");
        assertThat(world.query.rows()).hasSize(3);
    }

    private static void deleteStaged(StatefulWorld world) throws Exception {
        for (Path staged : StatefulWorld.files(Path.of(world.query.checkpoint(), "_tidemark", "staged"))) {
            Files.delete(staged);
        }
    }
}
