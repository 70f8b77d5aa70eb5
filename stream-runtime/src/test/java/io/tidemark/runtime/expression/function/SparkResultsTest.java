package io.tidemark.runtime.expression.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.EvaluationException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What Spark 4.1 answers, expression by expression: {@code expression ==> type | value as string}, or {@code ERR} and the
 * condition with the message, or {@code ANALYSIS} where Spark refuses before it runs. {@code @} lines set mode and zone.
 */
class SparkResultsTest {
    @TestFactory
    Stream<DynamicTest> everyExpressionGivesWhatSparkGives() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        SqlBench bench = SqlBench.standard();
        for (String line : lines()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            } else if (line.startsWith("@ansi ")) {
                bench = bench.withAnsi(Boolean.parseBoolean(line.substring(6)));
            } else if (line.startsWith("@zone ")) {
                bench = bench.in(line.substring(6));
            } else {
                int arrow = line.indexOf("  ==>  ");
                String sql = line.substring(0, arrow);
                String expected = line.substring(arrow + 7);
                SqlBench here = bench;
                tests.add(DynamicTest.dynamicTest(
                        sql + (here.ansi() ? "" : " (not ANSI)"),
                        () -> assertThat(answer(here, sql)).isEqualTo(expected)));
            }
        }
        return tests.stream();
    }

    private static String answer(SqlBench bench, String sql) {
        try {
            String type = bench.bind(sql).type().simpleString();
            return type + " | " + bench.text(sql);
        } catch (AnalysisException e) {
            return "ANALYSIS";
        } catch (EvaluationException e) {
            return "ERR " + e.getMessage();
        }
    }

    private static List<String> lines() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(SparkResultsTest.class.getResourceAsStream("spark-expressions.txt")),
                StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }
}
