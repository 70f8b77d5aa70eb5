package io.tidemark.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.bench.Statistics.Spread;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportTest {
    private final Report report = new Report(List.of(
            outcome("tidemark", 1, Metric.ROWS_PER_SECOND, 1_000_000, null),
            outcome("spark", 1, Metric.ROWS_PER_SECOND, 100_000, null),
            outcome("tidemark", 2, Metric.ROWS_PER_SECOND, 1_200_000, null),
            outcome("spark", 2, Metric.ROWS_PER_SECOND, 400_000, null),
            outcome("tidemark", 3, Metric.ROWS_PER_SECOND, 800_000, null),
            outcome("spark", 3, Metric.ROWS_PER_SECOND, 200_000, null)));

    private static Outcome outcome(String peer, int round, Metric metric, double value, @Nullable String failure) {
        Map<Metric, Double> figures = failure == null ? Map.of(metric, value) : Map.of();
        return new Outcome(Workload.W1, peer, round, figures, Map.of(), failure);
    }

    @Test
    void ratiosAreThoseOfTheSameRound() {
        assertThat(report.advantage(Workload.W1, "spark", Metric.ROWS_PER_SECOND))
                .hasValue(new Spread(4, 3, 10));
    }

    @Test
    void lessIsBetterWhereItCosts() {
        assertThat(Metric.PEAK_MEMORY.advantage(100, 400)).isEqualTo(4);
    }

    @Test
    void theTableHasMediansRangesAndRatios() {
        assertThat(report.table())
                .contains("| rows/s | 1,000,000 (800,000 to 1,200,000) | 200,000 (100,000 to 400,000) |"
                        + " 4.00 (3.00 to 10.0) |");
    }

    @Test
    void aGoalIsMetOrMissedByTheMedian() {
        assertThat(report.verdicts())
                .extracting(Goal.Verdict::toString)
                .containsExactly("missed: w1 rows/s 4.00 times better than spark, goal 5.00");
    }

    @Test
    void aRunThatFailedSaysWhyAndHasNoFigures() {
        Report failed = new Report(
                List.of(outcome("spark", 1, Metric.ROWS_PER_SECOND, 0, "spark ended with exit code 1.\nat line")));
        assertThat(failed.table())
                .contains("w1, round 1: spark ended with exit code 1.\n")
                .doesNotContain("at line");
        assertThat(failed.spread(Workload.W1, "spark", Metric.ROWS_PER_SECOND)).isEmpty();
    }

    @Test
    void thePictureHasABarForEachPeer() throws Exception {
        byte[] svg = Plot.of(report).getBytes(StandardCharsets.UTF_8);
        int bars = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg))
                .getElementsByTagName("rect")
                .getLength();
        assertThat(bars).isEqualTo(1 + 2); // and the ground
    }

    @Test
    void percentilesAreOfTheValuesThemselves() {
        double[] values = {5, 1, 4, 2, 3};
        assertThat(Statistics.percentile(values, 0.5)).isEqualTo(3);
        assertThat(Statistics.percentile(values, 0.99)).isEqualTo(5);
        assertThat(Spread.of(List.of(1.0, 4.0))).isEqualTo(new Spread(2.5, 1, 4));
    }
}
