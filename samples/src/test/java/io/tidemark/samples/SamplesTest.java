package io.tidemark.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.streaming.Trigger;
import io.tidemark.connectors.kafkabroker.EmbeddedKafka;
import io.tidemark.ops.cli.PipelineRunner;
import io.tidemark.ops.pipeline.PipelineFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each sample against a real broker and a real table, the table read by a reader that shares no code with us. */
class SamplesTest {
    private static final Path PIPELINES = Path.of("pipelines");

    @TempDir
    static Path brokerHome;

    private static EmbeddedKafka kafka;

    @TempDir
    Path data;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start(brokerHome.resolve("kafka"));
    }

    @AfterAll
    static void stopKafka() {
        kafka.stop();
    }

    @Test
    void clicksToDeltaKeepsEveryClickThatParses() throws Exception {
        fill(
                "clicks",
                "{\"event_id\":1,\"user_id\":\"u1\",\"page\":\"Home\",\"amount\":1.5,"
                        + "\"event_time\":\"2026-01-01T00:00:00Z\"}",
                "no json",
                "{\"event_id\":2,\"user_id\":\"u2\",\"page\":\"CART\",\"amount\":2}");

        run("clicks-to-delta.yaml");

        assertThat(rows("clicks", "event_id, user_id, page, amount, epoch_us(event_time)"))
                .containsExactlyInAnyOrder("1|u1|home|1.5|1767225600000000", "2|u2|cart|2.0|null");
        kafka.topics().delete("clicks");
    }

    @Test
    void clicksPerPageWritesAWindowOnceItIsTenMinutesOld() throws Exception {
        fill(
                "clicks",
                click("u1", "/home", 1.5, "10:00:00"),
                click("u2", "/home", 2, "10:04:59"),
                click("u1", "/cart", 7, "10:04:00"),
                click("u1", "/home", 1, "10:05:00"),
                click("u1", "/home", 0.25, "10:15:00"));

        run("clicks-per-page.yaml");

        assertThat(rows("clicks_per_page", "epoch_ms(window_start) % 86400000 / 60000, page, clicks, amount"))
                .containsExactlyInAnyOrder("600.0|/home|2|3.5", "600.0|/cart|1|7.0");
        kafka.topics().delete("clicks");
    }

    private static String click(String user, String page, double amount, String time) {
        return "{\"user_id\":\"" + user + "\",\"page\":\"" + page + "\",\"amount\":" + amount
                + ",\"event_time\":\"2026-01-01T" + time + "Z\"}";
    }

    @Test
    void jsonCleaningKeepsWhatDoesNotParseBesideWhatDoes() throws Exception {
        fill(
                "readings",
                "{\"sensor\":\" a1 \",\"celsius\":21.456,\"taken_at\":\"2026-01-01T10:00:00Z\"}",
                "{\"sensor\":\"b2\",\"celsius\":900}",
                "{\"sensor\":\"c3\",");

        run("json-cleaning.yaml");

        assertThat(rows("readings", "quality, sensor, celsius, raw"))
                .containsExactlyInAnyOrder(
                        "good|A1|21.5|null", "good|B2|null|null", "bad|null|null|{\"sensor\":\"c3\",");
    }

    @Test
    void twoTopicsEndUpInOneTableWithAPartitionPerDay() throws Exception {
        fill("orders", "{\"id\":\"o1\",\"amount\":10.50,\"at\":\"2026-01-01T23:59:59Z\"}");
        fill("refunds", "{\"id\":\"r1\",\"amount\":0.99,\"at\":\"2026-01-02T00:00:00Z\"}");

        run("two-topics.yaml");

        assertThat(rows("money", "kind, id, amount, day"))
                .containsExactlyInAnyOrder("order|o1|10.50|2026-01-01", "refund|r1|-0.99|2026-01-02");
        kafka.topics().delete("orders");
    }

    @Test
    void theProgramFindsTheLargeOrders() throws Exception {
        fill(
                "orders",
                "{\"id\":\"small\",\"amount\":99.99,\"at\":\"2026-01-01T00:00:00Z\"}",
                "{\"id\":\"large\",\"amount\":100,\"at\":\"2026-01-01T00:00:00Z\"}");

        LargeOrders.run(kafka.bootstrapServers(), data.toString());

        assertThat(rows("large_orders", "id, amount")).containsExactly("large|100.00");
        kafka.topics().delete("orders");
    }

    @Test
    void everyPipelineHereHasATest() throws Exception {
        TreeSet<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(PIPELINES)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        assertThat(names)
                .containsExactly(
                        "clicks-per-page.yaml", "clicks-to-delta.yaml", "json-cleaning.yaml", "two-topics.yaml");
    }

    private void run(String pipeline) throws Exception {
        PipelineFile file = PipelineFile.read(
                PIPELINES.resolve(pipeline).toString(),
                Map.of("KAFKA", kafka.bootstrapServers(), "DATA", data.toString()),
                List.of());
        try (PipelineRunner runner = PipelineRunner.build(file.withTrigger(Trigger.AvailableNow()))) {
            runner.start().awaitTermination();
        }
    }

    private static void fill(String topic, String... records) {
        kafka.topics().create(topic, 2);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < records.length; i++) {
                producer.send(new ProducerRecord<>(topic, i % 2, null, records[i]));
            }
        }
    }

    private List<String> rows(String table, String columns) throws Exception {
        return DeltaRows.read(data.resolve(table), columns);
    }
}
