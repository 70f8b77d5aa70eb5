package io.tidemark.ops.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.spark.SparkAndKafka.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.UnsupportedOperationChecker$;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Asks Spark for what {@code statements.txt} of the runtime's tests says about it: the schema of each statement over
 * streams, and the output modes in which it may run. The runtime's own test holds Tidemark against the same file.
 */
@ExtendWith(SparkAndKafka.class)
class StatementsTest {
    private static final Path STATEMENTS =
            Path.of("../../stream-runtime/src/test/resources/io/tidemark/runtime/analysis/statements.txt");
    private static final List<OutputMode> MODES =
            List.of(OutputMode.Append(), OutputMode.Update(), OutputMode.Complete());

    private final Running running;

    StatementsTest(Running running) {
        this.running = running;
    }

    @Test
    void sparkSaysWhatTheFileSays() throws IOException {
        SparkSession spark = running.spark().newSession();
        SparkSession.setActiveSession(spark);
        try {
            views(spark);
            List<String> different = new ArrayList<>();
            List<String> lines = Files.readAllLines(STATEMENTS);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).startsWith("  ")) {
                    String outcome = outcome(spark, lines.get(i - 1));
                    if (!outcome.equals(lines.get(i).strip())) {
                        different.add(lines.get(i - 1) + "\n      Spark: " + outcome);
                    }
                }
            }
            assertThat(different).isEmpty();
        } finally {
            SparkSession.setActiveSession(running.spark());
        }
    }

    private static void views(SparkSession spark) {
        spark.readStream()
                .format("rate")
                .load()
                .selectExpr(
                        "CAST(value AS STRING) AS page",
                        "CAST(value AS INT) AS v",
                        "CAST(value AS DOUBLE) AS d",
                        "timestamp AS ts",
                        "map('a', CAST(value AS INT)) AS m",
                        "named_struct('x', CAST(value AS INT)) AS s",
                        "concat(value, ' minutes') AS gap",
                        "CAST(timestamp AS TIMESTAMP_NTZ) AS ntz",
                        "CAST(value AS DECIMAL(10,2)) AS dec",
                        "value > 3 AS b",
                        "coalesce(value, 0L) AS id")
                .createOrReplaceTempView("raw");
        spark.table("raw").withWatermark("ts", "10 minutes").createOrReplaceTempView("events");
    }

    private static String outcome(SparkSession spark, String sql) {
        Dataset<Row> result;
        try {
            result = spark.sql(sql);
        } catch (Exception refused) { // what Scala throws is not declared
            boolean meant = refused instanceof AnalysisException || refused instanceof IllegalArgumentException;
            return meant ? "refused" : refused.toString();
        }
        return MODES.stream().map(mode -> mayRun(result, mode) ? "+" : "-").collect(Collectors.joining())
                + " "
                + Arrays.stream(result.schema().fields())
                        .map(StructField::toDDL)
                        .collect(Collectors.joining(", "));
    }

    private static boolean mayRun(Dataset<Row> result, OutputMode mode) {
        try {
            UnsupportedOperationChecker$.MODULE$.checkForStreaming(
                    result.queryExecution().analyzed(), mode);
            return true;
        } catch (Exception e) { // what Scala throws is not declared
            assertThat(e).isInstanceOf(AnalysisException.class);
            return false;
        }
    }
}
