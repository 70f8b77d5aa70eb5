package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.cli.Tidemark;
import io.tidemark.ops.drill.DeltaTableOracle.Count;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What can be wrong with a query that starts for the first time: one line, its exit code, and nothing is written. */
class BadInputTest {
    private static final String TOPIC = "events";

    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    @TempDir
    Path directory;

    @BeforeAll
    static void sendEvents() {
        BROKER.topics().create(TOPIC, 2);
        BROKER.send(TOPIC, 2, 0, 300);
    }

    private Scene scene() throws IOException {
        return scene(TOPIC);
    }

    private Scene scene(String topic) throws IOException {
        return new Scene(directory.resolve(topic), BROKER.bootstrapServers(), topic);
    }

    @Test
    void nothingIsWrongWithTheSceneItself() throws IOException {
        Scene scene = scene();

        scene.run().isFine();

        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(300));
    }

    @Test
    void anUnknownKeyNamesTheNearestOne() throws IOException {
        Scene scene = scene().edit("trigger:", "triger:");

        scene.runInVain()
                .refuses(
                        2,
                        "TM-2002 PIPELINE_UNKNOWN_KEY",
                        "events.yaml:15:1: ",
                        "Unknown key 'triger'. Did you mean 'trigger'?");
    }

    @Test
    void badYamlIsNamedWithLineAndColumn() throws IOException {
        Scene scene = scene().edit("{ availableNow: true }", "{ availableNow: true");

        scene.runInVain().refuses(2, "TM-2001 PIPELINE_SYNTAX", "events.yaml:16:");
    }

    @Test
    void anErrorInSqlNamesLineColumnAndToken() throws IOException {
        Scene scene = scene().edit("d.event_id, d.page,", "d.event_id d.page,");

        scene.runInVain().refuses(2, "TM-1001 SQL_SYNTAX", "events.yaml:11:22", "'.'");
    }

    @Test
    void anUnknownColumnNamesCandidates() throws IOException {
        Scene scene = scene().edit("d.amount", "d.amoumt");

        scene.runInVain().refuses(2, "TM-1003 UNRESOLVED_COLUMN", "events.yaml:12:5", "amoumt", "amount");
    }

    @Test
    void aTypeMismatchNamesBothTypes() throws IOException {
        Scene scene = scene().edit("d.amount", "d.amount + d.event_time AS amount");

        scene.runInVain().refuses(2, "TM-1008 TYPE_MISMATCH", "events.yaml:12:5", "DOUBLE", "TIMESTAMP");
    }

    @Test
    void aMissingCheckpointLocationIsAskedFor() throws IOException {
        Scene scene = scene().edit("checkpointLocation: ${DIR}/checkpoint\n", "");

        scene.runInVain().refuses(2, "TM-2011 MISSING_CHECKPOINT_LOCATION", "events.yaml", "checkpointLocation");
    }

    @Test
    void aSinkPathWithOtherFilesIsLeftAlone() throws IOException {
        Scene scene = scene();
        Files.createDirectories(scene.table());
        Files.writeString(scene.table().resolve("notes.txt"), "mine");

        scene.runInVain().refuses(2, "TM-5001 SINK_PATH_NOT_A_TABLE", "events.yaml", "/table'", "notes.txt", "Choose");
    }

    @Test
    void aSinkPathThatIsAFileIsLeftAlone() throws IOException {
        Scene scene = scene();
        Files.writeString(scene.table(), "mine");

        scene.runInVain().refuses(2, "TM-5001 SINK_PATH_NOT_A_TABLE", "events.yaml", "/table'", "Choose");
    }

    @Test
    void aSchemaThatTheTableRefusesNamesTheColumn() throws IOException {
        Scene scene = scene();
        scene.run().isFine();
        scene.edit("d.amount", "CAST(d.amount AS STRING) AS amount")
                .edit("${DIR}/checkpoint", "${DIR}/another-checkpoint");

        scene.runInVain().refuses(2, "TM-5002 SINK_SCHEMA_MISMATCH", "events.yaml", "/table'", "amount");
    }

    @Test
    void completeModeWithoutAnAggregationIsRefused() throws IOException {
        Scene scene = scene().edit("trigger:", "outputMode: complete\ntrigger:");

        scene.runInVain().refuses(2, "TM-1012 STREAMING_UNSUPPORTED", "events.yaml", "Complete", "Use append");
    }

    @Test
    void aPathBelowAFileIsRefused() throws IOException {
        Scene scene = scene().edit("${DIR}/checkpoint", "${DIR}/events.yaml/checkpoint");
        scene.runInVain().refuses(2, "TM-2009 INVALID_OPTION", "events.yaml", "/events.yaml/checkpoint/", "Choose");

        scene = scene().edit("${DIR}/table", "${DIR}/events.yaml/table");
        scene.runInVain().refuses(2, "TM-5001 SINK_PATH_NOT_A_TABLE", "events.yaml", "/events.yaml/table'", "Choose");
    }

    @Test
    void aWrongSettingIsNotBlamedOnASource() throws IOException {
        Scene scene = scene().edit("timeZone: UTC", "timeZone: Mars");

        scene.runInVain().refuses(2, "TM-2012 INVALID_CONF", "events.yaml, conf: ", "timeZone", "'Mars'", "Use a");
    }

    @Test
    void aBrokerThatDoesNotAnswerIsGivenUpInTime() throws IOException {
        try (ServerSocket silent = new ServerSocket(0)) { // takes connections and never says a word
            for (int port : new int[] {silent.getLocalPort(), 1}) {
                Scene scene = new Scene(directory.resolve("port" + port), "127.0.0.1:" + port, TOPIC);
                long began = System.nanoTime();

                Answer answer = scene.runInVain("--set", "conf.tidemark.kafka.connectTimeoutMs=1500");

                answer.refuses(1, "TM-4002 SOURCE_UNREACHABLE", "events.yaml", "127.0.0.1:" + port, "Check that");
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .isLessThan(Duration.ofSeconds(25)); // without the setting: 30
            }
        }
    }

    @Test
    void anAddressThatDoesNotResolveIsUnreachable() throws IOException {
        Scene scene = new Scene(directory.resolve("nowhere"), "nowhere.invalid:9092", TOPIC);

        scene.runInVain().refuses(1, "TM-4002 SOURCE_UNREACHABLE", "nowhere.invalid:9092", "Check that");
    }

    @Test
    void aTopicThatDoesNotExistIsNotWaitedFor() throws IOException {
        Scene scene = scene("evnets");

        scene.runInVain().refuses(2, "TM-4003 TOPIC_MISSING", "events.yaml", "evnets", "subscribe");
        assertThat(BROKER.topics().exists("evnets")).isFalse();
    }

    @Test
    void startingOffsetsOfUnknownPartitionsAreNamed() throws IOException {
        Scene scene = scene().edit("earliest", "'{\"events\":{\"0\":-2,\"1\":-2,\"7\":5}}'");

        scene.runInVain().refuses(2, "TM-4004 STARTING_OFFSETS_MISMATCH", "events.yaml", "startingOffsets", "events-7");
    }

    @Test
    void startingOffsetsBeyondTheEndAreNamed() throws IOException {
        Scene scene = scene().edit("earliest", "'{\"events\":{\"0\":-2,\"1\":9999}}'");

        scene.runInVain().refuses(1, "TM-4005 OFFSET_OUT_OF_RANGE", "events.yaml", "events-1", "9999", "150");
    }

    @Test
    void startingOffsetsBelowTheBeginningAreNamed() throws IOException {
        BROKER.topics().create("aged", 1);
        BROKER.send("aged", 1, 0, 50);
        BROKER.topics().deleteRecords("aged", 0, 20);
        Scene scene = scene("aged").edit("earliest", "'{\"aged\":{\"0\":5}}'");

        scene.runInVain()
                .refuses(1, "TM-4001 SOURCE_ROWS_MISSING", "events.yaml", "aged-0", "5 to 19", "Use at least 20");
    }

    @Test
    void aForbiddenKafkaOptionIsRefusedWithItsReason() throws IOException {
        for (String option : List.of(
                "kafka.auto.offset.reset",
                "kafka.key.deserializer",
                "kafka.value.deserializer",
                "kafka.enable.auto.commit",
                "kafka.interceptor.classes")) {
            Scene scene = scene();

            scene.runInVain("--set", "sources.events.options." + option + "=latest")
                    .refuses(2, "TM-2009 INVALID_OPTION", "events.yaml", option.substring(6), "is not supported");
        }
    }

    @Test
    void aKafkaOptionThatTheClientRefusesIsFoundBeforeAnythingIsWritten() throws IOException {
        scene().runInVain("--set", "sources.events.options.kafka.fetch.max.bytes=lots")
                .refuses(2, "TM-2009 INVALID_OPTION", "events.yaml", "fetch.max.bytes", "lots", "Correct it");
        scene().edit("subscribe:", "kafka.security.protocol: SSL\n      subscribe:")
                .runInVain(
                        "--set",
                        "sources.events.options.kafka.ssl.truststore.location=/nowhere/trust.jks",
                        "--set",
                        "sources.events.options.kafka.ssl.truststore.password=s3cret")
                .refusesSaying("NoSuchFileException", 2, "TM-2009 INVALID_OPTION", "/nowhere/trust.jks", "Correct it");
    }

    @Test
    void aMisspeltKafkaOptionNamesTheNearestOne() throws IOException {
        Scene scene = scene().edit("maxOffsetsPerTrigger", "maxOffsetPerTriger");

        scene.runInVain()
                .refuses(2, "TM-2008 UNKNOWN_OPTION", "events.yaml", "maxOffsetPerTriger", "'maxOffsetsPerTrigger'");
    }

    @Test
    void malformedJsonIsARowOfNulls() throws IOException {
        sendMalformed("torn");
        Scene scene = scene("torn");

        scene.run().isFine();

        assertThat(scene.events()).isEqualTo(new Count(11, 10, 0, 9));
    }

    @Test
    void malformedJsonUnderFailfastFailsWithoutShowingTheRecord() throws Exception {
        sendMalformed("torn-failfast");
        Scene scene = scene("torn-failfast").edit("TIMESTAMP')", "TIMESTAMP', map('mode', 'FAILFAST'))");

        try (TidemarkRun run = scene.start(directory.resolve("said"))) {
            run.awaitExit(1, Duration.ofSeconds(30));
            new Answer(1, "", Files.readString(run.log()))
                    .refuses(
                            1,
                            "TM-4012 MALFORMED_RECORD",
                            "torn-failfast-0 offset 10.",
                            "FAILFAST",
                            "PERMISSIVE",
                            "said.log");
        }

        assertThat(scene.table()).doesNotExist();
        assertThat(scene.checkpoint().resolve("_tidemark/prepared")).doesNotExist();
        assertThat(scene.checkpoint().resolve("commits"))
                .satisfiesAnyOf(commits -> assertThat(commits).doesNotExist(), commits -> assertThat(commits)
                        .isEmptyDirectory());
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as("%s", file)
                        .doesNotContain("s3cret");
            }
        }
    }

    @Test
    void recordsThatCannotBeUsedAreLeftOutOnRequestAndStandInTheLedger() throws Exception {
        sendMalformed("torn-drop");
        BROKER.send("torn-drop", 1, 10, 20);
        sendTornRecord("torn-drop");
        Scene scene = scene("torn-drop")
                .edit("TIMESTAMP')", "TIMESTAMP', map('mode', 'FAILFAST'))")
                .withOptions(Map.of("onBadRecord", "drop"));

        scene.run().isFine();

        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(20));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Tidemark.execute(
                List.of("checkpoint", "show", scene.checkpoint().toString(), "--json"),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                System.err,
                new TreeMap<>());
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("\"topic\":\"torn-drop\"", "\"from\":10,\"until\":11,\"rows\":1", "\"from\":21,\"until\":22")
                .contains("MALFORMED_RECORD_IN_PARSING")
                .doesNotContain("s3cret");
    }

    /** Ten events, and one record that is cut off. */
    private static void sendMalformed(String topic) {
        BROKER.topics().create(topic, 1);
        BROKER.send(topic, 1, 0, 10);
        sendTornRecord(topic);
    }

    private static void sendTornRecord(String topic) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", BROKER.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(
                    new ProducerRecord<>(topic, "{\"event_id\":11,\"page\":\"s3cret".getBytes(StandardCharsets.UTF_8)));
            producer.flush();
        }
    }
}
