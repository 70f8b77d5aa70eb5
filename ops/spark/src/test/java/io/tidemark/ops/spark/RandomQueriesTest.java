package io.tidemark.ops.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.ops.drill.TidemarkCommand;
import io.tidemark.ops.spark.SparkAndKafka.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Drawn queries over drawn rows give the same rows, batch by batch, on both engines, and keep as much state. Property
 * {@code tidemark.seed} is the first seed.
 */
@ExtendWith(SparkAndKafka.class)
class RandomQueriesTest {
    private static final boolean FULL = Boolean.getBoolean("tidemark.full");
    private static final int QUERIES = Integer.getInteger("tidemark.queries", FULL ? 240 : 20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Running running;

    RandomQueriesTest(Running running) {
        this.running = running;
    }

    @Test
    void drawnQueriesGiveWhatSparkGives() throws Exception {
        long seed = Long.getLong("tidemark.seed", 1);
        System.out.println("random queries: seeds from " + seed);
        Path directory = running.newDirectory("random-queries");
        TreeMap<String, Integer> made = new TreeMap<>();
        List<ObjectNode> specs = new ArrayList<>();
        List<JsonNode> bySpark = new ArrayList<>();
        int evicting = 0;
        int filled = 0;
        while (specs.size() < QUERIES) {
            RandomQueries.Drawn drawn = RandomQueries.draw(seed++, made);
            ObjectNode outcome = new SparkProbe(running.spark(), drawn.spec(), directory.resolve("spark")).run();
            if (outcome.has("refused")) {
                System.out.println("random queries: Spark refuses "
                        + drawn.spec().path("sql").asText() + ": "
                        + outcome.path("refused").asText().lines().findFirst().orElse(""));
                continue;
            }
            drawn.uses().forEach(use -> made.merge(use, 1, Integer::sum));
            evicting += drawn.evicts() ? 1 : 0;
            filled += hasRows(outcome) ? 1 : 0;
            specs.add(drawn.spec());
            bySpark.add(JSON.readTree(outcome.toString())); // as what comes from another process
        }
        List<JsonNode> byTidemark = byTidemark(specs, directory);
        List<String> different = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            JsonNode theirs = bySpark.get(i);
            JsonNode ours = byTidemark.get(i);
            if (!theirs.equals(ours)) {
                different.add(difference(specs.get(i), theirs, ours));
            }
        }
        System.out.println(
                "random queries: " + specs.size() + ", " + filled + " with rows, " + evicting + " let go of state");
        System.out.println("random queries: made of " + made);
        assertThat(different).as("queries that differ, of " + specs.size()).isEmpty();
        assertThat(filled).isGreaterThanOrEqualTo(specs.size() * 9 / 10);
        assertThat(evicting).isGreaterThanOrEqualTo(specs.size() / 2);
        if (FULL) {
            assertThat(made.values()).as("how often each thing was used").allMatch(times -> times >= 10);
        }
    }

    /** The query and the first of its steps that differs; its rows are drawn again by its seed. */
    private static String difference(JsonNode spec, JsonNode theirs, JsonNode ours) {
        String what = spec.path("name").asText() + " (" + spec.path("mode").asText() + ") " + spec.path("views") + " "
                + spec.path("sql").asText() + " " + spec.path("conf");
        for (int step = 0; step < theirs.path("steps").size(); step++) {
            JsonNode their = theirs.path("steps").path(step);
            JsonNode our = ours.path("steps").path(step);
            if (!their.equals(our)) {
                return what + "\n   in step " + step + " of " + restarts(spec) + "\n   Spark:    " + their
                        + "\n   Tidemark: " + (our.isMissingNode() ? ours : our);
            }
        }
        return what + "\n   Spark:    " + theirs.path("type") + "\n   Tidemark: " + ours;
    }

    private static List<String> restarts(JsonNode spec) {
        List<String> steps = new ArrayList<>();
        spec.path("steps")
                .forEach(step -> steps.add((step.path("restart").asBoolean() ? "restart+" : "")
                        + step.path("blocks").size()));
        return steps;
    }

    private static boolean hasRows(JsonNode outcome) {
        for (JsonNode step : outcome.path("steps")) {
            for (JsonNode batch : step) {
                if (batch.isArray() && !batch.isEmpty()) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<JsonNode> byTidemark(List<ObjectNode> specs, Path directory)
            throws IOException, InterruptedException {
        Path file = directory.resolve("queries.jsonl");
        Files.write(file, specs.stream().map(ObjectNode::toString).toList());
        Path output = directory.resolve("output.jsonl");
        Path drill =
                Path.of(System.getProperty(TidemarkCommand.CLASS_PATH_FILE)).resolveSibling("classes");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        drill + ":" + TidemarkCommand.ofThisBuild().classPath(),
                        "io.tidemark.ops.drill.equivalence.StreamingProbe",
                        file.toString(),
                        directory.resolve("tidemark").toString())
                .redirectOutput(output.toFile())
                .redirectError(directory.resolve("errors.txt").toFile())
                .start();
        assertThat(process.waitFor(FULL ? 30 : 5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(directory.resolve("errors.txt")))
                .isZero();
        List<JsonNode> outcomes = new ArrayList<>();
        for (String line : Files.readAllLines(output)) {
            if (line.startsWith("{\"query\"")) {
                outcomes.add(JSON.readTree(line));
            }
        }
        assertThat(outcomes).hasSameSizeAs(specs);
        return outcomes;
    }
}
