package io.tidemark.ops.drill.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.api.Dataset;
import io.tidemark.api.Row;
import io.tidemark.api.TidemarkSession;
import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.streaming.StreamingQueryException;
import io.tidemark.api.streaming.Trigger;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.connectors.builtin.MemorySink;
import io.tidemark.connectors.builtin.MemoryStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program: reads {@code {"schema": DDL, "rows": [JSON text …], "expressions": [SQL …]}} from the file that its argument
 * names and prints one line of JSON for each expression: its type and the values in the order of the rows' {@code id}, or
 * the error. The rows get in through {@code from_json}.
 */
public final class ExpressionProbe {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final StructType INPUT = StructType.EMPTY.add("json", AtomicType.STRING);

    private ExpressionProbe() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        JsonNode input = JSON.readTree(Path.of(args[0]).toFile());
        try (TidemarkSession session = TidemarkSession.builder()
                        .config("spark.sql.session.timeZone", "UTC")
                        .getOrCreate();
                MemoryStream rows = MemoryStream.create(INPUT)) {
            List<Row> texts = new ArrayList<>();
            input.path("rows").forEach(row -> texts.add(rows.row(row.asText())));
            rows.add(texts);
            rows.toDataset(session).createOrReplaceTempView("input");
            session.sql("SELECT d.* FROM (SELECT from_json(json, '"
                            + input.path("schema").asText() + "') AS d FROM input)")
                    .createOrReplaceTempView("t");
            int number = 0;
            for (JsonNode expression : input.path("expressions")) {
                out.println(evaluate(session, expression.asText(), "probe-" + number++));
                out.flush();
            }
        }
    }

    private static ObjectNode evaluate(TidemarkSession session, String expression, String name)
            throws InterruptedException {
        ObjectNode outcome = JSON.createObjectNode().put("expression", expression);
        try {
            Dataset<Row> result = session.sql("SELECT id, " + expression + " AS r FROM t");
            outcome.put("type", result.schema().field(1).dataType().sql());
            result.writeStream()
                    .format("memory")
                    .queryName(name)
                    .trigger(Trigger.AvailableNow())
                    .start()
                    .awaitTermination();
            List<Row> rows = MemorySink.rows(name).stream()
                    .sorted(Comparator.comparingLong(row -> row.getLong(0)))
                    .toList();
            ArrayNode values = outcome.putArray("values");
            rows.forEach(row -> values.add(CanonicalValue.text(row.get(1))));
        } catch (AnalysisException e) {
            return outcome.put("analysisError", e.getMessage());
        } catch (StreamingQueryException | EvaluationException e) {
            return outcome.put("error", condition(e)).put("message", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return outcome.put("bug", e.toString());
        } finally {
            MemorySink.drop(name);
        }
        return outcome;
    }

    private static String condition(Throwable failure) {
        @Nullable Throwable cause = failure;
        while (cause != null) {
            if (cause instanceof EvaluationException evaluation) {
                return evaluation.condition();
            }
            cause = cause.getCause();
        }
        return "none in " + failure;
    }
}
