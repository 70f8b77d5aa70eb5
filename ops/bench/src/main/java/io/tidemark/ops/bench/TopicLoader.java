package io.tidemark.ops.bench;

import io.tidemark.connectors.kafkabroker.KafkaBrokerProcess;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Fills each topic once; the broker keeps it for all runs of a command. One thread at a time. */
final class TopicLoader {
    private final KafkaBrokerProcess broker;
    private final String compression;
    private final Map<Topic, Long> kept = new LinkedHashMap<>();

    /** @param compression as Kafka's {@code compression.type} has it */
    TopicLoader(KafkaBrokerProcess broker, String compression) {
        this.broker = broker;
        this.compression = compression;
    }

    /** Makes and fills {@code topic} unless that was done; returns how many of its rows a query that filters keeps. */
    long load(Topic topic) {
        return kept.computeIfAbsent(topic, this::fill);
    }

    private long fill(Topic topic) {
        broker.topics().create(topic.name(), topic.partitions());
        AtomicReference<Exception> failure = new AtomicReference<>();
        Records records = topic.records();
        long pass = 0;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings())) {
            for (long id = 0; id < topic.rows() && failure.get() == null; id++) {
                int partition = (int) (id % topic.partitions());
                producer.send(new ProducerRecord<>(topic.name(), partition, null, records.record(id)), (sent, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, e);
                    }
                });
                if (records.isKept(id)) {
                    pass++;
                }
            }
        }
        if (failure.get() != null) {
            throw new BenchException("The broker refused a record of " + topic.name() + ": " + failure.get());
        }
        return pass;
    }

    private Properties settings() {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", broker.bootstrapServers());
        settings.put("key.serializer", ByteArraySerializer.class.getName());
        settings.put("value.serializer", ByteArraySerializer.class.getName());
        settings.put("compression.type", compression);
        settings.put("linger.ms", "20");
        settings.put("batch.size", "524288");
        settings.put("buffer.memory", "134217728");
        return settings;
    }
}
