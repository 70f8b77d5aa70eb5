package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.ops.drill.DeltaTableOracle.Count;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster that asks who we are, and shows who it is. What does not fit is an error of its own, never a loss of data;
 * nothing is written, and with the right credentials the query goes on where it was.
 */
@Timeout(120)
class SecuredClusterTest {
    private static final String RIGHT = "right-canary-password";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration REAUTHENTICATION = Duration.ofMillis(1_500);

    @TempDir
    static Path shared;

    private static SecuredBroker secured;
    private static Events events;

    @TempDir
    Path directory;

    private String topic = "";

    @BeforeAll
    static void startBroker() throws Exception {
        secured = SecuredBroker.start(shared, REAUTHENTICATION.toMillis());
        events = new Events(secured.broker().bootstrapServers());
    }

    @AfterAll
    static void stopBroker() {
        events.close();
        secured.close();
    }

    @BeforeEach
    void topicWithEvents(TestInfo test) throws Exception {
        secured.setPassword(RIGHT);
        topic = test.getTestMethod().orElseThrow().getName();
        secured.broker().topics().create(topic, 2);
        events.send(topic, 2, 0, 100);
    }

    private Scene scene(String door, Map<String, String> options) throws IOException {
        return new Scene(directory.resolve(door + options.hashCode()), secured.door(door), topic)
                .withOptions(options)
                .set("KAFKA_PASSWORD", RIGHT);
    }

    @Test
    void whoShowsTheRightPasswordReads() throws Exception {
        Scene scene = scene("SCRAM", secured.scram());

        scene.run().isFine();

        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(100));
    }

    @Test
    void whoShowsTheRightCertificateReads() throws Exception {
        Scene scene = scene("MTLS", secured.mutualTls());

        scene.run().isFine();

        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(100));
    }

    @Test
    void aBrokerThatIsNotWhoItShouldBeIsRefused() throws Exception {
        refused(scene("EXPIRED", secured.tls()), "NotAfter");
        refused(scene("ELSEWHERE", secured.tls()), "localhost");
        refused(
                scene("SCRAM", with(secured.scram(), secured.strangersTls(), "kafka.ssl.truststore.location")),
                "Signature does not match");
    }

    @Test
    void whoDoesNotShowWhatIsAskedForIsRefused() throws Exception {
        refused(scene("SCRAM", secured.scram()).set("KAFKA_PASSWORD", "wrong-canary-word"), "invalid credentials");
        refused(scene("MTLS", secured.tls()), "certificate");
    }

    private static void refused(Scene scene, String reason) throws IOException {
        scene.runInVain().refuses(1, "TM-4010 SOURCE_AUTHENTICATION", reason, "Check the kafka.sasl.*, kafka.ssl.*");
    }

    @Test
    void aClientThatSpeaksAnotherProtocolEndsWithinItsDeadline() throws Exception {
        Map<String, String> plain = Map.of("tidemark.kafka.connectTimeoutMs", "1500");
        Map<String, String> nameless = secured.tls();
        nameless.putAll(plain);
        for (Scene scene : new Scene[] {scene("MTLS", plain), scene("SCRAM", nameless)}) {
            long began = System.nanoTime();
            scene.runInVain().refuses(1, "TM-4002 SOURCE_UNREACHABLE", "kafka.security.protocol");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
        }
    }

    @Test
    void aPasswordThatChangedStopsTheQueryAndTheNewOneGoesOnExactly() throws Exception {
        Scene scene = scene("SCRAM", secured.scram());
        scene.run().isFine();
        events.send(topic, 2, 100, 250);
        secured.setPassword("another-canary-password");

        refused(scene, "invalid credentials");

        scene.set("KAFKA_PASSWORD", "another-canary-password").run().isFine();
        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(250));
    }

    @Test
    void aQueryThatRunsShowsItsPasswordAgainAndStopsWhenItIsNoLongerRight() throws Exception {
        Scene scene = scene("SCRAM", secured.scram()).edit("{ availableNow: true }", "{ processingTime: 0 seconds }");
        CompletableFuture<Answer> ended = CompletableFuture.supplyAsync(scene::run);
        await().atMost(SOON).until(() -> rows(scene) == 100);
        long began = System.nanoTime();
        long sent = 100;
        while (System.nanoTime() - began < 3 * REAUTHENTICATION.toNanos()) {
            events.send(topic, 2, sent, sent + 10);
            sent += 10;
            long wanted = sent;
            await().atMost(SOON).until(() -> rows(scene) == wanted);
        }
        assertThat(ended).isNotDone();

        secured.setPassword("another-canary-password");
        events.send(topic, 2, sent, sent + 50);

        Answer answer = ended.get(60, TimeUnit.SECONDS);
        answer.refuses(1, "TM-4010 SOURCE_AUTHENTICATION", "invalid credentials");
        scene.edit("{ processingTime: 0 seconds }", "{ availableNow: true }")
                .set("KAFKA_PASSWORD", "another-canary-password")
                .run()
                .isFine();
        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(sent + 50));
    }

    private static long rows(Scene scene) throws IOException {
        return Files.exists(scene.table().resolve("_delta_log/00000000000000000000.json"))
                ? scene.events().rows()
                : 0;
    }

    @Test
    void aTopicThatMayNoLongerBeReadIsNotALostOne() throws Exception {
        for (String subscription : new String[] {"subscribe: ${TOPIC}", "subscribePattern: ${TOPIC}.*"}) {
            Map<String, String> options = secured.scram();
            options.put("failOnDataLoss", "false");
            options.put("fetchOffset.retryIntervalMs", "100");
            Scene scene = new Scene(directory.resolve(subscription.substring(0, 12)), secured.door("SCRAM"), topic)
                    .withOptions(options)
                    .edit("subscribe: ${TOPIC}", subscription)
                    .set("KAFKA_PASSWORD", RIGHT);
            scene.run().isFine();
            long before = scene.events().rows();
            secured.forbid(topic);
            try {
                events.send(topic, 2, before, before + 30);

                scene.runInVain().refuses(1, "TM-4010 SOURCE_AUTHENTICATION", topic);
            } finally {
                secured.forbidNothing();
            }
            scene.run().isFine();
            assertThat(scene.events()).isEqualTo(Count.exactlyOnce(before + 30));
        }
    }

    private static Map<String, String> with(Map<String, String> options, Map<String, String> from, String name) {
        Map<String, String> changed = new TreeMap<>(options);
        changed.put(name, from.get(name));
        return changed;
    }
}
