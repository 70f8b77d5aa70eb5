package io.tidemark.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.connectors.kafkabroker.EmbeddedKafka;
import io.tidemark.connectors.kafkabroker.KafkaBrokerProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that is not there, does not answer, does not let us in, or goes away while we read. */
@Timeout(180)
class KafkaFailureTest {
    @TempDir
    static Path brokerDirectory;

    private static KafkaBrokerProcess process;

    @TempDir
    Path directory;

    private String topic = "t";

    @BeforeAll
    static void startBroker() {
        process = KafkaBrokerProcess.start(brokerDirectory.resolve("data"), 0);
    }

    @AfterAll
    static void stopBroker() {
        process.close();
    }

    @Test
    void aBrokerThatIsNotThereIsAnErrorWithinTheDeadline() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String servers = "127.0.0.1:" + port;
        for (Map<String, String> limit : List.of(
                Map.of("tidemark.kafka.connectTimeoutMs", "1500"),
                Map.of("kafka.default.api.timeout.ms", "1500", "kafka.request.timeout.ms", "1000"))) {
            try (SourceUnderTest source = open(servers, limit)) {
                long began = System.nanoTime();
                assertFails(ErrorCode.SOURCE_UNREACHABLE, source::fresh, servers, "Check that the broker runs");
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
            }
        }
    }

    @Test
    void aNameThatCannotBeResolvedIsUnreachableAndANonsenseAddressIsAWrongOption() {
        try (SourceUnderTest source = open("no-such-host.invalid:9092", Map.of())) {
            assertFails(ErrorCode.SOURCE_UNREACHABLE, source::fresh, "no-such-host.invalid:9092");
        }
        try (SourceUnderTest source = open("nonsense", Map.of())) {
            assertFails(ErrorCode.INVALID_OPTION, source::fresh, "bootstrap.servers");
        }
    }

    @Test
    void aBrokerThatFreezesIsAnErrorWithinTheDeadlineAndAStopDoesNotWaitForIt() throws Exception {
        topic = "freezes";
        process.topics().create(topic, 1);
        send(process.bootstrapServers(), topic, 3);
        SourceUnderTest source = open(
                process.bootstrapServers(),
                Map.of(
                        "tidemark.kafka.connectTimeoutMs", "2000",
                        "kafkaConsumer.pollTimeoutMs", "3000",
                        "tidemark.kafka.slowCallMs", "1000"));
        source.fresh();
        Offset end = source.source
                .latestOffset(source.at(), ReadLimit.SOURCE_DEFAULT)
                .orElseThrow();
        var partition = source.source.plan(source.at(), end, null).partitions().get(0);
        process.pause();
        try {
            assertThatThrownBy(() -> source.source.latestOffset(end, ReadLimit.SOURCE_DEFAULT))
                    .isInstanceOf(TidemarkException.class)
                    .hasMessageContainingAll(
                            process.bootstrapServers(),
                            "describe topic freezes within 2000 ms",
                            "tidemark.kafka.connectTimeoutMs");
            assertThatThrownBy(() -> source.read(partition, 0))
                    .isInstanceOf(TidemarkException.class)
                    .hasMessageContainingAll("freezes", "within 2000 ms", "tidemark.kafka.connectTimeoutMs");
            // The topic's description, the fetch, and the question what became of the topic.
            assertThat(source.source.metrics(end))
                    .hasEntrySatisfying("slowCalls", count -> assertThat(count).isEqualTo("3"));
            long began = System.nanoTime();
            source.source.close(Duration.ofSeconds(3));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
        } finally {
            process.resume();
        }
    }

    @Test
    void aClientThatCannotBePutTogetherIsNotWaitedForForEver() throws Exception {
        topic = "never";
        process.topics().create(topic, 1);
        send(process.bootstrapServers(), topic, 3);
        HangingReporter.release = new CountDownLatch(1);
        try (SourceUnderTest source = open(
                        process.bootstrapServers(),
                        Map.of(
                                "tidemark.kafka.connectTimeoutMs",
                                "1500",
                                "kafka.metric.reporters",
                                HangingReporter.class.getName()))
                .fresh()) {
            Offset end = source.source
                    .latestOffset(source.at(), ReadLimit.SOURCE_DEFAULT)
                    .orElseThrow();
            var range = source.source.plan(source.at(), end, null).partitions().get(0);
            assertFails(ErrorCode.SOURCE_UNREACHABLE, () -> source.read(range, 0), "read never-0", "within 1500 ms");
            CompletableFuture<Throwable> interrupted = new CompletableFuture<>();
            reading(source, range, interrupted).interrupt();
            assertThat(interrupted.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        } finally {
            HangingReporter.release.countDown();
        }
    }

    /** Holds up whoever makes a consumer, as a name server or a server of tokens does that does not answer. */
    public static final class HangingReporter implements MetricsReporter {
        private static volatile CountDownLatch release = new CountDownLatch(0);

        @Override
        public void configure(Map<String, ?> settings) {
            if (!String.valueOf(settings.get("client.id")).endsWith("-admin")) {
                boolean interrupted = false;
                while (release.getCount() > 0) {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        interrupted = true; // as a call into the system, which hears nothing of it
                    }
                }
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void init(List<KafkaMetric> metrics) {}

        @Override
        public void metricChange(KafkaMetric metric) {}

        @Override
        public void metricRemoval(KafkaMetric metric) {}

        @Override
        public void close() {}
    }

    @Test
    void aBrokerThatIsKilledAndComesBackIsReadOn() throws Exception {
        topic = "killed";
        process.topics().create(topic, 1);
        send(process.bootstrapServers(), topic, 3);
        try (SourceUnderTest source = open(process.bootstrapServers(), Map.of()).fresh()) {
            assertThat(source.batch()).hasSize(3);
            process.killForcibly();
            process = process.startAgain();
            send(process.bootstrapServers(), topic, 4);
            assertThat(source.batch()).hasSize(4);
            send(process.bootstrapServers(), topic, 5);
            try (SourceUnderTest next = open(process.bootstrapServers(), Map.of())) {
                // The epoch of the leader has moved on since; nothing was truncated.
                assertThat(next.resumeAfter(source).batch()).hasSize(5);
                Offset first = new Offset("{\"killed\":{\"0\":3}}");
                String before = source.seal().orElseThrow().replaceAll("\"0\":\\d+", "\"0\":0");
                assertThat(next.resumeAt(first, before).batch()).hasSize(9);
            }
        }
    }

    @Test
    void aReaderThatWaitsEndsWhenItIsInterruptedOrTheSourceIsClosed() throws Exception {
        topic = "waits";
        process.topics().create(topic, 1);
        send(process.bootstrapServers(), topic, 3);
        try (SourceUnderTest source = open(process.bootstrapServers(), Map.of()).fresh()) {
            Offset end = source.source
                    .latestOffset(source.at(), ReadLimit.SOURCE_DEFAULT)
                    .orElseThrow();
            var range = source.source.plan(source.at(), end, null).partitions().get(0);
            process.pause();
            try {
                CompletableFuture<Throwable> first = new CompletableFuture<>();
                Thread task = reading(source, range, first);
                task.interrupt();
                assertThat(first.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
                CompletableFuture<Throwable> second = new CompletableFuture<>();
                reading(source, range, second);
                source.source.close(Duration.ofSeconds(2));
                assertThat(second.get(20, TimeUnit.SECONDS))
                        .isInstanceOfAny(TidemarkException.class, IllegalStateException.class);
            } finally {
                process.resume();
            }
        }
    }

    private static Thread reading(SourceUnderTest source, InputPartition range, CompletableFuture<Throwable> ended) {
        Thread task = new Thread(() -> {
            try (PartitionReader reader = source.source.reader(range, 0)) {
                while (reader.next() != null) {
                    continue;
                }
                ended.complete(new AssertionError("it read to the end"));
            } catch (Exception e) {
                ended.complete(e);
            }
        });
        task.start();
        return task;
    }

    @Test
    void aTopicDeletedWhileItIsReadIsALossOfTheRest() throws Exception {
        try (EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("data"))) {
            for (String fail : List.of("true", "false")) {
                broker.topics().create("t", 1);
                send(broker.bootstrapServers(), "t", 3);
                Map<String, String> options = Map.of("failOnDataLoss", fail, "kafkaConsumer.pollTimeoutMs", "20000");
                try (SourceUnderTest source = open(broker.bootstrapServers(), options)) {
                    Offset start = new Offset("{\"t\":{\"0\":0}}");
                    Offset end = source.source
                            .latestOffset(start, ReadLimit.SOURCE_DEFAULT)
                            .orElseThrow();
                    var partition =
                            source.source.plan(start, end, null).partitions().get(0);
                    broker.topics().delete("t");
                    if (fail.equals("true")) {
                        assertFails(ErrorCode.PARTITIONS_DELETED, () -> source.read(partition, 0), "t-0");
                    } else {
                        assertThat(source.read(partition, 0)).isEmpty();
                        assertThat(source.losses).singleElement().satisfies(l -> {
                            assertThat(l.from()).isZero();
                            assertThat(l.until()).isEqualTo(3);
                        });
                    }
                }
            }
        }
    }

    @Test
    void aBrokerThatDoesNotKnowTheUserIsAnAuthenticationErrorWithoutThePassword() {
        String module = "org.apache.kafka.common.security.plain.PlainLoginModule required ";
        TreeMap<String, String> settings = new TreeMap<>(Map.of(
                "listener.security.protocol.map", "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms", "PLAIN",
                "sasl.mechanism.inter.broker.protocol", "PLAIN",
                "listener.name.plaintext.plain.sasl.jaas.config",
                        module + "username=\"a\" password=\"b\" user_a=\"b\" user_me=\"right\";"));
        try (EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("data"), 0, settings)) {
            Map<String, String> options = Map.of(
                    "kafka.security.protocol", "SASL_PLAINTEXT",
                    "kafka.sasl.mechanism", "PLAIN",
                    "kafka.sasl.jaas.config", module + "username=\"me\" password=\"hunter2\";");
            try (SourceUnderTest source = open(broker.bootstrapServers(), options)) {
                assertThatThrownBy(source::fresh)
                        .isInstanceOfSatisfying(TidemarkException.class, e -> assertThat(e.code())
                                .isEqualTo(ErrorCode.SOURCE_AUTHENTICATION))
                        .hasMessageNotContaining("hunter2");
            }
            Map<String, String> right = new TreeMap<>(options);
            right.put("kafka.sasl.jaas.config", module + "username=\"me\" password=\"right\";");
            try (SourceUnderTest source = open(broker.bootstrapServers(), right)) {
                assertFails(ErrorCode.TOPIC_MISSING, source::fresh, "t");
            }
        }
    }

    private SourceUnderTest open(String servers, Map<String, String> more) {
        Map<String, String> options = new TreeMap<>(Map.of(
                "kafka.bootstrap.servers",
                servers,
                "subscribe",
                topic,
                "startingOffsets",
                "earliest",
                "fetchOffset.retryIntervalMs",
                "100"));
        options.putAll(more);
        return SourceUnderTest.open(directory.resolve("checkpoint"), options);
    }

    private static void send(String servers, String topic, int count)
            throws ExecutionException, InterruptedException, java.util.concurrent.TimeoutException {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, 0, null, ("v" + i).getBytes(StandardCharsets.UTF_8)))
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
                .hasMessageContainingAll(words);
    }
}
