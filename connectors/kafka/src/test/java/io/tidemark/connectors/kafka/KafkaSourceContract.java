package io.tidemark.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.Row;
import io.tidemark.api.connector.LostRange;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.types.StructType;
import io.tidemark.connectors.kafkabroker.KafkaTopics;
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
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the source promises, against whichever broker a subclass brings. Each test has topics of its own. */
abstract class KafkaSourceContract {
    @TempDir
    Path checkpoint;

    private String topic = "";
    private KafkaProducer<byte[], byte[]> producer;
    private KafkaTopics topics;
    private final List<SourceUnderTest> opened = new ArrayList<>();

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

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new TreeMap<>(more);
        settings.put("bootstrap.servers", servers());
        settings.put("acks", "all");
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void send(String name, int partition, String... values) throws Exception {
        for (String value : values) {
            producer.send(new ProducerRecord<>(name, partition, null, value.getBytes(StandardCharsets.UTF_8)))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private void sendMany(String name, int partition, int count) {
        for (int i = 0; i < count; i++) {
            producer.send(new ProducerRecord<>(
                    name, partition, null, (name + "-" + partition + "-" + i).getBytes(StandardCharsets.UTF_8)));
        }
        producer.flush();
    }

    private Map<String, String> options(String... more) {
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

    private SourceUnderTest open(String... more) {
        SourceUnderTest source = SourceUnderTest.open(checkpoint, options(more));
        opened.add(source);
        return source;
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
                .hasMessageContainingAll(words);
    }

    private static Consumer<LostRange> lost(long from, long until) {
        return l -> {
            assertThat(l.from()).isEqualTo(from);
            assertThat(l.until()).isEqualTo(until);
            assertThat(l.rows()).isEqualTo(until < 0 ? -1 : until - from);
        };
    }

    // ---- reading ----

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

    // ---- where it starts ----

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

    // ---- how much it reads ----

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

    // ---- loss ----

    @Test
    void rowsGoneBeforeTheBatchIsPlannedAreALossThatIsNamed() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 5);
        SourceUnderTest first = open().fresh();
        first.batch();
        sendMany(topic, 0, 5);
        topics.deleteRecords(topic, 0, 7);
        SourceUnderTest strict = open().resumeAt(first.at(), first.seal().orElseThrow());
        assertFails(
                ErrorCode.SOURCE_ROWS_MISSING,
                strict::batch,
                topic + "-0",
                "offsets 5 to 6",
                "earliest is 7",
                "2 rows",
                "failOnDataLoss=false");
        SourceUnderTest lenient = open("failOnDataLoss", "false")
                .resumeAt(first.at(), first.seal().orElseThrow());
        assertThat(lenient.batch()).extracting(r -> r.get(4)).containsExactly(7L, 8L, 9L);
        assertThat(lenient.losses).singleElement().satisfies(lost(5, 7));
    }

    @Test
    void aPartitionThatBeginsJustWhereTheQueryStoppedHasLostNothing() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 5);
        SourceUnderTest first = open().fresh();
        first.batch();
        sendMany(topic, 0, 5);
        topics.deleteRecords(topic, 0, 5);
        SourceUnderTest again = open().resumeAt(first.at(), first.seal().orElseThrow());
        assertThat(again.batch()).hasSize(5);
        assertThat(again.losses).isEmpty();
    }

    @Test
    void rowsThatGoAfterTheBatchIsPlannedAreFoundWhenItRuns() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 10);
        for (String failOnDataLoss : List.of("true", "false")) {
            SourceUnderTest source = open("failOnDataLoss", failOnDataLoss).fresh();
            Offset start = new Offset("{\"" + topic + "\":{\"0\":" + (failOnDataLoss.equals("true") ? 0 : 4) + "}}");
            Offset end =
                    source.source.latestOffset(start, ReadLimit.SOURCE_DEFAULT).orElseThrow();
            var plan = source.source.plan(start, end, null);
            topics.deleteRecords(topic, 0, failOnDataLoss.equals("true") ? 2 : 7);
            if (failOnDataLoss.equals("true")) {
                assertFails(
                        ErrorCode.SOURCE_ROWS_MISSING,
                        () -> source.read(plan.partitions().get(0), 0),
                        topic + "-0",
                        "0 to 1");
            } else {
                assertThat(source.read(plan.partitions().get(0), 0)).hasSize(3);
                assertThat(source.losses).singleElement().satisfies(lost(4, 7));
            }
        }
    }

    @Test
    void aBatchRunAgainAfterItsRowsAreGoneFailsOrLeavesThemOut() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 10);
        SourceUnderTest first = open().fresh();
        Offset start = first.at();
        first.batch();
        topics.deleteRecords(topic, 0, 10);
        send(topic, 0, "later");
        SourceUnderTest strict = open();
        assertFails(
                ErrorCode.SOURCE_ROWS_MISSING,
                () -> strict.run(start, first.at(), first.seal().orElseThrow()),
                topic + "-0",
                "0 to 9");
        SourceUnderTest lenient = open("failOnDataLoss", "false");
        assertThat(lenient.run(start, first.at(), first.seal().orElseThrow())).isEmpty();
        assertThat(lenient.losses).singleElement().satisfies(lost(0, 10));
    }

    @Test
    void aTopicCreatedAgainIsNoticedHoweverLongItIs() throws Exception {
        for (int again : List.of(2, 20)) {
            String name = topic + again;
            topics.create(name, 1);
            sendMany(name, 0, 5);
            Path directory = checkpoint.resolve(name);
            SourceUnderTest first = SourceUnderTest.open(directory, options("subscribe", name));
            opened.add(first.fresh());
            first.batch();
            topics.delete(name);
            topics.create(name, 1);
            sendMany(name, 0, again);
            assertFails(ErrorCode.TOPIC_RECREATED, first::batch, name);
            SourceUnderTest strict = SourceUnderTest.open(directory, options("subscribe", name));
            opened.add(strict);
            assertFails(
                    ErrorCode.TOPIC_RECREATED,
                    () -> strict.resumeAt(first.at(), first.seal().orElseThrow()),
                    name);
            SourceUnderTest lenient =
                    SourceUnderTest.open(directory, options("subscribe", name, "failOnDataLoss", "false"));
            opened.add(lenient);
            lenient.resumeAt(first.at(), first.seal().orElseThrow());
            assertThat(lenient.batch()).isEmpty();
            assertThat(lenient.at().json()).isEqualTo("{\"" + name + "\":{\"0\":0}}");
            assertThat(lenient.losses).singleElement().satisfies(lost(5, -1));
            assertThat(lenient.batch()).hasSize(again);
        }
    }

    @Test
    void aDeletedTopicIsALossOfItsPartitions() throws Exception {
        topics.create(topic + "-x", 1);
        topics.create(topic + "-y", 1);
        send(topic + "-x", 0, "a");
        send(topic + "-y", 0, "b");
        String[] pattern = {"subscribe", "", "subscribePattern", topic + "-."};
        SourceUnderTest strict = open(pattern).fresh();
        strict.batch();
        SourceUnderTest lenient = SourceUnderTest.open(
                checkpoint, options("subscribe", "", "subscribePattern", topic + "-.", "failOnDataLoss", "false"));
        opened.add(lenient);
        lenient.resumeAt(strict.at(), strict.seal().orElseThrow());
        topics.delete(topic + "-x");
        assertFails(ErrorCode.PARTITIONS_DELETED, strict::batch, topic + "-x-0");
        assertFails(
                ErrorCode.PARTITIONS_DELETED,
                () -> open(pattern).resumeAt(strict.at(), strict.seal().orElseThrow()),
                topic + "-x-0");
        send(topic + "-y", 0, "c");
        assertThat(SourceUnderTest.values(lenient.batch())).containsExactly("c");
        assertThat(lenient.at().json()).isEqualTo("{\"" + topic + "-y\":{\"0\":2}}");
        assertThat(lenient.losses).singleElement().satisfies(lost(1, -1));
        send(topic + "-y", 0, "d");
        assertThat(SourceUnderTest.values(lenient.batch())).containsExactly("d");
    }

    @Test
    void aTopicCreatedAgainWhileItIsReadIsNoticedWhenTheBatchHasBeenRead() throws Exception {
        for (String fail : List.of("true", "false")) {
            String name = topic + fail;
            topics.create(name, 1);
            sendMany(name, 0, 10);
            SourceUnderTest source = SourceUnderTest.open(
                    checkpoint.resolve(name),
                    options("subscribe", name, "maxOffsetsPerTrigger", "5", "failOnDataLoss", fail));
            opened.add(source.fresh());
            assertThat(source.batch()).hasSize(5);
            Offset end = source.source
                    .latestOffset(source.at(), ReadLimit.SOURCE_DEFAULT)
                    .orElseThrow();
            var range = source.source.plan(source.at(), end, null).partitions().get(0);
            topics.delete(name);
            topics.create(name, 1);
            sendMany(name, 0, 20); // and what is wanted was fetched already
            if (fail.equals("true")) {
                assertFails(ErrorCode.TOPIC_RECREATED, () -> source.read(range, 0), name);
            } else {
                assertThatThrownBy(() -> source.read(range, 0)).isInstanceOf(TopicWatch.TopicChangedException.class);
                assertThat(source.read(range, 1)).as("rows of the other topic").isEmpty();
                assertThat(source.losses).singleElement().satisfies(lost(5, 10));
            }
        }
    }

    @Test
    void aTopicThatComesBackGoesOnWhereItStood() throws Exception {
        topics.create(topic + "-x", 1);
        topics.create(topic + "-y", 1);
        send(topic + "-x", 0, "a", "b");
        send(topic + "-y", 0, "c");
        SourceUnderTest first =
                open("subscribe", "", "subscribePattern", topic + "-.").fresh();
        first.batch();
        // To a source that does not match it, a topic is as absent as one that the brokers do not show.
        SourceUnderTest without = open("subscribe", "", "subscribePattern", topic + "-y", "failOnDataLoss", "false");
        without.resumeAt(first.at(), first.seal().orElseThrow());
        for (String value : List.of("d", "e")) {
            send(topic + "-y", 0, value);
            assertThat(SourceUnderTest.values(without.batch())).containsExactly(value);
        }
        assertThat(without.at().json()).isEqualTo("{\"" + topic + "-y\":{\"0\":3}}");
        assertThat(without.losses).singleElement().satisfies(lost(2, -1));
        SourceUnderTest again = open("subscribe", "", "subscribePattern", topic + "-.", "failOnDataLoss", "false");
        again.resumeAt(without.at(), without.seal().orElseThrow());
        send(topic + "-x", 0, "f");
        assertThat(SourceUnderTest.values(again.batch())).containsExactly("f");
        // A batch that is run again after a crash has its own seal and nothing else.
        SourceUnderTest crashed = open("subscribe", "", "subscribePattern", topic + "-.", "failOnDataLoss", "false");
        assertThat(SourceUnderTest.values(
                        crashed.run(without.at(), again.at(), again.seal().orElseThrow())))
                .containsExactly("f");
        send(topic + "-x", 0, "g");
        assertThat(SourceUnderTest.values(again.batch())).containsExactly("g");
        assertThat(again.losses).isEmpty();
    }

    @Test
    void aTopicThatComesBackAsAnotherOneIsReadFromItsBeginning() throws Exception {
        topics.create(topic + "-x", 1);
        topics.create(topic + "-y", 1);
        send(topic + "-x", 0, "a", "b");
        send(topic + "-y", 0, "c");
        SourceUnderTest source = open("subscribe", "", "subscribePattern", topic + "-.", "failOnDataLoss", "false");
        source.fresh().batch();
        topics.delete(topic + "-x");
        send(topic + "-y", 0, "d");
        assertThat(SourceUnderTest.values(source.batch())).containsExactly("d");
        topics.create(topic + "-x", 1);
        send(topic + "-x", 0, "e", "f", "g");
        assertThat(SourceUnderTest.values(source.batch())).containsExactly("e", "f", "g");
    }

    @Test
    void aPartitionThatIsNotShownKeepsItsOffset() throws Exception {
        topics.create(topic, 2);
        send(topic, 0, "a");
        send(topic, 1, "b", "c");
        String both = "{\"" + topic + "\":[0,1]}";
        SourceUnderTest first = open("subscribe", "", "assign", both).fresh();
        first.batch();
        SourceUnderTest without = open("subscribe", "", "assign", "{\"" + topic + "\":[0]}", "failOnDataLoss", "false");
        without.resumeAt(first.at(), first.seal().orElseThrow());
        send(topic, 0, "d");
        assertThat(SourceUnderTest.values(without.batch())).containsExactly("d");
        assertThat(without.at().json()).isEqualTo("{\"" + topic + "\":{\"0\":2,\"1\":2}}");
        assertThat(without.losses).isEmpty();
        SourceUnderTest again = open("subscribe", "", "assign", both, "failOnDataLoss", "false");
        again.resumeAt(without.at(), without.seal().orElseThrow());
        send(topic, 1, "e");
        assertThat(SourceUnderTest.values(again.batch())).containsExactly("e");
    }

    @Test
    void anEndFixedForATopicThatIsCreatedAgainIsNotAskedOfTheNewOne() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 25);
        SourceUnderTest source = open("maxOffsetsPerTrigger", "10", "failOnDataLoss", "false");
        source.source.prepareForTriggerAvailableNow();
        source.fresh();
        assertThat(source.batch()).hasSize(10);
        topics.delete(topic);
        topics.create(topic, 1);
        sendMany(topic, 0, 3);
        assertThat(source.batch()).isEmpty();
        assertThat(source.losses).singleElement().satisfies(lost(10, -1));
        assertThat(source.batch()).hasSize(3);
        assertThat(source.at().json()).isEqualTo("{\"" + topic + "\":{\"0\":3}}");
        assertThat(source.batch()).isNull();
        assertThat(source.losses).hasSize(1);
    }

    @Test
    void offsetsAheadOfKafkaAreRefused() throws Exception {
        topics.create(topic, 1);
        sendMany(topic, 0, 5);
        Offset ahead = new Offset("{\"" + topic + "\":{\"0\":50}}");
        assertFails(
                ErrorCode.OFFSET_OUT_OF_RANGE,
                () -> open().resumeAt(ahead, null),
                topic + "-0",
                "ends at offset 5",
                "50");
        SourceUnderTest first = open().fresh();
        first.batch();
        assertFails(
                ErrorCode.LOG_TRUNCATED,
                () -> open().resumeAt(ahead, first.seal().orElseThrow()),
                topic + "-0",
                "50");
    }

    @Test
    void anOffsetLineInAnotherOrderIsTheSameOffset() throws Exception {
        topics.create(topic, 2);
        send(topic, 0, "a");
        send(topic, 1, "b");
        SourceUnderTest source = open();
        Offset spelledOtherwise = new Offset("{\"" + topic + "\":{\"1\":1,\"0\":1}}");
        source.resumeAt(spelledOtherwise, null);
        assertThat(source.batch()).isNull();
        assertThat(source.source.latestOffset(spelledOtherwise, ReadLimit.SOURCE_DEFAULT))
                .contains(spelledOtherwise);
    }

    // ---- transactions and compaction ----

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
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> committed
                    .source
                    .latestOffset(committed.at(), ReadLimit.SOURCE_DEFAULT)
                    .orElseThrow()
                    .json()
                    .endsWith(":10}}"));
            assertThat(SourceUnderTest.values(committed.batch())).containsExactly("open");
            transaction(tx, "aborted", false);
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> committed
                    .source
                    .latestOffset(committed.at(), ReadLimit.SOURCE_DEFAULT)
                    .orElseThrow()
                    .json()
                    .endsWith(":12}}"));
            assertThat(committed.batch()).as("only invisible records").isEmpty();
            assertThat(committed.losses).isEmpty();
            assertThat(all.losses).isEmpty();
        }
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

    // ---- anything may happen ----

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
                            next.resumeAt(source.at(), source.seal().get());
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
