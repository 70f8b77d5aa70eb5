package io.tidemark.ops.drill.equivalence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.api.Dataset;
import io.tidemark.api.Row;
import io.tidemark.api.TidemarkSession;
import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.StateOperatorProgress;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.streaming.StreamingQueryProgress;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.connectors.builtin.MemorySink;
import io.tidemark.connectors.builtin.MemoryStream;
import io.tidemark.ops.drill.expression.CanonicalValue;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A program: {@code StreamingProbe FILE DIRECTORY} runs each query of the file, a line of JSON each, and prints a line of
 * JSON with what each step gave. A query is {@code {"name", "schema": DDL, "views": [{"name", "sql", "watermark"?, "delay"?,
 * "duplicates"?: [column …], "withinWatermark"?}], "sql", "mode", "inOrder"?, "kept"?, "conf": {}, "steps": [{"restart":
 * bool, "again"?, "blocks": [[JSON text …] …]}]}}; rows stand in the view {@code t}. A step adds its blocks and waits until
 * the query has nothing to do; before a restart {@code again} takes back the newest commit. {@code kept} asks for the rows
 * of all state stores at the end.
 */
public final class StreamingProbe {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final StructType INPUT = StructType.EMPTY.add("json", AtomicType.STRING);

    private final JsonNode spec;
    private final String name;
    private final Path checkpoint;
    private final Set<Long> reported = new HashSet<>();

    private StreamingProbe(JsonNode spec, Path directory) {
        this.spec = spec;
        this.name = spec.path("name").asText();
        this.checkpoint = directory.resolve(name);
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            out.println(new StreamingProbe(JSON.readTree(line), Path.of(args[1])).run());
            out.flush();
        }
    }

    private ObjectNode run() throws InterruptedException {
        ObjectNode outcome = JSON.createObjectNode().put("query", name);
        TidemarkSession.Builder builder = TidemarkSession.builder().config("spark.sql.session.timeZone", "UTC");
        spec.path("conf")
                .properties()
                .forEach(e -> builder.config(e.getKey(), e.getValue().asText()));
        try (TidemarkSession session = builder.getOrCreate();
                MemoryStream rows = MemoryStream.create(INPUT)) {
            Dataset<Row> result = define(session, rows);
            outcome.put("type", result.schema().simpleString());
            steps(result, rows, outcome.putArray("steps"));
            if (spec.path("kept").asBoolean()) {
                outcome.set("kept", KeptState.of(checkpoint));
            }
        } catch (AnalysisException e) {
            return outcome.put("refused", e.getMessage());
        } catch (TidemarkException e) {
            return outcome.put("error", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return outcome.put("bug", e + " at " + (e.getStackTrace().length > 0 ? e.getStackTrace()[0] : "?"));
        } finally {
            MemorySink.drop(name);
        }
        return outcome;
    }

    private Dataset<Row> define(TidemarkSession session, MemoryStream rows) {
        rows.toDataset(session).createOrReplaceTempView("input");
        session.sql("SELECT d.* FROM (SELECT from_json(json, '"
                        + spec.path("schema").asText() + "') AS d FROM input)")
                .createOrReplaceTempView("t");
        for (JsonNode view : spec.path("views")) {
            Dataset<Row> defined = session.sql(view.path("sql").asText());
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
        return session.sql(spec.path("sql").asText());
    }

    private void steps(Dataset<Row> result, MemoryStream rows, ArrayNode steps) throws InterruptedException {
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
                    List<Row> texts = new ArrayList<>();
                    block.forEach(text -> texts.add(rows.row(text.asText())));
                    rows.add(texts);
                }
                if (query == null) {
                    query = start(result);
                }
                query.processAllAvailable();
                ObjectNode batches = steps.addObject();
                for (Map.Entry<Long, List<Row>> batch : MemorySink.batches(name).entrySet()) {
                    if (batch.getKey() > seen) {
                        write(batches, complete ? "last" : batch.getKey().toString(), batch.getValue());
                        seen = batch.getKey();
                    }
                }
                if (!spec.path("inOrder").asBoolean()) {
                    batches.set("state", state(query)); // Spark runs an operator below a sort twice, and counts both
                }
            }
        } finally {
            if (query != null) {
                query.stop();
            }
        }
    }

    private StreamingQuery start(Dataset<Row> result) {
        return result.writeStream()
                .format("memory")
                .queryName(name)
                .outputMode(spec.path("mode").asText())
                .option("checkpointLocation", checkpoint.toString())
                .start();
    }

    private void write(ObjectNode batches, String batch, List<Row> rows) {
        List<String> texts = new ArrayList<>();
        boolean inOrder = spec.path("inOrder").asBoolean();
        rows.forEach(row -> texts.add(CanonicalValue.text(row)));
        if (!inOrder) {
            texts.sort(null);
        }
        ArrayNode values = batches.putArray(batch);
        texts.forEach(values::add);
    }

    /** Makes the newest batch one that is not committed; returns its id. */
    private long forgetNewestCommit() {
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
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What each operator says of each batch since the start that was not seen before. */
    private ObjectNode state(StreamingQuery query) {
        ObjectNode state = JSON.createObjectNode();
        for (StreamingQueryProgress progress : query.recentProgress()) {
            if (!reported.add(progress.batchId())) {
                continue;
            }
            for (int i = 0; i < progress.stateOperators().size(); i++) {
                StateOperatorProgress operator = progress.stateOperators().get(i);
                state.putObject("batch " + progress.batchId() + " operator " + i)
                        .put("rows", operator.numRowsTotal())
                        .put("updated", operator.numRowsUpdated())
                        .put("removed", operator.numRowsRemoved())
                        .put("late", operator.numRowsDroppedByWatermark());
            }
        }
        return state;
    }
}
