package io.tidemark.ops.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.ops.drill.TidemarkCommand;
import io.tidemark.ops.spark.SparkAndKafka.Running;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Expressions over sample rows, evaluated by both engines: the same type and values, or the same error condition. The
 * expressions stand in {@code expressions.sql}, the rows in {@code rows.json}.
 */
@ExtendWith(SparkAndKafka.class)
class ExpressionEquivalenceTest {
    private static final String SCHEMA = "id BIGINT, b BOOLEAN, ti TINYINT, si SMALLINT, i INT, l BIGINT, f FLOAT,"
            + " d DOUBLE, dec DECIMAL(10, 2), s STRING, t STRING, bin BINARY, dt DATE, ts TIMESTAMP, ntz TIMESTAMP_NTZ,"
            + " arr ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<a: INT, b: STRING>, sarr ARRAY<STRING>";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Running running;

    ExpressionEquivalenceTest(Running running) {
        this.running = running;
    }

    @Test
    void expressionsGiveWhatSparkGives() throws Exception {
        List<String> rows = lines("rows.json");
        List<List<String>> sections = sections(lines("expressions.sql"));
        List<String> expressions = sections.stream().flatMap(List::stream).toList();
        List<String> bySpark = bySpark(rows, sections);
        List<String> byTidemark = byTidemark(rows, expressions);
        List<String> different = new ArrayList<>();
        for (int i = 0; i < expressions.size(); i++) {
            if (!mainCondition(bySpark.get(i)).equals(mainCondition(byTidemark.get(i)))) {
                different.add(expressions.get(i) + "\n      Spark:    " + bySpark.get(i) + "\n      Tidemark: "
                        + byTidemark.get(i));
            }
        }
        assertThat(different)
                .as("expressions that differ, of " + expressions.size())
                .isEmpty();
    }

    private List<String> bySpark(List<String> rows, List<List<String>> sections) {
        SparkSession spark = running.spark().newSession();
        SparkSession.setActiveSession(spark);
        try {
            spark.conf().set("spark.sql.session.timeZone", "UTC");
            spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
            spark.createDataset(rows, Encoders.STRING())
                    .coalesce(1)
                    .toDF("json")
                    .createOrReplaceTempView("input");
            spark.sql("SELECT d.* FROM (SELECT from_json(json, '" + SCHEMA + "') AS d FROM input)")
                    .createOrReplaceTempView("t");
            List<String> outcomes = new ArrayList<>();
            for (List<String> section : sections) {
                outcomes.addAll(bySpark(spark, section));
            }
            return outcomes;
        } finally {
            SparkSession.setActiveSession(running.spark());
        }
    }

    /** All in one query if that works, for planning is what takes the time; else each in its own. */
    private static List<String> bySpark(SparkSession spark, List<String> expressions) {
        try {
            Dataset<Row> result = spark.sql("SELECT " + String.join(", ", expressions) + " FROM t");
            List<Row> rows = result.collectAsList();
            List<String> outcomes = new ArrayList<>();
            for (int i = 0; i < expressions.size(); i++) {
                int column = i;
                outcomes.add(result.schema().apply(i).dataType().sql() + " "
                        + rows.stream()
                                .map(row -> CanonicalValue.text(row.get(column)))
                                .toList());
            }
            return outcomes;
        } catch (RuntimeException e) {
            return expressions.size() == 1 ? List.of(error(e)) : oneByOne(spark, expressions);
        } catch (Exception e) { // what Scala throws is not declared
            return expressions.size() == 1 ? List.of(error(e)) : oneByOne(spark, expressions);
        }
    }

    private static List<String> oneByOne(SparkSession spark, List<String> expressions) {
        return expressions.stream()
                .flatMap(one -> bySpark(spark, List.of(one)).stream())
                .toList();
    }

    /** A comment starts a section. */
    private static List<List<String>> sections(List<String> lines) {
        List<List<String>> sections = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("--")) {
                sections.add(new ArrayList<>());
            } else {
                sections.get(sections.size() - 1).add(line);
            }
        }
        return sections;
    }

    /** Spark's sub-conditions only say which advice the text gives. */
    private static String mainCondition(String outcome) {
        return outcome.startsWith("error ") ? outcome.replaceFirst("\\..*", "") : outcome;
    }

    private static String error(Exception failure) {
        if (failure instanceof AnalysisException) {
            return "refused";
        }
        @Nullable Throwable cause = failure;
        while (cause != null) {
            if (cause instanceof SparkThrowable spark && spark.getCondition() != null) {
                return "error " + spark.getCondition();
            }
            cause = cause.getCause();
        }
        return "error in " + failure;
    }

    private List<String> byTidemark(List<String> rows, List<String> expressions)
            throws IOException, InterruptedException {
        Path directory = running.newDirectory("expressions");
        ObjectNode input = JSON.createObjectNode().put("schema", SCHEMA);
        rows.forEach(input.putArray("rows")::add);
        expressions.forEach(input.putArray("expressions")::add);
        Path file = directory.resolve("input.json");
        JSON.writeValue(file.toFile(), input);
        Path output = directory.resolve("output.jsonl");
        Path drill =
                Path.of(System.getProperty(TidemarkCommand.CLASS_PATH_FILE)).resolveSibling("classes");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        drill + ":" + TidemarkCommand.ofThisBuild().classPath(),
                        "io.tidemark.ops.drill.expression.ExpressionProbe",
                        file.toString())
                .redirectOutput(output.toFile())
                .redirectError(directory.resolve("errors.txt").toFile())
                .start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(directory.resolve("errors.txt")))
                .isZero();
        List<String> outcomes = new ArrayList<>();
        for (String line : Files.readAllLines(output)) {
            if (line.startsWith("{\"expression\"")) {
                outcomes.add(outcome(JSON.readTree(line)));
            }
        }
        assertThat(outcomes).hasSameSizeAs(expressions);
        return outcomes;
    }

    private static String outcome(JsonNode line) {
        if (line.has("values")) {
            List<String> values = new ArrayList<>();
            line.path("values").forEach(value -> values.add(value.asText()));
            return line.path("type").asText() + " " + values;
        } else if (line.has("analysisError")) {
            return "refused";
        } else if (line.has("error")) {
            return "error " + line.path("error").asText();
        }
        return line.toString();
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream in = ExpressionEquivalenceTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
