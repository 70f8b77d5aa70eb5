package io.tidemark.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.Row;
import io.tidemark.api.connector.ReadLimit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the source makes of transactions: those that are done, and one that is not. */
abstract class KafkaTransactionContract extends KafkaContract {
    @Test
    void gapsThatTransactionsLeaveAreNoLoss() throws Exception {
        topics.create(topic, 1);
        try (KafkaProducer<byte[], byte[]> tx = producer(Map.of("transactional.id", topic))) {
            tx.initTransactions();
            transaction(tx, "c1", true);
            transaction(tx, "aborted", false);
            transaction(tx, "c2", true);
            tx.beginTransaction();
            tx.send(record("open"));
            tx.flush();
            SourceUnderTest all = open().fresh();
            assertThat(SourceUnderTest.values(all.batch())).containsExactly("c1", "aborted", "c2", "open");
            assertThat(all.at().json()).endsWith(":7}}");
            SourceUnderTest committed =
                    open("kafka.isolation.level", "read_committed").fresh();
            assertThat(SourceUnderTest.values(committed.batch())).containsExactly("c1", "c2");
            assertThat(committed.at().json()).endsWith(":6}}");
            tx.commitTransaction();
            transaction(tx, "aborted", false);
            awaitLatest(committed, ":10}}");
            assertThat(SourceUnderTest.values(committed.batch())).containsExactly("open");
            transaction(tx, "aborted", false);
            awaitLatest(committed, ":12}}");
            assertThat(committed.batch()).as("only invisible records").isEmpty();
            assertThat(committed.losses).isEmpty();
            assertThat(all.losses).isEmpty();
        }
    }

    private static void awaitLatest(SourceUnderTest source, String ending) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> source.source
                .latestOffset(source.at(), ReadLimit.SOURCE_DEFAULT)
                .orElseThrow()
                .json()
                .endsWith(ending));
    }

    private void transaction(KafkaProducer<byte[], byte[]> tx, String value, boolean commit) {
        tx.beginTransaction();
        tx.send(record(value));
        tx.flush();
        if (commit) {
            tx.commitTransaction();
        } else {
            tx.abortTransaction();
        }
    }

    private ProducerRecord<byte[], byte[]> record(String value) {
        return new ProducerRecord<>(topic, 0, null, value.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void manyTransactionsOverManyFetchesLoseNothing() throws Exception {
        topics.create(topic, 1);
        List<String> expected = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> tx = producer(Map.of("transactional.id", topic))) {
            tx.initTransactions();
            for (int t = 0; t < 30; t++) {
                tx.beginTransaction();
                for (int i = 0; i < 1_000; i++) {
                    tx.send(record(t + "-" + i));
                }
                if (t % 3 == 2) {
                    tx.abortTransaction();
                } else {
                    tx.commitTransaction();
                    int id = t;
                    IntStream.range(0, 1_000).forEach(i -> expected.add(id + "-" + i));
                }
            }
        }
        SourceUnderTest source = open("kafka.isolation.level", "read_committed", "maxOffsetsPerTrigger", "7001")
                .fresh();
        List<String> all = new ArrayList<>();
        for (List<Row> rows = source.batch(); rows != null; rows = source.batch()) {
            all.addAll(SourceUnderTest.values(rows));
        }
        assertThat(all).isEqualTo(expected);
        assertThat(source.losses).isEmpty();
    }

    @Test
    void anOpenTransactionShowsInTheMetrics() throws Exception {
        topics.create(topic, 2);
        try (KafkaProducer<byte[], byte[]> tx = producer(Map.of("transactional.id", topic))) {
            tx.initTransactions();
            tx.beginTransaction();
            tx.send(record("open"));
            tx.flush();
            send(topic, 0, "behind");
            send(topic, 1, "beside");
            SourceUnderTest source =
                    open("kafka.isolation.level", "read_committed").fresh();
            assertThat(SourceUnderTest.values(source.batch())).containsExactly("beside");
            assertThat(source.source.metrics(source.at())).containsEntry("lso_lag", "2");
            SourceUnderTest all = open().fresh();
            all.batch();
            assertThat(all.source.metrics(all.at())).doesNotContainKey("lso_lag");
            tx.commitTransaction();
            Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                source.batch();
                assertThat(source.source.metrics(source.at())).containsEntry("lso_lag", "0");
            });
        }
    }
}
