package io.tidemark.runtime.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.types.AtomicType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MomentsTest {
    private static final Object[] DICE = {2, 4, 4, 4, null, 5, 5, 7, 9};

    @Test
    void deviationsAndVariances() {
        assertThat(AggregateRun.of("stddev_pop", AtomicType.INT).over(DICE)).isEqualTo(2.0);
        assertThat(AggregateRun.of("var_pop", AtomicType.INT).over(DICE)).isEqualTo(4.0);
        assertThat(AggregateRun.of("variance", AtomicType.INT).over(DICE)).isEqualTo(32.0 / 7);
        assertThat(AggregateRun.of("std", AtomicType.INT).over(DICE)).isEqualTo(Math.sqrt(32.0 / 7));
        assertThat(AggregateRun.of("stddev", AtomicType.INT).buffer())
                .isEqualTo("n DOUBLE NOT NULL, avg DOUBLE NOT NULL, m2 DOUBLE NOT NULL");
        assertThat(AggregateRun.of("stddev", AtomicType.INT).call())
                .as("all names of the sample form are kept once")
                .isEqualTo(AggregateRun.of("stddev_samp", AtomicType.INT).call())
                .isNotEqualTo(AggregateRun.of("stddev_pop", AtomicType.INT).call());
    }

    @Test
    void skewnessAndKurtosis() {
        // what Spark 4.1.3 gives for one partition
        assertThat(AggregateRun.of("skewness", AtomicType.INT).over(-10, -20, 100, 1000))
                .isEqualTo(1.1135657469022011);
        assertThat(AggregateRun.of("kurtosis", AtomicType.INT).over(-10, -20, 100, 1000))
                .isEqualTo(-0.7014368047529609);
        assertThat(AggregateRun.of("kurtosis", AtomicType.INT).buffer())
                .isEqualTo("n DOUBLE NOT NULL, avg DOUBLE NOT NULL, m2 DOUBLE NOT NULL, m3 DOUBLE NOT NULL,"
                        + " m4 DOUBLE NOT NULL");
    }

    @Test
    void covarianceAndCorrelationOfRowsWithBoth() {
        List<List<Integer>> rows =
                List.of(List.of(3, 2), List.of(3, 3), Arrays.asList(null, 9), Arrays.asList(9, null), List.of(6, 4));
        assertThat(run("covar_pop").overRows(rows)).isEqualTo(1.0);
        assertThat(run("covar_samp").overRows(rows)).isEqualTo(1.5);
        assertThat(run("corr").overRows(rows)).isEqualTo(0.8660254037844387);
        assertThat(run("covar_pop").buffer())
                .isEqualTo("n DOUBLE NOT NULL, xAvg DOUBLE NOT NULL, yAvg DOUBLE NOT NULL, ck DOUBLE NOT NULL");
        assertThat(run("corr").buffer()).endsWith("ck DOUBLE NOT NULL, xMk DOUBLE NOT NULL, yMk DOUBLE NOT NULL");
    }

    private static AggregateRun run(String function) {
        return AggregateRun.of(function, AtomicType.INT, AtomicType.INT);
    }

    @Test
    void whatHasNoAnswerIsNull() {
        for (String function : List.of("stddev_samp", "var_samp", "skewness", "kurtosis")) {
            assertThat(AggregateRun.of(function, AtomicType.DOUBLE).over(1.0)).isNull();
            assertThat(AggregateRun.of(function, AtomicType.DOUBLE).over()).isNull();
        }
        assertThat(AggregateRun.of("stddev_pop", AtomicType.DOUBLE).over(1.0)).isEqualTo(0.0);
        assertThat(AggregateRun.of("skewness", AtomicType.DOUBLE).over(1.0, 1.0))
                .isNull();
        assertThat(AggregateRun.of("stddev", AtomicType.DOUBLE).over(1.0, Double.NaN))
                .isEqualTo(Double.NaN);
        assertThat(run("covar_samp").overRows(List.of(List.of(1, 1)))).isNull();
        assertThat(run("corr").overRows(List.of(List.of(1, 1)))).isNull();
    }

    @Test
    void aCorrelationWithAConstantDividesByZero() {
        List<List<Integer>> rows = List.of(List.of(1, 1), List.of(1, 2));
        assertThatThrownBy(() -> run("corr").overRows(rows)).hasMessageStartingWith("[DIVIDE_BY_ZERO]");
        assertThat(AggregateRun.withoutAnsi("corr", AtomicType.INT, AtomicType.INT)
                        .overRows(rows))
                .isNull();
        assertThatThrownBy(() -> AggregateRun.of("skewness", AtomicType.DOUBLE).over(1e-60, 2e-60, 5e-60))
                .hasMessageStartingWith("[DIVIDE_BY_ZERO]");
    }
}
