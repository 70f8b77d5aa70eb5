package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.connectors.kafkabroker.EmbeddedKafka;
import io.tidemark.ops.drill.DeltaTableOracle.Count;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A run that is not alone, and a run that is told to end: exit codes, and that the next start goes on exactly. */
class SecondDriverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final String[] FOR_EVER = {"--trigger", "0 seconds"};

    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    @TempDir
    Path directory;

    private Scene scene(String topic) throws IOException {
        BROKER.topics().create(topic, 1);
        return new Scene(directory.resolve(topic), BROKER.bootstrapServers(), topic);
    }

    private static void awaitFile(TidemarkRun run, Path file) {
        await().atMost(PATIENCE).until(() -> {
            assertThat(run.isAlive()).as(run.tail()).isTrue();
            return Files.exists(file);
        });
    }

    private static void awaitEvents(Scene scene, long count) {
        await().atMost(PATIENCE).until(() -> scene.events().equals(Count.exactlyOnce(count)));
    }

    private static Answer saidBy(TidemarkRun run, int exitCode) throws Exception {
        run.awaitExit(exitCode, PATIENCE);
        return new Answer(exitCode, "", Files.readString(run.log()));
    }

    @Test
    void aSecondDriverIsTurnedAwayAndTheFirstOneGoesOn() throws Exception {
        Scene scene = scene("owned");
        BROKER.send("owned", 1, 0, 100);
        try (TidemarkRun first = scene.start(directory.resolve("first.txt"), FOR_EVER)) {
            awaitFile(first, scene.checkpoint().resolve("commits/0"));

            scene.runInVain()
                    .refuses(
                            3,
                            "TM-3005 CHECKPOINT_OWNED",
                            "events.yaml",
                            "/checkpoint'",
                            "process " + first.pid() + " on host ",
                            "--take-over");

            BROKER.send("owned", 1, 100, 200);
            awaitEvents(scene, 200);
            first.terminate();
            first.awaitExit(143, STOP_LIMIT);
            assertThat(Files.readString(first.log())).isEmpty();
        }
        scene.run().isFine();
        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(200));
    }

    @Test
    void aDriverThatIsTakenOverFromEndsAndNothingIsLostOrDoubled() throws Exception {
        Scene scene = scene("taken");
        BROKER.send("taken", 1, 0, 100);
        try (TidemarkRun first = scene.start(directory.resolve("first.txt"), FOR_EVER)) {
            awaitFile(first, scene.checkpoint().resolve("commits/0"));
            try (TidemarkRun second =
                    scene.start(directory.resolve("second.txt"), "--take-over", "--trigger", "0 seconds")) {
                awaitFile(second, scene.checkpoint().resolve("_tidemark/epoch/2"));
                BROKER.send("taken", 1, 100, 400);

                saidBy(first, 3)
                        .refuses(
                                3,
                                "TM-3006 WRITER_FENCED",
                                "/checkpoint'",
                                "process " + second.pid() + " on host ",
                                "do not restart it");
                awaitEvents(scene, 400);
                second.interrupt();
                assumeThat(ignoresInterrupts())
                        .as("this process ignores SIGINT, and so do its children")
                        .isFalse();
                second.awaitExit(130, STOP_LIMIT);
                assertThat(Files.readString(second.log())).isEmpty();
            }
        }
    }

    @Test
    void aSignalInALongBatchEndsTheRunInTimeAndTheNextOneGoesOnExactly() throws Exception {
        Scene scene = scene("slow");
        sendOneByOne("slow", 400);
        String[] slow = {
            // a fetch gives one record after half a second: the batch would take minutes
            "--set", "sources.events.options.kafka.max.partition.fetch.bytes=1",
            "--set", "sources.events.options.kafka.fetch.min.bytes=1000000",
            "--set", "sources.events.options.maxOffsetsPerTrigger=400",
            "--set", "conf.spark.sql.streaming.stopTimeout=6s"
        };
        try (TidemarkRun run = scene.start(directory.resolve("slow.txt"), slow)) {
            awaitFile(run, scene.checkpoint().resolve("_tidemark/sealed/0"));

            run.terminate();

            run.awaitExit(143, STOP_LIMIT);
            assertThat(Files.readString(run.log())).isEmpty();
        }
        assertThat(scene.checkpoint().resolve("commits/0")).doesNotExist();
        scene.run().isFine();
        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(400));
        assertThat(DeltaTableOracle.read(scene.table()).transactions())
                .extracting(DeltaTableOracle.Transaction::batchId)
                .containsExactly(0L); // the range that was logged, although a new plan would take 100 at a time
    }

    @Test
    void aCallThatNeverReturnsHoldsUpNoStopAndTheNextOneGoesOnExactly() throws Exception {
        Scene scene = scene("hangs");
        BROKER.send("hangs", 1, 0, 100);
        Path log = scene.table().resolve("_delta_log/00000000000000000001.json");
        try (TidemarkRun run = scene.start(
                directory.resolve("hangs.txt"),
                "--trigger",
                "0 seconds",
                "--set",
                "conf.spark.sql.streaming.stopTimeout=2s")) {
            awaitFile(run, scene.checkpoint().resolve("commits/0"));
            // Whoever opens a pipe that nobody writes to waits in the kernel, where no interrupt reaches him.
            assertThat(new ProcessBuilder("mkfifo", log.toString()).start().waitFor())
                    .isZero();
            BROKER.send("hangs", 1, 100, 200);
            awaitFile(run, scene.checkpoint().resolve("_tidemark/prepared/1"));

            run.terminate();

            saidBy(run, 143).refuses(143, "query 'events' does not stop", "hangs", "the next start goes on");
        }
        Files.delete(log);
        assertThat(scene.checkpoint().resolve("commits/1")).doesNotExist();
        scene.run().isFine();
        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(200));
    }

    @Test
    void aBrokerThatGoesAwayEndsTheRunInTimeAndTheNextOneGoesOnExactly() throws Exception {
        Path data = directory.resolve("kafka");
        int port;
        Scene scene;
        try (EmbeddedKafka leaving = EmbeddedKafka.start(data);
                Events before = new Events(leaving.bootstrapServers())) {
            port = leaving.port();
            leaving.topics().create("left", 1);
            before.send("left", 1, 0, 100);
            scene = new Scene(directory.resolve("left"), leaving.bootstrapServers(), "left");
            TidemarkRun run = scene.start(
                    directory.resolve("left.txt"),
                    "--trigger",
                    "0 seconds",
                    "--set",
                    "conf.tidemark.kafka.connectTimeoutMs=2000");
            try (run) {
                awaitFile(run, scene.checkpoint().resolve("commits/0"));
                leaving.stop();

                saidBy(run, 1).refuses(1, "TM-4002 SOURCE_UNREACHABLE", "query 'events'", leaving.bootstrapServers());
            }
        }
        try (EmbeddedKafka back = EmbeddedKafka.start(data, port);
                Events after = new Events(back.bootstrapServers())) {
            after.send("left", 1, 100, 150);
            scene.run().isFine();
        }
        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(150));
    }

    /** Sends each event in a Kafka batch of its own, so that it can be fetched alone. */
    private static void sendOneByOne(String topic, int count) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", BROKER.bootstrapServers(), "batch.size", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (long id = 0; id < count; id++) {
                producer.send(new ProducerRecord<>(topic, Events.json(id)));
            }
            producer.flush();
        }
    }

    /** A shell that starts things in the background tells them to ignore Ctrl-C, and children inherit that. */
    private static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElse("0");
        return (Long.parseUnsignedLong(
                                ignored.substring(ignored.indexOf(':') + 1).strip(), 16)
                        & 0b10)
                != 0;
    }
}
