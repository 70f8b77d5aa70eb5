package io.tidemark.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.Row;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.types.StructType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the source starts, how much it reads, and that each row arrives once and in its order. */
abstract class KafkaReadingContract extends KafkaContract {
    @Test
    void everyRowArrivesOnceInOrderOfPartitionAndOffset() throws Exception {
        topics.create(topic, 2);
        send(topic, 0, "a", "b");
        send(topic, 1, "c");
        SourceUnderTest source = open().fresh();
        assertThat(source.source.description()).isEqualTo("KafkaV2[Subscribe[" + topic + "]]");
        assertThat(SourceUnderTest.values(source.batch())).containsExactly("a", "b", "c");
        assertThat(source.batch()).isNull();
        send(topic, 1, "d");
        send(topic, 0, "e");
        assertThat(SourceUnderTest.values(source.batch())).containsExactly("e", "d");
        assertThat(source.at().json()).isEqualTo("{\"" + topic + "\":{\"0\":3,\"1\":2}}");
        assertThat(source.source.metrics(source.at()))
                .containsEntry("minOffsetsBehindLatest", "0")
                .containsEntry("maxOffsetsBehindLatest", "0")
                .containsEntry("avgOffsetsBehindLatest", "0.0");
        assertThat(source.source.reportLatestOffset()).contains(source.at());
        assertThat(source.losses).isEmpty();
    }

    @Test
    void allColumnsHoldWhatTheRecordHolds() throws Exception {
        topics.create(topic, 1, Map.of("retention.ms", "-1"));
        ProducerRecord<byte[], byte[]> full =
                new ProducerRecord<>(topic, 0, 1_700_000_000_123L, new byte[] {1, 2}, new byte[] {3});
        full.headers().add("h", new byte[] {9}).add("n", null);
        producer.send(full).get(30, TimeUnit.SECONDS);
        producer.send(new ProducerRecord<>(topic, 0, Long.valueOf(5), (byte[]) null, (byte[]) null))
                .get(30, TimeUnit.SECONDS);
        SourceUnderTest source = open("includeHeaders", "true").fresh();
        List<Row> rows = source.batch();
        assertThat(source.schema.toDdl())
                .isEqualTo("key BINARY, value BINARY, topic STRING, partition INT, offset BIGINT, timestamp TIMESTAMP,"
                        + " timestampType INT, headers ARRAY<STRUCT<key: STRING, value: BINARY>>");
        assertThat(rows).hasSize(2);
        Row first = rows.get(0);
        assertThat((byte[]) first.get(0)).containsExactly(1, 2);
        assertThat((byte[]) first.get(1)).containsExactly(3);
        assertThat(first.get(2)).isEqualTo(topic);
        assertThat(first.get(3)).isEqualTo(0);
        assertThat(first.get(4)).isEqualTo(0L);
        assertThat(first.get(5)).isEqualTo(Instant.ofEpochMilli(1_700_000_000_123L));
        assertThat(first.get(6)).isEqualTo(0);
        List<?> headers = (List<?>) first.get(7);
        assertThat(headers).hasSize(2);
        assertThat(((Row) headers.get(0)).get(0)).isEqualTo("h");
        assertThat((byte[]) ((Row) headers.get(0)).get(1)).containsExactly(9);
        assertThat(((Row) headers.get(1)).get(1)).isNull();
        assertThat(rows.get(1).get(0)).isNull();
        assertThat(rows.get(1).get(1)).isNull();
        assertThat(rows.get(1).get(7)).isNull();
    }

    @Test
    void onlyTheRequiredColumnsAreMadeAndNoneAtAllStillCountsRows() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 20_000);
        StructType offsetOnly = StructType.EMPTY.add(KafkaSchema.plain().field(4));
        SourceUnderTest narrow =
                SourceUnderTest.open(checkpoint, options(), io.tidemark.api.TimeSource.system(), offsetOnly);
        opened.add(narrow);
        List<Row> rows = narrow.fresh().batch();
        assertThat(rows).hasSize(20_000);
        assertThat(rows.get(19_999).get(0)).isEqualTo(19_999L);
        SourceUnderTest none =
                SourceUnderTest.open(checkpoint, options(), io.tidemark.api.TimeSource.system(), StructType.EMPTY);
        opened.add(none);
        assertThat(none.fresh().batch()).hasSize(20_000);
    }

    @Test
    void batchesOfManyRowsAreCutByCountAndPrefetchingChangesNothing() throws Exception {
        topics.create(topic, 2);
        SourceUnderTest source = open("maxOffsetsPerTrigger", "15000").fresh();
        sendMany(topic, 0, 30_000);
        sendMany(topic, 1, 30_000);
        List<String> all = new ArrayList<>();
        for (List<Row> rows = source.batch(); rows != null; rows = source.batch()) {
            assertThat(rows.size()).isEqualTo(15_000);
            all.addAll(SourceUnderTest.values(rows));
        }
        List<String> expected = new ArrayList<>();
        for (int b = 0; b < 4; b++) {
            for (int p = 0; p < 2; p++) {
                for (int i = 0; i < 7_500; i++) {
                    expected.add(topic + "-" + p + "-" + (b * 7_500 + i));
                }
            }
        }
        assertThat(all).isEqualTo(expected);
    }

    @Test
    void aSplitPartitionGivesTheSameRowsInTheSameOrder() throws Exception {
        topics.create(topic, 2);
        sendMany(topic, 0, 1_000);
        sendMany(topic, 1, 10);
        SourceUnderTest whole = open().fresh();
        List<String> expected = SourceUnderTest.values(whole.batch());
        SourceUnderTest split = open("minPartitions", "7").fresh();
        assertThat(split.source.plan(split.at(), whole.at(), null).partitions()).hasSizeGreaterThanOrEqualTo(7);
        assertThat(SourceUnderTest.values(split.batch())).isEqualTo(expected);
        SourceUnderTest small = open("maxRecordsPerPartition", "300").fresh();
        assertThat(small.source.plan(small.at(), whole.at(), null).partitions())
                .extracting(p -> p.describe())
                .containsExactly(
                        topic + "-0 [0, 250)",
                        topic + "-0 [250, 500)",
                        topic + "-0 [500, 750)",
                        topic + "-0 [750, 1000)",
                        topic + "-1 [0, 10)");
        assertThat(SourceUnderTest.values(small.batch())).isEqualTo(expected);
    }

    @Test
    void aRetriedTaskReadsTheSameRowsAgain() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 100);
        SourceUnderTest source = open().fresh();
        Offset end = source.source
                .latestOffset(source.at(), ReadLimit.SOURCE_DEFAULT)
                .orElseThrow();
        var partition = source.source.plan(source.at(), end, null).partitions().get(0);
        List<String> first = SourceUnderTest.values(source.read(partition, 0));
        assertThat(SourceUnderTest.values(source.read(partition, 1)))
                .isEqualTo(first)
                .hasSize(100);
    }

    @Test
    void theFirstOffsetsAreStoredByteForByteAndNeverResolvedAgain() throws Exception {
        topics.create(topic, 2);
        send(topic, 0, "a", "b");
        SourceUnderTest source = open("startingOffsets", "latest").fresh();
        String json = "{\"" + topic + "\":{\"0\":2,\"1\":0}}";
        assertThat(source.at().json()).isEqualTo(json);
        assertThat(Files.readAllBytes(checkpoint.resolve("sources/0/0")))
                .isEqualTo(("\0v1\n" + json).getBytes(StandardCharsets.UTF_8));
        send(topic, 0, "c");
        SourceUnderTest again = open("startingOffsets", "earliest").fresh();
        assertThat(again.at().json()).isEqualTo(json);
        assertThat(SourceUnderTest.values(again.batch())).containsExactly("c");
    }

    @Test
    void startingOffsetsNameExactlyTheAssignedPartitions() throws Exception {
        topics.create(topic, 3);
        send(topic, 0, "a", "b", "c");
        send(topic, 1, "d", "e");
        send(topic, 2, "f", "g");
        String t = "{\"" + topic + "\":";
        SourceUnderTest source =
                open("startingOffsets", t + "{\"0\":1,\"1\":-1,\"2\":-2}}").fresh();
        assertThat(source.at().json()).isEqualTo(t + "{\"0\":1,\"1\":2,\"2\":0}}");
        assertThat(SourceUnderTest.values(source.batch())).containsExactly("b", "c", "f", "g");
        Files.delete(checkpoint.resolve("sources/0/0"));
        assertFails(
                ErrorCode.STARTING_OFFSETS_MISMATCH,
                () -> open("startingOffsets", t + "{\"0\":1,\"7\":3}}").fresh(),
                "lacks [" + topic + "-1, " + topic + "-2]",
                "names [" + topic + "-7]");
        assertFails(
                ErrorCode.OFFSET_OUT_OF_RANGE,
                () -> open("startingOffsets", t + "{\"0\":99,\"1\":0,\"2\":0}}").fresh(),
                topic + "-0",
                "99",
                "ends at 3");
        topics.deleteRecords(topic, 0, 2);
        assertFails(
                ErrorCode.SOURCE_ROWS_MISSING,
                () -> open("startingOffsets", t + "{\"0\":1,\"1\":0,\"2\":0}}").fresh(),
                topic + "-0",
                "begins at 2");
        assertThat(checkpoint.resolve("sources/0/0")).doesNotExist();
    }

    @Test
    void aStartInTimeTakesTheFirstRecordAtOrAfterIt() throws Exception {
        topics.create(topic, 2, Map.of("retention.ms", "-1"));
        for (int i = 0; i < 5; i++) {
            producer.send(new ProducerRecord<>(
                            topic, 0, 1000L + i * 100, null, ("v" + i).getBytes(StandardCharsets.UTF_8)))
                    .get(30, TimeUnit.SECONDS);
        }
        producer.send(new ProducerRecord<>(topic, 1, 1050L, null, "w".getBytes(StandardCharsets.UTF_8)))
                .get(30, TimeUnit.SECONDS);
        SourceUnderTest source = open("startingTimestamp", "1150", "startingOffsetsByTimestampStrategy", "latest")
                .fresh();
        assertThat(source.at().json()).isEqualTo("{\"" + topic + "\":{\"0\":2,\"1\":1}}");
        Files.delete(checkpoint.resolve("sources/0/0"));
        assertFails(
                ErrorCode.INVALID_OPTION,
                () -> open("startingTimestamp", "1150").fresh(),
                topic + "-1",
                "1150");
        SourceUnderTest each = open("startingOffsetsByTimestamp", "{\"" + topic + "\":{\"0\":1400,\"1\":0}}")
                .fresh();
        assertThat(each.at().json()).isEqualTo("{\"" + topic + "\":{\"0\":4,\"1\":0}}");
    }

    @Test
    void aMissingTopicIsNamedAfterAFewLooks() {
        assertFails(ErrorCode.TOPIC_MISSING, () -> open().fresh(), topic, servers());
        assertFails(ErrorCode.TOPIC_MISSING, () -> open().source.validate(), topic);
        assertThat(checkpoint.resolve("sources")).doesNotExist();
    }

    @Test
    void aPatternIsSearchedAnywhereInTheNameAndFindsNewTopics() throws Exception {
        topics.create(topic + "-in-1", 1);
        topics.create("not-" + topic, 1);
        send(topic + "-in-1", 0, "a");
        SourceUnderTest source =
                open("subscribe", "", "subscribePattern", topic + "-in").fresh();
        assertThat(source.source.description()).isEqualTo("KafkaV2[SubscribePattern[" + topic + "-in]]");
        assertThat(SourceUnderTest.values(source.batch())).containsExactly("a");
        topics.create("z" + topic + "-in-2", 1);
        send("z" + topic + "-in-2", 0, "b");
        assertThat(SourceUnderTest.values(source.batch())).containsExactly("b");
    }

    @Test
    void assignReadsTheListedPartitionsThatExist() throws Exception {
        topics.create(topic, 3);
        send(topic, 0, "a");
        send(topic, 1, "b");
        send(topic, 2, "c");
        SourceUnderTest source =
                open("subscribe", "", "assign", "{\"" + topic + "\":[2,0,9]}").fresh();
        assertThat(source.source.description())
                .isEqualTo("KafkaV2[Assign[" + topic + "-0, " + topic + "-2, " + topic + "-9]]");
        assertThat(SourceUnderTest.values(source.batch())).containsExactly("a", "c");
    }

    @Test
    void aLimitIsSharedByHowFarEachPartitionIsBehind() throws Exception {
        topics.create(topic, 3);
        sendMany(topic, 0, 90);
        sendMany(topic, 1, 9);
        sendMany(topic, 2, 1);
        SourceUnderTest source = open("maxOffsetsPerTrigger", "10").fresh();
        assertThat(source.batch()).hasSize(11);
        assertThat(source.at().json()).isEqualTo("{\"" + topic + "\":{\"0\":9,\"1\":1,\"2\":1}}");
        assertThat(source.batch()).hasSize(10);
        assertThat(source.source.reportLatestOffset().orElseThrow().json())
                .isEqualTo("{\"" + topic + "\":{\"0\":90,\"1\":9,\"2\":1}}");
        assertThat(source.batch(ReadLimit.ALL_AVAILABLE)).hasSize(79);
    }

    @Test
    void availableNowFixesTheEndOnce() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 25);
        SourceUnderTest source = open("maxOffsetsPerTrigger", "10", "minOffsetsPerTrigger", "10");
        source.source.prepareForTriggerAvailableNow();
        source.fresh();
        assertThat(source.batch()).hasSize(10);
        sendMany(topic, 0, 25);
        assertThat(source.batch()).hasSize(10);
        assertThat(source.batch()).hasSize(5);
        assertThat(source.batch()).isNull();
        assertThat(source.at().json()).isEqualTo("{\"" + topic + "\":{\"0\":25}}");
    }

    @Test
    void aMinimumHoldsBatchesBackUntilTheDelayIsOver() throws Exception {
        topics.create(topic, 1);
        ManualClock clock = new ManualClock(1_000_000);
        SourceUnderTest source = SourceUnderTest.open(
                checkpoint, options("minOffsetsPerTrigger", "5", "maxTriggerDelay", "10s"), clock, null);
        opened.add(source.fresh());
        send(topic, 0, "a");
        assertThat(source.batch()).as("the first look always passes").hasSize(1);
        send(topic, 0, "b");
        assertThat(source.batch()).isNull();
        send(topic, 0, "c", "d", "e", "f");
        assertThat(source.batch()).hasSize(5);
        send(topic, 0, "g");
        assertThat(source.batch()).isNull();
        clock.advance(Duration.ofSeconds(10));
        assertThat(source.batch()).hasSize(1);
    }

    @Test
    void newPartitionsAreReadFromZero() throws Exception {
        topics.create(topic, 1);
        send(topic, 0, "a");
        SourceUnderTest source = open("startingOffsets", "latest").fresh();
        topics.addPartitions(topic, 2);
        send(topic, 1, "b");
        send(topic, 0, "c");
        List<String> values = new ArrayList<>();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
            values.addAll(SourceUnderTest.values(source.batch()));
            return values.size() >= 2;
        });
        assertThat(values).containsExactlyInAnyOrder("b", "c");
    }

    @Test
    void aNewPartitionThatDoesNotStartAtZeroIsALoss() throws Exception {
        topics.create(topic, 1);
        SourceUnderTest strict = open().fresh();
        SourceUnderTest lenient = open("failOnDataLoss", "false").fresh();
        topics.addPartitions(topic, 2);
        sendMany(topic, 1, 5);
        topics.deleteRecords(topic, 1, 3);
        assertFails(ErrorCode.ADDED_PARTITION_NOT_ZERO, strict::batch, topic + "-1", "offset 3");
        assertThat(lenient.batch()).hasSize(2);
        assertThat(lenient.losses).singleElement().satisfies(lost(0, 3));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whateverHappensEachVisibleRowArrivesOnceAndInOrder(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        String name = topic + seed;
        Path directory = checkpoint.resolve(name);
        int partitions = 2;
        topics.create(name, partitions);
        SortedMap<String, List<String>> sent = new TreeMap<>();
        SortedMap<String, List<String>> read = new TreeMap<>();
        SourceUnderTest source = SourceUnderTest.open(directory, randomOptions(random, name));
        source.fresh();
        try (KafkaProducer<byte[], byte[]> tx = producer(Map.of("transactional.id", name))) {
            tx.initTransactions();
            for (int step = 0; step < 30; step++) {
                switch (random.nextInt(6)) {
                    case 0, 1 -> {
                        boolean commit = random.nextInt(3) > 0;
                        tx.beginTransaction();
                        for (int i = random.nextInt(400); i >= 0; i--) {
                            int p = random.nextInt(partitions);
                            String value = step + "-" + i;
                            tx.send(new ProducerRecord<>(name, p, null, value.getBytes(StandardCharsets.UTF_8)));
                            if (commit) {
                                sent.computeIfAbsent(name + p, k -> new ArrayList<>())
                                        .add(value);
                            }
                        }
                        if (commit) {
                            tx.commitTransaction();
                        } else {
                            tx.abortTransaction();
                        }
                    }
                    case 2, 3 -> collect(source, source.batch(), read);
                    case 4 -> {
                        SourceUnderTest next = SourceUnderTest.open(directory, randomOptions(random, name));
                        if (source.seal().isPresent()) {
                            next.resumeAfter(source);
                        } else {
                            next.fresh();
                        }
                        source.close();
                        source = next;
                    }
                    default -> {
                        if (partitions < 4 && random.nextBoolean()) {
                            topics.addPartitions(name, ++partitions);
                        }
                    }
                }
            }
            SourceUnderTest last = source;
            Awaitility.await("seed " + seed).atMost(Duration.ofSeconds(30)).until(() -> {
                collect(last, last.batch(), read);
                return count(read) >= count(sent);
            });
        } finally {
            source.close();
        }
        assertThat(read).as("seed %d", seed).isEqualTo(sent);
        assertThat(source.losses).isEmpty();
    }

    private static int count(SortedMap<String, List<String>> rows) {
        return rows.values().stream().mapToInt(List::size).sum();
    }

    private static void collect(
            SourceUnderTest source, @Nullable List<Row> rows, SortedMap<String, List<String>> into) {
        if (rows != null) {
            for (Row row : rows) {
                into.computeIfAbsent((String) row.get(2) + row.get(3), k -> new ArrayList<>())
                        .add(new String((byte[]) row.get(1), StandardCharsets.UTF_8));
            }
        }
        assertThat(source.losses).isEmpty();
    }

    private Map<String, String> randomOptions(SplittableRandom random, String name) {
        Map<String, String> options = options("subscribe", name, "kafka.isolation.level", "read_committed");
        if (random.nextBoolean()) {
            options.put("maxOffsetsPerTrigger", Integer.toString(1 + random.nextInt(500)));
        }
        if (random.nextBoolean()) {
            options.put("minPartitions", Integer.toString(1 + random.nextInt(9)));
        }
        if (random.nextBoolean()) {
            options.put("kafka.max.poll.records", Integer.toString(1 + random.nextInt(100)));
        }
        return options;
    }
}
