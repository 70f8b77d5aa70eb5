package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.Dataset;
import io.tidemark.api.Row;
import io.tidemark.api.TidemarkSession;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.streaming.StreamingQueryException;
import io.tidemark.api.streaming.StreamingQueryListener;
import io.tidemark.api.streaming.Trigger;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets with words in them that stand nowhere else: whatever the command does, well or badly, with everything logged
 * that any library has to say, no word of them is in a file, in what it prints, or in what it throws.
 */
@Timeout(180)
class CanaryTest {
    private static final String CREDENTIAL = "canary\"of+the/broker-4f9c";
    private static final String WRONG = "canary-that-is-wrong-77d1";
    private static final String S3_SECRET = "canary/of+s3-e1b0";
    private static final String S3_KEY = "CANARYACCESS8821";
    private static final String PIN = "canary-pin-3321-of-ours";
    private static final List<String> CANARIES =
            List.of(CREDENTIAL, WRONG, S3_SECRET, S3_KEY, PIN, Certificates.PASSWORD);

    @TempDir
    static Path shared;

    private static SecuredBroker secured;

    @TempDir
    Path directory;

    @BeforeAll
    static void startBroker() throws Exception {
        secured = SecuredBroker.start(shared, 60_000);
        secured.broker().topics().create("clicks", 2);
        try (Events events = new Events(secured.broker().bootstrapServers())) {
            events.send("clicks", 2, 0, 50);
        }
    }

    @AfterAll
    static void stopBroker() {
        secured.close();
    }

    @BeforeEach
    void rightPassword() throws Exception {
        secured.forbidNothing();
        secured.setPassword(CREDENTIAL);
    }

    private Path scene(String name) throws IOException {
        Map<String, String> options = secured.scram();
        options.put("kafka.ssl.truststore.password", "${STORE_WORD}");
        options.put(
                "kafka.sasl.jaas.config", options.get("kafka.sasl.jaas.config").replace("KAFKA_PASSWORD", "ESCAPED"));
        Scene scene = new Scene(directory.resolve("runs").resolve(name), secured.door("SCRAM"), "clicks")
                .withOptions(options)
                .edit(
                        "conf: { spark.sql.session.timeZone: UTC }",
                        """
                        conf:
                          spark.sql.session.timeZone: UTC
                          spark.redaction.regex: (?i)our[.]pin
                          spark.our.pin: ${OURS}
                          spark.hadoop.fs.s3a.secret.key: ${S3}
                          spark.hadoop.fs.s3a.access.key: ${S3_ID}
                        """);
        return scene.file();
    }

    private SortedMap<String, String> environment(Path file) {
        SortedMap<String, String> environment = new TreeMap<>(Map.of(
                "SERVERS",
                secured.door("SCRAM"),
                "TOPIC",
                "clicks",
                "DIR",
                file.getParent().toString(),
                "ESCAPED",
                CREDENTIAL.replace("\"", "\\\""),
                "STORE_WORD",
                Certificates.PASSWORD,
                "OURS",
                PIN,
                "S3",
                S3_SECRET,
                "S3_ID",
                S3_KEY));
        environment.put("WRONG_PASSWORD", WRONG);
        return environment;
    }

    @Test
    void noSecretIsAnywhereWhateverTheCommandDoes() throws Exception {
        Path file = scene("whole");
        Path home = file.getParent();
        Path log = home.resolve("tidemark.log");
        Path said = home.resolve("said.txt");
        TidemarkCommand talkative = TidemarkCommand.ofThisBuild().withJvmArguments("-Dtidemark.logLevel=TRACE");
        try (WarmCommandLine command = WarmCommandLine.start(talkative, environment(file), home.resolve("err.txt"))) {
            String jaas = "sources.events.options.kafka.sasl.jaas.config=";
            String module =
                    "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"reader\" password=";
            List<String> run =
                    List.of("run", file.toString(), "--log=" + log, "--progress=" + home.resolve("progress.json"));

            assertThat(command.run(run, said)).as(tail(said)).isZero();
            assertThat(command.run(List.of("explain", file.toString()), said))
                    .as(tail(said))
                    .isZero();
            String checkpoint = home.resolve("checkpoint").toString();
            assertThat(command.run(List.of("checkpoint", "show", checkpoint), said))
                    .isZero();
            assertThat(command.run(List.of("checkpoint", "show", checkpoint, "--json"), said))
                    .isZero();
            assertThat(command.run(List.of("checkpoint", "verify", checkpoint), said))
                    .isZero();
            command.run(List.of("handover", "--check", checkpoint), said);

            Map<String, String> mistakes = new TreeMap<>();
            mistakes.put("wrong password", jaas + module + "\"" + WRONG + "\";");
            mistakes.put("no module", jaas + "password=\"" + WRONG + "\"");
            mistakes.put("not ended", jaas + module + "\"" + WRONG);
            mistakes.put("wrong word for a store", "sources.events.options.kafka.ssl.truststore.password=" + WRONG);
            mistakes.put("no key", "sources.events.options.kafka.ssl.keystore.key=" + WRONG);
            mistakes.put("unknown to Kafka", "sources.events.options.kafka.our.own.api=" + WRONG);
            mistakes.put("wrong protocol", "sources.events.options.kafka.security.protocol=" + CREDENTIAL);
            mistakes.put("wrong number", "sources.events.options.maxOffsetsPerTrigger=${WRONG_PASSWORD}");
            mistakes.put("wrong setting", "conf.spark.task.maxFailures=" + PIN);
            mistakes.put("wrong address", "sources.events.options.kafka.bootstrap.servers=" + S3_SECRET);
            mistakes.put("no such store", "sink.path=s3a://" + S3_KEY + ":" + WRONG + "@bucket/table");
            mistakes.put("wrong table", "sink.path=" + file + "/" + CREDENTIAL);
            mistakes.put("wrong SQL", "sql=SELECT '" + S3_SECRET + "' FROM WHERE");
            mistakes.put("wrong cast", "sql=SELECT CAST('" + PIN + "' AS INT) FROM events");
            mistakes.put("wrong record", "sql=SELECT CAST(CAST(value AS STRING) AS INT) AS n FROM events");
            mistakes.put("wrong checkpoint", "checkpointLocation=" + file);
            mistakes.put("wrong expression", "conf.spark.redaction.regex=(" + PIN);
            for (Map.Entry<String, String> mistake : mistakes.entrySet()) {
                List<String> arguments = new ArrayList<>(run);
                arguments.add("--set=" + mistake.getValue());
                if (!mistake.getKey().equals("wrong checkpoint")) {
                    arguments.add("--set=checkpointLocation="
                            + home.resolve(mistake.getKey().replace(' ', '-')));
                }
                if (mistake.getKey().equals("wrong record")) {
                    arguments.add("--set=sink.path=" + home.resolve("numbers"));
                }
                int code = command.run(arguments, said);
                assertThat(code == 0 && !mistake.getKey().startsWith("unknown"))
                        .as(mistake.getKey())
                        .isFalse();
            }
            assertThat(ProcessHandle.of(command.pid()).orElseThrow().info().toString())
                    .doesNotContain(CANARIES);
        }
        assertThat(Files.readString(said)).contains("CAST_INVALID_INPUT", "\"page\":\"/page/"); // who runs it sees why
        assertThat(Files.readAllLines(log))
                .filteredOn(line -> line.contains("CAST_INVALID_INPUT"))
                .anyMatch(line -> line.contains("task 0 (clicks-") || line.contains("task 1 (clicks-"))
                .noneMatch(line -> line.contains("/page/"));
        String everything = Files.readString(log);
        assertThat(everything).contains(" DEBUG [", " TRACE [", "org.apache.kafka.clients", "TM-4010");
        assertThat(Files.readString(home.resolve("progress.json"))).contains("\"numInputRows\":50");
        assertThat(leaksIn(directory.resolve("runs"))).isEmpty();
    }

    @Test
    void noSecretIsInWhatAProgramIsGiven() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (TidemarkSession session = TidemarkSession.builder()
                .config("spark.hadoop.fs.s3a.secret.key", S3_SECRET)
                .getOrCreate()) {
            session.streams().addListener(new StreamingQueryListener() {
                @Override
                public void onQueryStarted(QueryStartedEvent event) {
                    heard.add(event.toString());
                }

                @Override
                public void onQueryProgress(QueryProgressEvent event) {
                    heard.add(event.progress().json());
                }

                @Override
                public void onQueryTerminated(QueryTerminatedEvent event) {
                    heard.add(event.toString());
                }
            });
            Map<String, String> options = secured.scram();
            options.put(
                    "kafka.sasl.jaas.config",
                    options.get("kafka.sasl.jaas.config")
                            .replace("'", "")
                            .replace("${KAFKA_PASSWORD}", CREDENTIAL.replace("\"", "\\\"")));
            Dataset<Row> rows = session.readStream()
                    .format("kafka")
                    .option("kafka.bootstrap.servers", secured.door("SCRAM"))
                    .option("subscribe", "clicks")
                    .option("startingOffsets", "earliest")
                    .options(options)
                    .load();
            heard.add(rows.plan().toString());
            StreamingQuery query = rows.selectExpr("CAST(value AS STRING) AS v")
                    .writeStream()
                    .format("delta")
                    .option("path", directory.resolve("runs/table").toString())
                    .option(
                            "checkpointLocation",
                            directory.resolve("runs/checkpoint").toString())
                    .trigger(Trigger.ProcessingTime(0))
                    .start();
            secured.setPassword(WRONG);
            secured.forbid("clicks");
            try {
                query.awaitTermination();
                throw new AssertionError("it went on");
            } catch (StreamingQueryException e) {
                StringWriter trace = new StringWriter();
                e.printStackTrace(new PrintWriter(trace));
                heard.add(trace.toString());
            }
            heard.add(String.valueOf(query.status()));
            Thread.getAllStackTraces().keySet().forEach(t -> heard.add(t.getName()));
        }
        assertThat(heard)
                .anyMatch(text -> text.contains("StreamRead["))
                .anyMatch(text -> text.contains("TM-4010") || text.contains("authoriz"));
        assertThat(heard).flatExtracting(CanaryTest::leaksOf).isEmpty();
        assertThat(leaksIn(directory.resolve("runs"))).isEmpty();
    }

    @Test
    void aLeakWouldBeFound() throws IOException {
        for (String form : forms(CREDENTIAL)) {
            Path file = Files.writeString(directory.resolve("leak.txt"), "before " + form + " behind");
            assertThat(leaksIn(directory)).anyMatch(leak -> leak.startsWith(file.toString()));
        }
    }

    private static String tail(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static List<String> leaksIn(Path folder) throws IOException {
        List<String> leaks = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                leaksOf(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .forEach(leak -> leaks.add(file + ": " + leak));
            }
        }
        return leaks;
    }

    /** Returns the secrets in a text, in whatever form, with what stands around them. */
    private static List<String> leaksOf(String text) {
        List<String> leaks = new ArrayList<>();
        for (String canary : CANARIES) {
            for (String form : forms(canary)) {
                int at = text.indexOf(form);
                if (at >= 0) {
                    leaks.add(text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 80)));
                }
            }
        }
        return leaks;
    }

    private static List<String> forms(String canary) {
        return List.of(
                canary,
                canary.replace("\"", "\\\""),
                URLEncoder.encode(canary, StandardCharsets.UTF_8),
                Base64.getEncoder().withoutPadding().encodeToString(canary.getBytes(StandardCharsets.UTF_8)));
    }
}
