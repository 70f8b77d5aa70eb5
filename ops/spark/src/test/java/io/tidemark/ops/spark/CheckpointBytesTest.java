package io.tidemark.ops.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.spark.SparkAndKafka.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same query over the same topics, once by each engine: what they leave must be the same bytes. */
@ExtendWith(SparkAndKafka.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckpointBytesTest {
    private static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

    private final Running running;
    private Path spark = Path.of("");
    private Path tidemark = Path.of("");

    CheckpointBytesTest(Running running) {
        this.running = running;
    }

    @BeforeAll
    void bothRunTheQuery() throws Exception {
        HandOver bySpark = new HandOver(running, "bytes-b", "bytes-a", "bytes-c").send(1_000);
        HandOver byTidemark = bySpark.again();
        bySpark.runSpark().assertExactlyOnce();
        byTidemark.runTidemark().assertExactlyOnce();
        spark = bySpark.checkpoint();
        tidemark = byTidemark.checkpoint();
    }

    @Test
    void metadataHasTheSameShape() throws IOException {
        String shape = "\\{\"id\":\"" + UUID + "\"}";
        assertThat(Files.readString(spark.resolve("metadata"))).matches(shape);
        assertThat(Files.readString(tidemark.resolve("metadata"))).matches(shape);
    }

    @Test
    void offsetsAreTheSameButForTheTime() throws IOException {
        List<String> names = names(spark.resolve("offsets"));
        assertThat(names(tidemark.resolve("offsets"))).isEqualTo(names).hasSizeGreaterThan(1);
        for (String name : names) {
            assertThat(withoutTime(tidemark.resolve("offsets").resolve(name)))
                    .isEqualTo(withoutTime(spark.resolve("offsets").resolve(name)));
        }
    }

    @Test
    void commitsAreTheSame() throws IOException {
        List<String> names = names(spark.resolve("commits"));
        assertThat(names(tidemark.resolve("commits"))).isEqualTo(names);
        for (String name : names) {
            assertThat(tidemark.resolve("commits").resolve(name))
                    .hasSameBinaryContentAs(spark.resolve("commits").resolve(name));
        }
    }

    @Test
    void theSourcesInitialOffsetsAreTheSame() throws IOException {
        assertThat(names(tidemark.resolve("sources"))).isEqualTo(names(spark.resolve("sources")));
        assertThat(tidemark.resolve("sources/0/0")).hasSameBinaryContentAs(spark.resolve("sources/0/0"));
    }

    @Test
    void nothingElseStandsInTheFoldersThatSparkReads() throws IOException {
        assertThat(names(tidemark))
                .contains("commits", "metadata", "offsets", "sources")
                .allMatch(name -> names(spark).contains(name) || name.equals("_tidemark"));
        for (String folder : List.of("offsets", "commits", "sources/0")) {
            try (Stream<Path> files = Files.list(tidemark.resolve(folder))) {
                assertThat(files).allMatch(f -> f.getFileName().toString().matches("0|[1-9][0-9]*"));
            }
        }
    }

    private static String withoutTime(Path file) throws IOException {
        return Files.readString(file).replaceFirst("\"batchTimestampMs\":[0-9]+", "\"batchTimestampMs\":0");
    }

    private static List<String> names(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
