package io.tidemark.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.LostRange;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.connectors.kafkabroker.KafkaTopics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A broker that a subclass brings, a topic for each test, and what the contracts of the source share. */
abstract class KafkaContract {
    @TempDir
    Path checkpoint;

    String topic = "";
    KafkaProducer<byte[], byte[]> producer;
    KafkaTopics topics;
    final List<SourceUnderTest> opened = new ArrayList<>();

    abstract String servers();

    @BeforeEach
    void connect(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
        topics = new KafkaTopics(servers());
        producer = producer(Map.of());
    }

    @AfterEach
    void disconnect() {
        opened.forEach(SourceUnderTest::close);
        producer.close(Duration.ofSeconds(5));
        topics.close();
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new TreeMap<>(more);
        settings.put("bootstrap.servers", servers());
        settings.put("acks", "all");
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void send(String name, int partition, String... values) throws Exception {
        for (String value : values) {
            producer.send(new ProducerRecord<>(name, partition, null, value.getBytes(StandardCharsets.UTF_8)))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    void sendMany(String name, int partition, int count) {
        for (int i = 0; i < count; i++) {
            producer.send(new ProducerRecord<>(
                    name, partition, null, (name + "-" + partition + "-" + i).getBytes(StandardCharsets.UTF_8)));
        }
        producer.flush();
    }

    Map<String, String> options(String... more) {
        Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        options.put("kafka.bootstrap.servers", servers());
        options.put("subscribe", topic);
        options.put("startingOffsets", "earliest");
        options.put("fetchOffset.retryIntervalMs", "100");
        options.put("kafkaConsumer.pollTimeoutMs", "20000");
        for (int i = 0; i < more.length; i += 2) {
            if (more[i + 1].isEmpty()) {
                options.remove(more[i]);
            } else {
                options.put(more[i], more[i + 1]);
            }
        }
        return options;
    }

    SourceUnderTest open(String... more) {
        return openAt(checkpoint, more);
    }

    SourceUnderTest openAt(Path directory, String... more) {
        SourceUnderTest source = SourceUnderTest.open(directory, options(more));
        opened.add(source);
        return source;
    }

    /** Returns the offset line of one topic, given the offsets of its partitions in their order. */
    static String offsets(String name, long... ofPartitions) {
        StringJoiner partitions = new StringJoiner(",", "{\"" + name + "\":{", "}}");
        for (int i = 0; i < ofPartitions.length; i++) {
            partitions.add("\"" + i + "\":" + ofPartitions[i]);
        }
        return partitions.toString();
    }

    static void assertFails(ErrorCode code, ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
                .hasMessageContainingAll(words);
    }

    static Consumer<LostRange> lost(long from, long until) {
        return l -> {
            assertThat(l.from()).isEqualTo(from);
            assertThat(l.until()).isEqualTo(until);
            assertThat(l.rows()).isEqualTo(until < 0 ? -1 : until - from);
        };
    }
}
