package io.tidemark.ops.drill.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RetentionDrillTest {
    /** One of each kind and each phase; the command plays all. */
    private static final List<String> SAMPLE = List.of(
            "start-expired/true/read_uncommitted/P4",
            "start-expired/false/read_committed/P0",
            "range-expired/true/read_committed/P1",
            "range-expired/false/read_uncommitted/P2",
            "range-expired/false/read_committed/P1/retention.ms",
            "range-expired-after-sink/true/read_committed/P3",
            "earliest-at-start/true/read_uncommitted/P4",
            "recreated-shorter/false/read_uncommitted/P4",
            "recreated-longer/false/read_uncommitted/P1",
            "recreated-longer/true/read_committed/P3",
            "recreated-mid-read/false/read_uncommitted/P2",
            "topic-deleted/false/read_uncommitted/P4",
            "partitions-added/true/read_uncommitted/P1",
            "new-partition-not-zero/false/read_committed/P4",
            "partition-hidden/true/read_uncommitted/P4",
            "compaction-holes/true/read_uncommitted/P1",
            "aborted-transactions/true/read_committed/P4",
            "hanging-transaction/true/read_committed/P4",
            "log-cut/false/read_committed/P4",
            "not-loss/authorization",
            "not-loss/quota");

    @Test
    void aSampleOfTheMatrixIsAsTheTableSays() throws Exception {
        long seed = new SplittableRandom().nextLong(1L << 32);
        RetentionDrill.Played played = RetentionDrill.run(seed, SAMPLE::contains, 1, result -> {});
        assertThat(played.results()).hasSameSizeAs(SAMPLE);
        assertThat(played.report().violations()).as("seed %d", seed).isEmpty();
        assertThat(MatrixPage.html(played)).contains("class=\"loss\"", "class=\"stop\"", "class=\"same\"");
        assertThat(new ObjectMapper().valueToTree(played.report()).path("cases").asInt())
                .isEqualTo(SAMPLE.size());
    }

    @Test
    void everyCellOfTheMatrixIsPlayedOrSaidToBeImpossible() {
        List<Cell> cells = Cell.matrix();
        assertThat(cells).hasSize(15 * 2 * 2 * 5).doesNotHaveDuplicates();
        assertThat(cells)
                .extracting(Cell::text)
                .doesNotHaveDuplicates()
                .containsAll(SAMPLE.stream()
                        .filter(text -> !text.startsWith("not-loss") && !text.endsWith("retention.ms"))
                        .toList());
        assertThat(cells.stream().filter(c -> c.event().impossible(c.phase()).isPresent()))
                .hasSize(80);
        assertThat(Cell.byRetention()).hasSizeGreaterThanOrEqualTo(16);
        assertThat(NotLoss.values()).hasSize(7);
    }
}
