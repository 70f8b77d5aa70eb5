package io.tidemark.connectors.kafkabroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
    @TempDir
    Path directory;

    @Test
    void aDirectoryOpenedAgainStillHasItsRecords() throws Exception {
        int port;
        try (EmbeddedKafka first = EmbeddedKafka.start(directory.resolve("data"))) {
            port = first.port();
            first.topics().create("clicks", 2);
            send(first.bootstrapServers(), "clicks", 3);
        }
        try (EmbeddedKafka second = EmbeddedKafka.start(directory.resolve("data"), port)) {
            assertThat(second.port()).isEqualTo(port);
            assertThat(second.topics().latest("clicks", 0)).isEqualTo(3);
            second.topics().addPartitions("clicks", 3);
            second.topics().deleteRecords("clicks", 0, 2);
            assertThat(second.topics().earliest("clicks", 0)).isEqualTo(2);
            second.topics().delete("clicks");
            assertThat(second.topics().exists("clicks")).isFalse();
        }
    }

    @Test
    void aPortInUseIsAnErrorThatTheJvmSurvives() {
        try (EmbeddedKafka first = EmbeddedKafka.start(directory.resolve("a"))) {
            assertThatThrownBy(() -> EmbeddedKafka.start(directory.resolve("b"), first.port()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("port " + first.port());
            first.topics().create("still-alive", 1);
        }
    }

    @Test
    void aBrokerProcessKeepsAcknowledgedRecordsWhenKilledAndFreezesWhenPaused() throws Exception {
        KafkaBrokerProcess broker = KafkaBrokerProcess.start(directory.resolve("data"), 0);
        try {
            broker.topics().create("clicks", 1);
            send(broker.bootstrapServers(), "clicks", 5);
            broker.killForcibly();
            assertThat(broker.isAlive()).isFalse();
            KafkaBrokerProcess again = broker.startAgain();
            assertThat(again.bootstrapServers()).isEqualTo(broker.bootstrapServers());
            broker = again;
            assertThat(broker.topics().latest("clicks", 0)).isEqualTo(5);
            broker.pause();
            assertThat(broker.isAlive()).isTrue();
            broker.resume();
            assertThat(broker.topics().latest("clicks", 0)).isEqualTo(5);
        } finally {
            broker.close();
        }
        assertThat(broker.isAlive()).isFalse();
    }

    @Test
    void theProgramEndsWithItsParentAndPrintsOneLine() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbeddedKafkaMain.class.getName(),
                        "--port",
                        "0",
                        "--dir",
                        directory.resolve("data").toString(),
                        "--exit-with-parent")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            byte[] line = new byte[64];
            int read = process.getInputStream().read(line);
            assertThat(new String(line, 0, read, StandardCharsets.UTF_8)).matches("READY 127\\.0\\.0\\.1:\\d+\n");
            process.getOutputStream().close();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(process.getInputStream().readAllBytes()).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Many partitions and small batches: what a leader that does not know yet that it leads would make of them. */
    @Test
    void whatIsSentToANewTopicAtOnceIsWrittenHoweverManyTopicsThereAre() throws Exception {
        int partitions = 8;
        try (EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("data"))) {
            for (int t = 0; t < 60; t++) {
                String topic = "topic-" + t;
                broker.topics().create(topic, partitions);
                try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers", broker.bootstrapServers(),
                                "batch.size", 200,
                                "request.timeout.ms", 10_000,
                                "delivery.timeout.ms", 15_000),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
                    List<Future<RecordMetadata>> sent = new ArrayList<>();
                    for (int i = 0; i < 40 * partitions; i++) {
                        sent.add(producer.send(new ProducerRecord<>(topic, i % partitions, null, new byte[100])));
                    }
                    for (Future<RecordMetadata> one : sent) {
                        one.get(30, TimeUnit.SECONDS);
                    }
                }
            }
        }
    }

    private static void send(String servers, String topic, int count) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, 0, null, new byte[] {(byte) i}))
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }
}
