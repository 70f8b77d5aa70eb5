package io.tidemark.runtime.analysis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.runtime.expression.function.BuiltinFunctions;
import io.tidemark.runtime.plan.BoundPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Statements with what Spark said about them, see {@code statements.txt}. */
class SparkStatementsTest {
    private final TestCatalog catalog = new TestCatalog(BuiltinFunctions.registry())
            .stream(
                            "raw",
                            "page STRING, v INT, d DOUBLE, ts TIMESTAMP, m MAP<STRING, INT> NOT NULL, s STRUCT<x: INT> NOT NULL,"
                                    + " gap STRING, ntz TIMESTAMP_NTZ, dec DECIMAL(10,2), b BOOLEAN, id BIGINT NOT NULL")
                    .view("events", "SELECT * FROM raw WATERMARK ts DELAY OF INTERVAL 10 MINUTES");

    @Test
    void statementsMeanWhatTheyMeanToSpark() throws IOException {
        List<String> lines = lines();
        List<String> different = new ArrayList<>();
        int asked = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("  ")) {
                asked++;
                String sql = lines.get(i - 1);
                String ours = outcome(sql);
                if (!ours.equals(lines.get(i).strip())) {
                    different.add(sql + "\n      Spark:    " + lines.get(i).strip() + "\n      Tidemark: " + ours);
                }
            }
        }
        assertThat(different).as("of " + asked + " statements").isEmpty();
        assertThat(asked).isGreaterThan(90);
    }

    private String outcome(String sql) {
        BoundPlan plan;
        try {
            plan = catalog.analyze(sql);
        } catch (AnalysisException e) {
            return "refused";
        }
        StringBuilder modes = new StringBuilder();
        for (OutputMode mode : OutputMode.values()) {
            try {
                OutputModeCheck.check(plan, mode);
                modes.append('+');
            } catch (AnalysisException e) {
                modes.append('-');
            }
        }
        return modes + " " + plan.schema().toDdl();
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = requireNonNull(SparkStatementsTest.class.getResourceAsStream("statements.txt"));
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }
}
