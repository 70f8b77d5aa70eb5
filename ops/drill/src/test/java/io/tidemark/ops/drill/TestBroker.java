package io.tidemark.ops.drill;

import io.tidemark.connectors.kafkabroker.EmbeddedKafka;
import io.tidemark.connectors.kafkabroker.KafkaTopics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A broker for the tests of one class, and what sends events to it. */
final class TestBroker implements BeforeAllCallback, AfterAllCallback {
    private @Nullable Path directory;
    private @Nullable EmbeddedKafka kafka;
    private @Nullable Events events;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        directory = WorkingFolders.onDisk("tidemark-broker-");
        kafka = EmbeddedKafka.start(directory);
        events = new Events(kafka.bootstrapServers());
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (events != null) {
            events.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        if (directory != null) {
            WorkingFolders.delete(directory);
        }
    }

    String bootstrapServers() {
        return kafka().bootstrapServers();
    }

    KafkaTopics topics() {
        return kafka().topics();
    }

    private EmbeddedKafka kafka() {
        return Objects.requireNonNull(kafka, "the broker is not started");
    }

    /** As {@link Events#send(String, int, long, long)}. */
    void send(String topic, int partitions, long from, long until) {
        Objects.requireNonNull(events, "the broker is not started").send(topic, partitions, from, until);
    }
}
