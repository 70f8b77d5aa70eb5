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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Drawn queries over drawn rows give the same rows, batch by batch, on both engines, and keep the same state; what Spark
 * refuses, or what fails there, is refused or fails here as well, and does not count. Property {@code tidemark.seed} is the
 * first seed, {@code tidemark.queries} how many are to count.
 */
@ExtendWith(SparkAndKafka.class)
class RandomQueriesTest {
    private static final boolean FULL = Boolean.getBoolean("tidemark.full");
    private static final int QUERIES = Integer.getInteger("tidemark.queries", FULL ? 290 : 20);
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
        List<ObjectNode> specs = new ArrayList<>();
        List<JsonNode> bySpark = new ArrayList<>();
        for (ObjectNode refused : RefusedQueries.all()) {
            JsonNode outcome = bySpark(refused, directory);
            assertThat(Outcome.of(outcome)).as(refused.path("sql").asText()).isEqualTo(Outcome.REFUSED);
            specs.add(refused);
            bySpark.add(outcome);
        }
        TreeMap<String, Integer> drawnBefore = new TreeMap<>();
        TreeMap<String, Integer> made = new TreeMap<>();
        int evicting = 0;
        int filled = 0;
        for (int counted = 0; counted < QUERIES; ) {
            RandomQueries.Drawn drawn = RandomQueries.draw(seed++, drawnBefore);
            JsonNode outcome = bySpark(drawn.spec(), directory);
            specs.add(drawn.spec());
            bySpark.add(outcome);
            if (Outcome.of(outcome) == Outcome.RAN) {
                counted++;
                Set.copyOf(drawn.uses()).forEach(use -> made.merge(use, 1, Integer::sum));
                evicting += Outcome.letsGoOfState(outcome) ? 1 : 0;
                filled += Outcome.hasRows(outcome) ? 1 : 0;
            } else {
                System.out.println("random queries: Spark does not count "
                        + drawn.spec().path("name").asText() + ", " + Outcome.reason(outcome));
            }
        }
        List<JsonNode> byTidemark = byTidemark(specs, directory);
        List<String> different = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            if (!Outcome.same(bySpark.get(i), byTidemark.get(i))) {
                different.add(Outcome.difference(specs.get(i), bySpark.get(i), byTidemark.get(i)));
            }
        }
        System.out.println(
                "random queries: " + QUERIES + ", " + filled + " with rows, " + evicting + " let go of state");
        System.out.println("random queries: made of " + made);
        assertThat(different).as("queries that differ, of " + specs.size()).isEmpty();
        assertThat(filled).isGreaterThanOrEqualTo(QUERIES * 9 / 10);
        assertThat(evicting).isGreaterThanOrEqualTo(QUERIES / 2);
        if (FULL) {
            assertThat(made.values()).as("how often each thing was used").allMatch(times -> times >= 10);
        }
    }

    private JsonNode bySpark(ObjectNode spec, Path directory) throws Exception {
        ObjectNode outcome = new SparkProbe(running.spark(), spec, directory.resolve("spark")).run();
        return JSON.readTree(outcome.toString()); // as what comes from another process
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
