package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.connectors.kafkabroker.KafkaBrokerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample that counts clicks in windows, killed again and again: its table is what its topic says. */
class ClickstreamKillDrillTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final long WINDOW_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final long DELAY_MILLIS = Duration.ofMinutes(10).toMillis();
    private static final int PARTITIONS = 3;

    @TempDir
    Path directory;

    /** A click a second, up to a minute out of order: never late, and amounts whose sums are exact. */
    private static byte[] click(long id) {
        long shuffled = id * 7_919 % 121 - 60;
        String text = "{\"user_id\":\"u" + id * 31 % 997 + "\",\"page\":\"/p" + id * 13 % 17 + "\",\"amount\":"
                + id % 4_001 / 4.0 + ",\"event_time\":\"" + EPOCH.plusSeconds(id + shuffled) + "\"}";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void noKillChangesWhatIsCounted() throws Exception {
        KillDrill drill = new KillDrill("clickstream kill drill");
        try (KafkaBrokerProcess broker = KafkaBrokerProcess.start(directory.resolve("kafka"), 0)) {
            broker.topics().create("clicks", PARTITIONS);
            DrilledPipeline pipeline = KillDrill.quick(
                    directory, (command, home) -> DrilledPipeline.clickstream(command, home, broker, 100));
            long sent;
            try (ArrivingEvents events = new ArrivingEvents(
                    broker.bootstrapServers(), "clicks", PARTITIONS, ClickstreamKillDrillTest::click)) {
                drill.killEverywhere(pipeline);
                sent = events.stop();
            }
            KillDrill.finish(pipeline);
            DeltaTableOracle table = DeltaTableOracle.read(pipeline.table());
            List<String> expected = fromTheTopic(broker.bootstrapServers(), sent);
            List<String> found =
                    table
                            .rows("epoch_ms(window_start), epoch_ms(window_end), page, clicks, CAST(amount AS DOUBLE)")
                            .stream()
                            .map(row -> String.join(" ", row))
                            .sorted()
                            .toList();
            assertThat(expected).isNotEmpty();
            assertThat(found).isEqualTo(expected);
            long batches = KillDrill.assertEveryBatchOnce(pipeline, table);
            drill.say(sent + " clicks in " + batches + " batches, " + found.size() + " windows of a page, each as the"
                    + " topic has it");
        }
    }

    /** What the topic holds, counted here: windows that end at or before the newest time less the delay. */
    private static List<String> fromTheTopic(String brokers, long records) throws IOException {
        Map<String, long[]> counts = new TreeMap<>();
        Map<String, double[]> amounts = new TreeMap<>();
        Map<String, Long> ends = new TreeMap<>();
        long newest = Long.MIN_VALUE;
        long seen = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", brokers), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int p = 0; p < PARTITIONS; p++) {
                partitions.add(new TopicPartition("clicks", p));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (seen < records) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(10))) {
                    JsonNode click = JSON.readTree(record.value());
                    long time =
                            Instant.parse(click.get("event_time").textValue()).toEpochMilli();
                    long start = Math.floorDiv(time, WINDOW_MILLIS) * WINDOW_MILLIS;
                    String key = start + " " + (start + WINDOW_MILLIS) + " "
                            + click.get("page").textValue();
                    counts.computeIfAbsent(key, k -> new long[1])[0]++;
                    amounts.computeIfAbsent(key, k -> new double[1])[0] +=
                            click.get("amount").doubleValue();
                    ends.put(key, start + WINDOW_MILLIS);
                    newest = Math.max(newest, time);
                    seen++;
                }
            }
        }
        List<String> rows = new ArrayList<>();
        for (Map.Entry<String, long[]> group : counts.entrySet()) {
            if (ends.get(group.getKey()) <= newest - DELAY_MILLIS) {
                rows.add(group.getKey() + " " + group.getValue()[0] + " " + amounts.get(group.getKey())[0]);
            }
        }
        Collections.sort(rows);
        return rows;
    }
}
