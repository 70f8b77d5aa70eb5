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
import java.util.Arrays;
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
        List<String> expressions = lines("expressions.sql").stream()
                .filter(line -> !line.isBlank() && !line.startsWith("--"))
                .toList();
        List<String> bySpark = bySpark(rows, expressions);
        List<String> byTidemark = byTidemark(rows, expressions);
        List<String> different = new ArrayList<>();
        for (int i = 0; i < expressions.size(); i++) {
            if (!bySpark.get(i).equals(byTidemark.get(i))) {
                different.add(expressions.get(i) + "\n      Spark:    " + bySpark.get(i) + "\n      Tidemark: "
                        + byTidemark.get(i));
            }
        }
        assertThat(different)
                .as("expressions that differ, of " + expressions.size())
                .isEmpty();
    }

    private List<String> bySpark(List<String> rows, List<String> expressions) {
        SparkSession spark = running.spark().newSession();
        spark.conf().set("spark.sql.session.timeZone", "UTC");
        spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
        spark.createDataset(rows, Encoders.STRING()).toDF("json").createOrReplaceTempView("input");
        spark.sql("SELECT d.* FROM (SELECT from_json(json, '" + SCHEMA + "') AS d FROM input)")
                .coalesce(1)
                .createOrReplaceTempView("t");
        List<String> outcomes = new ArrayList<>();
        for (String expression : expressions) {
            outcomes.add(bySpark(spark, expression));
        }
        return outcomes;
    }

    private static String bySpark(SparkSession spark, String expression) {
        try {
            Dataset<Row> result = spark.sql("SELECT id, " + expression + " AS r FROM t");
            String type = result.schema().apply(1).dataType().sql();
            List<String> values = Arrays.stream((Row[]) result.orderBy("id").collect())
                    .map(row -> CanonicalValue.text(row.get(1)))
                    .toList();
            return type + " " + values;
        } catch (RuntimeException e) {
            return error(e);
        } catch (Exception e) { // what Scala throws is not declared
            return error(e);
        }
    }

    private static String error(Exception failure) {
        if (failure instanceof AnalysisException) {
            return "refused";
        }
        @Nullable Throwable cause = failure;
        String condition = failure.toString();
        while (cause != null) {
            if (cause instanceof SparkThrowable spark && spark.getCondition() != null) {
                condition = spark.getCondition();
            }
            cause = cause.getCause();
        }
        return "error " + condition;
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
