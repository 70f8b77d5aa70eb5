package io.tidemark.ops.drill.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.connectors.kafkabroker.EmbeddedKafka;
import io.tidemark.ops.drill.TidemarkCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the operations that the drill knows against those of a real run of the command line on a real disk. */
class SystemCallTraceTest {
    private static final String PIPELINE =
            """
            name: traced
            sources:
              clicks:
                format: kafka
                options:
                  kafka.bootstrap.servers: %s
                  subscribe: clicks
                  startingOffsets: earliest
                  maxOffsetsPerTrigger: 4
            views:
              - name: timed
                sql: SELECT CAST(value AS STRING) AS page, timestamp AS time FROM clicks
                watermark: { column: time, delay: 5 seconds }
            sql: |
              SELECT window.start AS start, page, count(*) AS n FROM timed GROUP BY window(time, '10 seconds'), page
            sink:
              format: delta
              path: %s/table
              options: { delta.checkpointInterval: 3 }
            outputMode: append
            trigger: { availableNow: true }
            checkpointLocation: %s/checkpoint
            conf:
              spark.sql.shuffle.partitions: 2
              spark.sql.streaming.minBatchesToRetain: 2
              spark.sql.streaming.stateStore.minDeltasForSnapshot: 2
              spark.sql.streaming.stateStore.providerClass: org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider
              spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled: true
              tidemark.state.localDir: %s/work
              tidemark.maintenance.background: false
            """;

    @TempDir
    Path directory;

    @Test
    void callsAreReadWithTheirFoldersAndWithoutWhatDiffers() {
        assertThat(SystemCallTrace.operations(Stream.of(
                        "7 openat(AT_FDCWD</w>, \"/d/checkpoint/offsets/.3.tmp\", O_WRONLY|O_CREAT, 0666) = 5</d/x>",
                        "7 openat(AT_FDCWD</w>, \"/d/checkpoint/offsets/3\", O_RDONLY) = 5</d/checkpoint/offsets/3>",
                        "7 write(5</d/checkpoint/offsets/.3.tmp>, \"\"..., 12) = 12",
                        "7 write(1</dev/pts/0>, \"\"..., 12) = 12",
                        "8 fsync(5</d/checkpoint/offsets/.3.tmp> <unfinished ...>",
                        "7 linkat(AT_FDCWD</w>, \"/d/a\", AT_FDCWD</w>, \"/d/table/_delta_log/0004.json\", 0) = 0",
                        "7 mkdir(\"/d/table\", 0777) = -1 EEXIST (File exists)")))
                .containsExactly(
                        "fsync checkpoint/offsets/.N.tmp",
                        "link table/_delta_log/N.json",
                        "open checkpoint/offsets/.N.tmp",
                        "write checkpoint/offsets/.N.tmp");
    }

    @Test
    void noDurableStepOfARealRunEscapesTheDrill() throws Exception {
        assumeTrue(canTrace(), "strace is not there, or may not trace");
        Path trace = directory.resolve("trace");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
            kafka.topics().create("clicks", 2);
            produce(kafka.bootstrapServers());
            Path pipeline = directory.resolve("traced.yaml");
            Files.writeString(pipeline, PIPELINE.formatted(kafka.bootstrapServers(), directory, directory, directory));
            run(pipeline, trace);
            run(pipeline, directory.resolve("second")); // a start on what is there
            run(pipeline, directory.resolve("third")); // the first with an epoch to remove
        }
        SortedSet<String> traced = new TreeSet<>(operations(trace));
        traced.addAll(operations(directory.resolve("second")));
        traced.addAll(operations(directory.resolve("third")));
        SortedSet<String> known = CrashPointDrill.operations();

        SortedSet<String> escaped = new TreeSet<>(traced);
        escaped.removeAll(known);
        assertThat(escaped)
                .as("operations of a real run that the drill does not know")
                .isEmpty();
        SortedSet<String> imagined = new TreeSet<>(known);
        imagined.removeAll(traced);
        assertThat(imagined)
                .as("operations of the drill that a real run does not have")
                .isEmpty();
    }

    private static SortedSet<String> operations(Path trace) throws IOException {
        try (Stream<String> lines = Files.lines(trace, StandardCharsets.ISO_8859_1)) {
            return SystemCallTrace.operations(lines);
        }
    }

    private static boolean canTrace() throws InterruptedException {
        try {
            return new ProcessBuilder("strace", "-o", "/dev/null", "true")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void produce(String servers) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers), new ByteArraySerializer(), new ByteArraySerializer())) {
            long first = System.currentTimeMillis() / 10_000 * 10_000 - 3_600_000; // younger than what retention takes
            for (int i = 0; i < 24; i++) { // six batches with data, windows that close all along
                byte[] page = {(byte) ('a' + i % 3)};
                producer.send(new ProducerRecord<>("clicks", i % 2, first + i * 4_000L, null, page));
            }
        }
    }

    private void run(Path pipeline, Path trace) throws Exception {
        TidemarkCommand command = TidemarkCommand.ofThisBuild();
        List<String> words = new ArrayList<>(SystemCallTrace.STRACE);
        words.add(trace.toString());
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(command.jvmArguments());
        words.addAll(List.of("-cp", command.classPath(), "io.tidemark.ops.cli.Tidemark", "run", pipeline.toString()));
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ended in time").isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }
}
