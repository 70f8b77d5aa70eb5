package io.tidemark.ops.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.streaming.runtime.MemoryStream;
import org.apache.spark.sql.streaming.StateOperatorProgress;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import scala.jdk.javaapi.CollectionConverters;

/** Runs a drawn query on Spark, step by step, and says of it what Tidemark's probe says. */
final class SparkProbe {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SparkSession spark;
    private final JsonNode spec;
    private final Path checkpoint;
    private final Map<Long, List<String>> batches = new ConcurrentSkipListMap<>();
    private final Set<Long> reported = new HashSet<>();

    SparkProbe(SparkSession session, JsonNode spec, Path directory) {
        this.spark = session.newSession();
        this.spec = spec;
        this.checkpoint = directory.resolve(spec.path("name").asText());
    }

    /** Runs it; a query that Spark refuses says so under {@code refused}, one that fails under {@code error}. */
    ObjectNode run() throws Exception {
        SparkSession before = SparkSession.active();
        SparkSession.setActiveSession(spark);
        ObjectNode outcome =
                JSON.createObjectNode().put("query", spec.path("name").asText());
        try {
            spark.conf().set("spark.sql.session.timeZone", "UTC");
            spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
            spark.conf()
                    .set(
                            "spark.sql.streaming.stateStore.providerClass",
                            "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider");
            spark.conf().set("spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled", "true");
            if (!spec.path("codegen").asBoolean()) { // compiling costs more than ten rows
                spark.conf().set("spark.sql.codegen.wholeStage", "false");
                spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
            }
            spec.path("conf").properties().forEach(e -> spark.conf()
                    .set(e.getKey(), e.getValue().asText()));
            MemoryStream<String> rows = MemoryStream.apply(spark, Encoders.STRING());
            Dataset<Row> result = define(rows);
            outcome.put("type", result.schema().simpleString());
            steps(result, rows, outcome.putArray("steps"));
            if (spec.path("kept").asBoolean()) {
                outcome.set("kept", kept());
            }
            return outcome;
        } catch (Exception e) { // what Scala throws is not declared
            if (e instanceof AnalysisException) {
                return outcome.put("refused", e.getMessage());
            } else if (e instanceof StreamingQueryException failed) {
                return outcome.put("error", failed.cause().toString());
            }
            throw e;
        } finally {
            SparkSession.setActiveSession(before);
        }
    }

    private Dataset<Row> define(MemoryStream<String> rows) {
        rows.toDF().toDF("json").createOrReplaceTempView("input");
        spark.sql("SELECT d.* FROM (SELECT from_json(json, '"
                        + spec.path("schema").asText() + "') AS d FROM input)")
                .createOrReplaceTempView("t");
        for (JsonNode view : spec.path("views")) {
            Dataset<Row> defined = spark.sql(view.path("sql").asText());
            if (view.has("watermark")) {
                defined = defined.withWatermark(
                        view.path("watermark").asText(), view.path("delay").asText());
            }
            if (view.has("duplicates")) {
                List<String> columns = new ArrayList<>();
                view.path("duplicates").forEach(c -> columns.add(c.asText()));
                String[] names = columns.toArray(String[]::new);
                defined = view.path("withinWatermark").asBoolean()
                        ? defined.dropDuplicatesWithinWatermark(names)
                        : defined.dropDuplicates(names);
            }
            defined.createOrReplaceTempView(view.path("name").asText());
        }
        return spark.sql(spec.path("sql").asText());
    }

    private void steps(Dataset<Row> result, MemoryStream<String> rows, ArrayNode steps) throws Exception {
        StreamingQuery query = null;
        long seen = -1;
        boolean complete = spec.path("mode").asText().equals("complete");
        try {
            for (JsonNode step : spec.path("steps")) {
                if (query != null && step.path("restart").asBoolean()) {
                    query.stop();
                    query = null;
                    if (step.path("again").asBoolean()) {
                        seen = forgetNewestCommit() - 1;
                    }
                }
                for (JsonNode block : step.path("blocks")) {
                    List<String> texts = new ArrayList<>();
                    block.forEach(text -> texts.add(text.asText()));
                    rows.addData(CollectionConverters.asScala(texts).toSeq());
                }
                if (query == null) {
                    query = start(result);
                }
                query.processAllAvailable();
                ObjectNode node = steps.addObject();
                for (Map.Entry<Long, List<String>> batch : batches.entrySet()) {
                    if (batch.getKey() > seen) {
                        ArrayNode values =
                                node.putArray(complete ? "last" : batch.getKey().toString());
                        batch.getValue().forEach(values::add);
                        seen = batch.getKey();
                    }
                }
                if (!spec.path("inOrder").asBoolean()) {
                    node.set("state", state(query)); // below a sort an operator runs twice, and counts both
                }
            }
        } finally {
            if (query != null) {
                query.stop();
            }
        }
    }

    /** Makes the newest batch one that is not committed; returns its id. */
    private long forgetNewestCommit() throws IOException {
        Path commits = checkpoint.resolve("commits");
        try (Stream<Path> files = Files.list(commits)) {
            long newest = files.map(file -> file.getFileName().toString())
                    .filter(file -> !file.startsWith("."))
                    .mapToLong(Long::parseLong)
                    .max()
                    .orElseThrow();
            Files.delete(commits.resolve(Long.toString(newest)));
            Files.deleteIfExists(commits.resolve("." + newest + ".crc"));
            return newest;
        }
    }

    private StreamingQuery start(Dataset<Row> result) throws TimeoutException {
        boolean inOrder = spec.path("inOrder").asBoolean();
        return result.writeStream()
                .outputMode(spec.path("mode").asText())
                .option("checkpointLocation", checkpoint.toString())
                .foreachBatch((rows, batchId) -> {
                    List<String> texts = new ArrayList<>();
                    rows.collectAsList().forEach(row -> texts.add(CanonicalValue.text(row)));
                    if (!inOrder) {
                        texts.sort(null);
                    }
                    batches.put(batchId, texts);
                })
                .start();
    }

    /** What each operator says of each batch since the start that was not seen before. */
    private ObjectNode state(StreamingQuery query) {
        ObjectNode state = JSON.createObjectNode();
        for (StreamingQueryProgress progress : query.recentProgress()) {
            if (!reported.add(progress.batchId())) {
                continue;
            }
            for (int i = 0; i < progress.stateOperators().length; i++) {
                StateOperatorProgress operator = progress.stateOperators()[i];
                state.putObject("batch " + progress.batchId() + " operator " + i)
                        .put("rows", operator.numRowsTotal())
                        .put("updated", operator.numRowsUpdated())
                        .put("removed", operator.numRowsRemoved())
                        .put("late", operator.numRowsDroppedByWatermark());
            }
        }
        return state;
    }

    /** The rows of all state stores as the newest batch left them, by operator. */
    private ObjectNode kept() {
        ObjectNode kept = JSON.createObjectNode();
        int operators = checkpoint.resolve("state").toFile().list((directory, name) -> !name.startsWith(".")).length;
        for (int operator = 0; operator < operators; operator++) {
            ArrayNode rows = kept.putArray("operator " + operator);
            spark
                    .read()
                    .format("statestore")
                    .option("operatorId", operator)
                    .load(checkpoint.toString())
                    .selectExpr("partition_id", "key", "value")
                    .toJSON()
                    .collectAsList()
                    .stream()
                    .sorted()
                    .forEach(rows::add);
        }
        return kept;
    }
}
