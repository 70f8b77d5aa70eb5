package io.tidemark.ops.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** All figures of all runs, for programs: one object for each run, and on what they ran. */
final class JsonReport {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private JsonReport() {}

    static void write(Report report, BenchOptions options, Path file) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("at", Instant.now().toString());
        root.put("cores", Runtime.getRuntime().availableProcessors());
        root.put("java", System.getProperty("java.vm.version"));
        root.put("rows", options.rows());
        root.put("users", options.users());
        root.put("seed", options.seed());
        root.put("compression", options.compression());
        ArrayNode runs = root.putArray("runs");
        for (Outcome outcome : report.outcomes()) {
            ObjectNode run = runs.addObject();
            run.put("workload", outcome.workload().label());
            run.put("peer", outcome.peer());
            run.put("round", outcome.round());
            if (outcome.failure() != null) {
                run.put("failure", outcome.failure());
            }
            ObjectNode figures = run.putObject("figures");
            for (Map.Entry<Metric, Double> figure : outcome.figures().entrySet()) {
                figures.put(figure.getKey().name().toLowerCase(Locale.ROOT), figure.getValue());
            }
            ObjectNode threads = run.putObject("cpu_micros_by_thread");
            outcome.cpuByThread().forEach(threads::put);
        }
        Files.writeString(file, JSON.writeValueAsString(root) + "\n");
    }
}
