package io.tidemark.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.streaming.StreamingQueryException;
import io.tidemark.api.streaming.StreamingQueryListener;
import io.tidemark.api.streaming.StreamingQueryProgress;
import io.tidemark.api.streaming.Trigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class QueryLifeTest {
    @TempDir
    Path directory;

    private static void addSteps(QueryHarness query, int steps, int rowsEach) {
        for (int step = 0; step < steps; step++) {
            long first = (long) step * rowsEach;
            query.input.add(LongStream.range(first, first + rowsEach)
                    .mapToObj(id -> query.input.row(id, "p" + id))
                    .toList());
        }
    }

    @Test
    void aBatchIsBitEqualOnOneThreadAndOnEight() throws Exception {
        List<List<String>> results = new ArrayList<>();
        for (String threads : List.of("1", "8")) {
            QueryHarness query = new QueryHarness(
                            Files.createDirectory(directory.resolve(threads)),
                            "id BIGINT, page STRING",
                            in -> in.where("id % 3 = 1"))
                    .conf("tidemark.task.threads", threads);
            addSteps(query, 40, 50);
            query.runAvailable();
            results.add(query.rows());
        }
        assertThat(results.get(0)).hasSizeGreaterThan(500).isEqualTo(results.get(1));
    }

    @Test
    void aStopBetweenBatchesIsImmediateAndLeavesNothingHalfDone() throws Exception {
        QueryHarness query = new QueryHarness(directory, "id BIGINT, page STRING", in -> in);
        StreamingQuery run = query.start(Trigger.ProcessingTime("1 hour"));
        addSteps(query, 1, 5);
        await().until(() -> run.status().message().equals("Waiting for next trigger")
                || !run.status().isTriggerActive());
        run.stop();
        assertThat(run.isActive()).isFalse();
        assertThat(run.exception()).isEmpty();
        assertThat(run.status().message()).isEqualTo("Stopped");
        try (Stream<Path> temporary = Files.walk(Path.of(query.checkpoint()))) {
            assertThat(temporary.filter(p -> p.toString().endsWith(".tmp"))).isEmpty();
        }
    }

    @Test
    @Timeout(60)
    void aStopDoesNotWaitForStorageThatHangsAndTheNextRunGoesOnExactly() throws Exception {
        List<String> hung = List.of("offsets/0", "prepared/0", "/table/", "commits/0");
        for (String place : hung) {
            QueryHarness query = new QueryHarness(
                            Files.createDirectory(directory.resolve("run-" + hung.indexOf(place))),
                            "id BIGINT, page STRING",
                            in -> in)
                    .conf("spark.sql.streaming.stopTimeout", "500ms");
            StreamingQuery run = query.start(Trigger.ProcessingTime(0));
            query.faults.hangAt(place);
            addSteps(query, 1, 5);
            await().until(query.faults::wasHit);

            assertThatThrownBy(run::stop)
                    .isInstanceOfSatisfying(
                            TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUERY_STOPPED))
                    .hasMessageContainingAll("did not stop within 500 ms", "hangs", "checkpoint is safe");
            assertThat(run.isActive()).as(place).isTrue();

            query.faults.revive(); // which is what the end of the process is
            await().until(() -> !run.isActive());
            query.runAvailable();
            assertThat(query.rows()).as(place).hasSize(5).doesNotHaveDuplicates();
        }
    }

    @Test
    void aRowThatBreaksAnsiRulesEndsTheQueryWithSparksConditionAndNothingOfTheBatchIsVisible() throws Exception {
        QueryHarness query =
                new QueryHarness(directory, "id BIGINT, page STRING", in -> in.selectExpr("10 div (id - 3) AS x"));
        addSteps(query, 1, 5);
        StreamingQuery run = query.start(Trigger.AvailableNow());
        assertThatThrownBy(run::awaitTermination)
                .isInstanceOf(StreamingQueryException.class)
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EVALUATION_FAILED))
                .hasMessageContaining("DIVIDE_BY_ZERO")
                .hasMessageContaining(run.id().toString());
        assertThat(query.rows()).isEmpty();
        assertThat(run.status().message()).startsWith("Terminated with exception: ");
    }

    @Test
    void progressTellsWhatEachBatchReadAndHowLongEachPhaseTook() throws Exception {
        QueryHarness query = new QueryHarness(directory, "id BIGINT, page STRING", in -> in);
        StreamingQuery run = query.start(Trigger.ProcessingTime(0));
        addSteps(query, 2, 5);
        run.processAllAvailable();
        addSteps(query, 1, 7);
        run.processAllAvailable();
        run.stop();
        List<StreamingQueryProgress> batches =
                run.recentProgress().stream().filter(p -> p.numInputRows() > 0).toList();
        assertThat(batches.stream()
                        .mapToLong(StreamingQueryProgress::numInputRows)
                        .sum())
                .isEqualTo(17);
        StreamingQueryProgress last = batches.get(batches.size() - 1);
        assertThat(last.durationMs())
                .containsKeys("triggerExecution", "latestOffset", "walCommit", "addBatch", "commitOffsets");
        assertThat(last.sources()).hasSize(1);
        assertThat(last.sources().get(0).endOffset()).isEqualTo("2");
        assertThat(last.timestamp()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(run.lastProgress().json())
                .startsWith("{\"id\":\"" + run.id() + "\",\"runId\":\"" + run.runId() + "\"");
    }

    @Test
    void listenersHearOfStartProgressAndEndInThatOrder() throws Exception {
        QueryHarness query = new QueryHarness(directory, "id BIGINT, page STRING", in -> in);
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        query.listener(new StreamingQueryListener() {
            @Override
            public void onQueryStarted(QueryStartedEvent event) {
                heard.add("started " + event.id());
            }

            @Override
            public void onQueryProgress(QueryProgressEvent event) {
                heard.add("batch " + event.progress().batchId());
                throw new IllegalStateException("a listener that fails does not stop the query");
            }

            @Override
            public void onQueryTerminated(QueryTerminatedEvent event) {
                heard.add("ended " + event.exception());
            }
        });
        addSteps(query, 1, 3);
        StreamingQuery run = query.start(Trigger.AvailableNow());
        run.awaitTermination();
        await().until(() -> heard.size() == 3);
        assertThat(heard).containsExactly("started " + run.id(), "batch 0", "ended null");
    }

    @Test
    void onceRunsOneBatchAndEnds() throws Exception {
        QueryHarness query = new QueryHarness(directory, "id BIGINT, page STRING", in -> in);
        addSteps(query, 3, 2);
        query.start(Trigger.Once()).awaitTermination();
        assertThat(query.batches().keySet()).containsExactly(0L);
        assertThat(query.rows()).hasSize(6);
    }

    @Test
    void theWatermarkOfABatchStandsInItsCommitAndIsThereAfterARestart() throws Exception {
        QueryHarness query = new QueryHarness(
                directory, "id BIGINT, page STRING", in -> in.selectExpr("id", "timestamp_seconds(id) AS t")
                        .withWatermark("t", "10 seconds"));
        query.input.add(query.input.row(100L, "a"));
        query.runAvailable();
        assertThat(Files.readString(Path.of(query.checkpoint(), "commits/0")))
                .isEqualTo("v1\n{\"nextBatchWatermarkMs\":90000}");
        query.input.add(query.input.row(50L, "late"));
        query.runAvailable();
        assertThat(Files.readString(Path.of(query.checkpoint(), "offsets/1"))).contains("\"batchWatermarkMs\":90000");
        assertThat(Files.readString(Path.of(query.checkpoint(), "commits/1")))
                .isEqualTo("v1\n{\"nextBatchWatermarkMs\":90000}");
    }

    @Test
    void oldBatchesArePurgedFromTheLogsAndTheSidecars() throws Exception {
        QueryHarness query = new QueryHarness(directory, "id BIGINT, page STRING", in -> in)
                .conf("spark.sql.streaming.minBatchesToRetain", "2");
        StreamingQuery run = query.start(Trigger.ProcessingTime(0));
        for (int i = 0; i < 8; i++) {
            addSteps(query, 1, 1);
            run.processAllAvailable();
        }
        await().untilAsserted(() -> {
            for (String log : List.of("offsets", "commits", "_tidemark/sealed", "_tidemark/prepared")) {
                try (Stream<Path> files = Files.list(Path.of(query.checkpoint(), log))) {
                    assertThat(files.map(p -> p.getFileName().toString()).sorted())
                            .as(log)
                            .containsExactly("5", "6", "7");
                }
            }
        });
        run.stop();
        assertThat(query.rows()).hasSize(8);
    }
}
