package io.tidemark.ops.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.ops.drill.TidemarkCommand;
import io.tidemark.ops.spark.SparkAggregates.Outcome;
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
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Aggregates of groups of sample rows, computed by both engines: the same type, the same columns kept for a group (which is
 * what makes state readable by both) and the same values to the last bit, or the same error condition. The aggregates stand
 * in {@code aggregates.sql}, the rows in {@code aggregate-rows.json}; one group has nulls only.
 */
@ExtendWith(SparkAndKafka.class)
class AggregateEquivalenceTest {
    private static final String SCHEMA =
            "g INT, b BOOLEAN, ti TINYINT, si SMALLINT, i INT, l BIGINT, f FLOAT, d DOUBLE,"
                    + " e DOUBLE, dec5 DECIMAL(5, 2), dec8 DECIMAL(8, 2), dec10 DECIMAL(10, 2), dec11 DECIMAL(11, 3),"
                    + " dec12 DECIMAL(12, 3), dec20 DECIMAL(20, 4), dec38 DECIMAL(38, 10), s STRING, n STRING, bin BINARY,"
                    + " dt DATE, ts TIMESTAMP, ntz TIMESTAMP_NTZ, arr ARRAY<INT>, sarr ARRAY<STRING>, darr ARRAY<DOUBLE>,"
                    + " m MAP<STRING, INT>, st STRUCT<a: INT, b: STRING>, big BIGINT, huge DECIMAL(38, 0)";
    private static final List<String> WITHOUT_ANSI = List.of(
            "sum(big)",
            "try_sum(big)",
            "sum(huge)",
            "avg(huge)",
            "corr(big, e)",
            "skewness(e / 1e60)",
            "sum(n)",
            "sum(s)",
            "sum(ts)",
            "bool_and(s)",
            "sum(CAST(i AS DECIMAL(3, 0)))");
    private static final int NUMBERS = (1 << 17) - 1;
    private static final List<String> OF_NUMBERS = List.of(
            "approx_count_distinct(id)",
            "approx_count_distinct(id, 0.39)",
            "approx_count_distinct(id, 0.15)",
            "approx_count_distinct(CAST(id AS STRING), 0.1)",
            "approx_count_distinct(CAST(id AS DOUBLE), 0.03)",
            "approx_count_distinct(CAST(id % 1000 AS DECIMAL(20, 2)))",
            "kurtosis(id)",
            "corr(id, id % 7)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Running running;

    AggregateEquivalenceTest(Running running) {
        this.running = running;
    }

    @Test
    void aggregatesGiveAndKeepWhatSparksDo() throws Exception {
        List<String> calls =
                lines("aggregates.sql").filter(line -> !line.startsWith("--")).toList();
        List<String> rows = lines("aggregate-rows.json").toList();
        compare(calls, rows, true);
        compare(WITHOUT_ANSI, rows, false);
    }

    @Test
    void estimatesAreEqualForAnyNumberOfValues() throws Exception {
        List<Outcome> bySpark = bySpark(OF_NUMBERS, true, spark -> spark.range(0, NUMBERS, 1, 1)
                .selectExpr("length(bin(id + 1)) - 1 AS g", "id")
                .createOrReplaceTempView("t"));
        ObjectNode input = JSON.createObjectNode().put("numbers", NUMBERS);
        assertSame(OF_NUMBERS, bySpark, byTidemark(OF_NUMBERS, input));
    }

    private void compare(List<String> calls, List<String> rows, boolean ansi) throws Exception {
        List<Outcome> bySpark = bySpark(calls, ansi, spark -> {
            spark.createDataset(rows, Encoders.STRING())
                    .coalesce(1)
                    .toDF("json")
                    .createOrReplaceTempView("input");
            spark.sql("SELECT d.* FROM (SELECT from_json(json, '" + SCHEMA + "') AS d FROM input)")
                    .createOrReplaceTempView("t");
        });
        ObjectNode input = JSON.createObjectNode().put("schema", SCHEMA).put("ansi", ansi);
        rows.forEach(input.putArray("rows")::add);
        assertSame(calls, bySpark, byTidemark(calls, input));
    }

    private static void assertSame(List<String> calls, List<Outcome> bySpark, List<Outcome> byTidemark) {
        List<String> different = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            Outcome theirs = comparable(calls.get(i), bySpark.get(i));
            Outcome ours = comparable(calls.get(i), byTidemark.get(i));
            if (!theirs.equals(ours)) {
                different.add(calls.get(i) + "\n      Spark:    " + theirs + "\n      Tidemark: " + ours);
            }
        }
        assertThat(different).as("aggregates that differ, of " + calls.size()).isEmpty();
    }

    /** A set has no order, and of an error only the main condition counts. */
    private static Outcome comparable(String call, Outcome outcome) {
        String values = outcome.values();
        if (call.startsWith("collect_set")) {
            char[] sorted = values.toCharArray();
            Arrays.sort(sorted);
            values = new String(sorted);
        } else if (values.startsWith("error ")) {
            values = values.replaceFirst("\\..*", "");
        }
        return new Outcome(outcome.type(), outcome.buffer(), values);
    }

    private List<Outcome> bySpark(List<String> calls, boolean ansi, Consumer<SparkSession> view) {
        SparkSession spark = running.spark().newSession();
        SparkSession.setActiveSession(spark);
        try {
            spark.conf().set("spark.sql.session.timeZone", "UTC");
            spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
            spark.conf().set("spark.sql.ansi.enabled", String.valueOf(ansi));
            view.accept(spark);
            return new SparkAggregates(spark).outcomes(calls);
        } finally {
            SparkSession.setActiveSession(running.spark());
        }
    }

    private List<Outcome> byTidemark(List<String> calls, ObjectNode input) throws IOException, InterruptedException {
        calls.forEach(input.putArray("calls")::add);
        Path directory = running.newDirectory("aggregates");
        Path file = directory.resolve("input.json");
        JSON.writeValue(file.toFile(), input);
        Path output = directory.resolve("output.jsonl");
        Path errors = directory.resolve("errors.txt");
        Path drill =
                Path.of(System.getProperty(TidemarkCommand.CLASS_PATH_FILE)).resolveSibling("classes");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        drill + ":" + TidemarkCommand.ofThisBuild().classPath(),
                        "io.tidemark.ops.drill.aggregate.AggregateProbe",
                        file.toString())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        List<Outcome> outcomes = new ArrayList<>();
        for (String line : Files.readAllLines(output)) {
            if (line.startsWith("{\"call\"")) {
                outcomes.add(outcome(JSON.readTree(line)));
            }
        }
        assertThat(outcomes).hasSameSizeAs(calls);
        return outcomes;
    }

    private static Outcome outcome(JsonNode line) {
        if (line.has("analysisError")) {
            return new Outcome("refused", "none", "refused");
        } else if (line.has("bug")) {
            return new Outcome("bug", "none", line.path("bug").asText());
        }
        List<String> values = new ArrayList<>();
        line.path("values").forEach(value -> values.add(value.asText()));
        return new Outcome(
                line.path("type").asText() + (line.path("nullable").asBoolean() ? "" : " NOT NULL"),
                line.path("buffer").asText(),
                line.has("error") ? "error " + line.path("error").asText() : values.toString());
    }

    private static Stream<String> lines(String resource) throws IOException {
        try (InputStream in = AggregateEquivalenceTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines();
        }
    }
}
