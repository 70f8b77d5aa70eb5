package io.tidemark.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.bench.Progress.Commit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThroughputTest {
    private static Commit commit(long second, long... offsets) {
        return new Commit(second * 1_000_000, offsets);
    }

    @Test
    void theFirstFifthOfTheRowsDoesNotCount() {
        List<Commit> commits = List.of(commit(1, 50, 50), commit(2, 150, 150), commit(9, 500, 500));
        assertThat(Throughput.warm(commits, 1_000)).contains(commits.get(1));
    }

    @Test
    void oneCommitOfNearlyAllRowsMakesNoRate() {
        assertThat(Throughput.warm(List.of(commit(1, 450, 450), commit(2, 500, 500)), 1_000))
                .isEmpty();
    }

    @Test
    void batchesThatGetDearerShow() {
        List<Commit> commits = new ArrayList<>();
        long micros = 0;
        for (int batch = 0; batch <= 1_000; batch++) {
            commits.add(new Commit(micros, new long[] {batch + 1}));
            micros += batch < 500 ? 10_000 : 20_000;
        }
        Map<Metric, Double> figures = Throughput.flatness(commits);
        assertThat(figures)
                .containsEntry(Metric.EARLY_P50, 10.0)
                .containsEntry(Metric.LATE_P99, 20.0)
                .containsEntry(Metric.LATE_TO_EARLY_P50, 2.0);
    }

    @Test
    void fewBatchesSayNothingOfLongLives() {
        assertThat(Throughput.flatness(List.of(commit(1, 1), commit(2, 2)))).isEmpty();
    }
}
