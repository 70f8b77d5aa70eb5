package io.tidemark.ops.drill.load;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A program: {@code FillTopic BOOTSTRAP TOPIC PARTITIONS ROWS} makes the topic and fills it with JSON rows of 180 bytes,
 * dealt out to the partitions in turn; the number of a row alone decides its content.
 */
public final class FillTopic {
    private static final int ROW_BYTES = 180;
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private FillTopic() {}

    public static void main(String[] args) throws ExecutionException, InterruptedException {
        String bootstrap = args[0];
        String topic = args[1];
        int partitions = Integer.parseInt(args[2]);
        long rows = Long.parseLong(args[3]);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
                    .all()
                    .get();
        }
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("acks", "1");
        settings.put("linger.ms", "20");
        settings.put("batch.size", "524288");
        settings.put("buffer.memory", "134217728");
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long id = 0; id < rows && failure.get() == null; id++) {
                producer.send(new ProducerRecord<>(topic, (int) (id % partitions), null, row(id)), (metadata, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, e);
                    }
                });
            }
        }
        if (failure.get() != null) {
            throw new IllegalStateException("the broker refused a row", failure.get());
        }
        System.out.println(rows + " rows of " + ROW_BYTES + " bytes in " + partitions + " partitions of " + topic);
    }

    static byte[] row(long id) {
        StringBuilder json = new StringBuilder(ROW_BYTES)
                .append("{\"event_id\":")
                .append(id)
                .append(",\"user_id\":\"user-")
                .append(id * 7_919 % 1_000_003)
                .append("\",\"page\":\"/products/")
                .append(id % 9_973)
                .append("\",\"amount\":")
                .append(String.format(Locale.ROOT, "%d.%02d", id % 1_000, id * 31 % 100))
                .append(",\"event_time\":\"")
                .append(EPOCH.plusMillis(id))
                .append("\",\"agent\":\"");
        json.append("x".repeat(ROW_BYTES - 2 - json.length())).append("\"}");
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
