package io.tidemark.ops.drill;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Generated events: numbered from 0, each a JSON object that its number alone decides, so that whoever reads them can
 * tell which are missing, doubled or altered. Used by one thread.
 */
public final class Events implements AutoCloseable {
    /** The columns, as {@code from_json} takes them. */
    public static final String SCHEMA =
            "event_id BIGINT, user_id STRING, page STRING, amount DOUBLE, event_time TIMESTAMP";

    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final KafkaProducer<byte[], byte[]> producer;

    public Events(String bootstrapServers) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("acks", "all");
        settings.put("linger.ms", "5");
        settings.put("batch.size", "262144");
        settings.put("buffer.memory", "67108864");
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Sends the events {@code [from, until)}, dealt out to {@code partitions} of a topic, and waits for the broker. */
    public void send(String topic, int partitions, long from, long until) {
        send(topic, partitions, from, until, Events::json);
    }

    /** As {@link #send(String, int, long, long)}, with records of another kind, by number. */
    public void send(String topic, int partitions, long from, long until, LongFunction<byte[]> records) {
        List<Future<RecordMetadata>> unchecked = new ArrayList<>();
        for (long id = from; id < until; id++) {
            int partition = (int) (id % partitions);
            unchecked.add(producer.send(new ProducerRecord<>(topic, partition, null, records.apply(id))));
            if (unchecked.size() == 10_000) {
                check(unchecked);
            }
        }
        producer.flush();
        check(unchecked);
    }

    /** Returns event {@code id} as JSON. */
    public static byte[] json(long id) {
        String text = "{\"event_id\":" + id + ",\"user_id\":\"user-" + (id * 7_919 % 10_007) + "\",\"page\":\"/page/"
                + (id % 97) + "\",\"amount\":" + (id % 10_000) / 100.0 + ",\"event_time\":\""
                + EPOCH.plusMillis(id * 10) + "\"}";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close();
    }

    private static void check(List<Future<RecordMetadata>> sent) {
        try {
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
            sent.clear();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker refused an event", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending", e);
        }
    }
}
