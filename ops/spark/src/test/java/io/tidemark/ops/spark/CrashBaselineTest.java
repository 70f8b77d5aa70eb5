package io.tidemark.ops.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.drill.Events;
import io.tidemark.ops.spark.CrashScene.Engine;
import io.tidemark.ops.spark.CrashScene.Ran;
import io.tidemark.ops.spark.CrashScene.Rows;
import io.tidemark.ops.spark.SparkAndKafka.Running;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Makes the table of {@code ops/docs/crash-baseline.md}: the same crashes on Spark and on Tidemark, and what is in the table
 * after the next start; property {@code tidemark.crash} (a regular expression) plays some of them. Nothing is expected of Spark; Tidemark may refuse, but not lose or double a row without a word.
 */
@ExtendWith(SparkAndKafka.class)
@EnabledIfSystemProperty(named = "tidemark.full", matches = "true")
class CrashBaselineTest {
    private static final int CHUNK = 300;
    private static final int PARTITIONS = 3;
    private static final Pattern ONLY = Pattern.compile(System.getProperty("tidemark.crash", ".*"));
    private static final Path REPORT = Path.of("target/crash-baseline.md");

    private final Running running;
    private final List<Outcome> outcomes = new ArrayList<>();

    CrashBaselineTest(Running running) {
        this.running = running;
    }

    /**
     * A line of the table.
     *
     * @param expected how many rows there must be
     * @param missing rows of those: lost if no start complains, held back until somebody helps if one does
     * @param wrong rows that must not be there at all
     */
    private record Outcome(
            String situation,
            Engine engine,
            List<Ran> starts,
            String problem,
            int expected,
            int found,
            int missing,
            int doubled,
            int wrong,
            String remark) {
        boolean isSilentlyWrong() {
            return !refused() && problem.isEmpty() && missing + doubled + wrong > 0;
        }

        boolean refused() {
            return !starts.stream().allMatch(Ran::isFine);
        }

        String line() {
            StringBuilder said = new StringBuilder();
            for (Ran start : starts) {
                said.append(said.isEmpty() ? "" : "; then ").append("exit ").append(start.exitCode());
                if (!start.said().isEmpty()) {
                    said.append(", `").append(oneLine(start.said())).append('`');
                }
            }
            if (!problem.isEmpty()) {
                said.append("; the table cannot be read: `")
                        .append(oneLine(problem))
                        .append('`');
            }
            if (!remark.isEmpty()) {
                said.append(" (").append(remark).append(')');
            }
            return String.format(
                    Locale.ROOT,
                    "| %s | %s | %d | %s | %s | %s | %s | %s | %s |",
                    situation,
                    engine.title(),
                    expected,
                    problem.isEmpty() ? found : "?",
                    problem.isEmpty() ? (refused() ? 0 : missing) : "?",
                    problem.isEmpty() ? doubled : "?",
                    problem.isEmpty() ? wrong : "?",
                    problem.isEmpty() ? (refused() ? missing : 0) : "?",
                    said);
        }

        private static String oneLine(String text) {
            String line = text.replaceAll("\\s+", " ")
                    .replace("|", "\\|")
                    .replace('`', '\'')
                    .replaceAll("(file:)?/[^ ']*/crash\\d+/", ".../")
                    .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>");
            return line.length() <= 300 ? line : line.substring(0, 300) + " ...";
        }
    }

    /** What is done to a query by a crash. */
    private interface Crash {
        void happen(CrashScene scene) throws Exception;
    }

    @Test
    void theSameCrashesOnBothEngines() throws Exception {
        Map<String, Play> plays = plays();
        plays.keySet().removeIf(name -> !ONLY.matcher(name).matches());
        for (Engine engine : List.of(Engine.SPARK, Engine.TIDEMARK)) {
            for (Map.Entry<String, Play> play : plays.entrySet()) {
                play.getValue().play(engine, play.getKey());
            }
        }
        outcomes.sort(Comparator.comparing(Outcome::situation)); // stable: Spark before Tidemark
        Files.createDirectories(REPORT.toAbsolutePath().getParent());
        Files.writeString(REPORT, report(), StandardCharsets.UTF_8);
        System.out.println(report());
        assertThat(outcomes).hasSize(2 * plays.size());
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.engine == Engine.TIDEMARK)
                .noneMatch(Outcome::isSilentlyWrong);
    }

    /** One crash, on one engine, with a topic of this name. */
    private interface Play {
        void play(Engine engine, String topic) throws Exception;
    }

    private Map<String, Play> plays() {
        Map<String, Play> plays = new LinkedHashMap<>();
        plays.put("lost-metadata", this::lostMetadata);
        plays.put("torn-commit", (engine, topic) -> tornCommit(engine, topic, false));
        plays.put("torn-commit-crc", (engine, topic) -> tornCommit(engine, topic, true));
        plays.put("log-gap", this::hole);
        plays.put("log-gap-offsets", this::missingPlan);
        plays.put("created-again", this::topicCreatedAgain);
        plays.put("expired", this::expiredBeforeCommit);
        plays.put("expired-state", (engine, topic) -> uncommittedWithState(engine, topic, true));
        plays.put("uncommitted-state", (engine, topic) -> uncommittedWithState(engine, topic, false));
        plays.put(
                "power-bytes",
                (engine, topic) -> powerLoss(
                        engine,
                        topic,
                        "Power lost, names kept: unsynced files are empty (1)",
                        (loss, scene) -> loss.loseBytes()));
        plays.put(
                "power-strict",
                (engine, topic) -> powerLoss(
                        engine,
                        topic,
                        "Power lost, strictly: unsynced files are gone (1)",
                        (loss, scene) -> loss.loseFiles(Path.of("/"))));
        plays.put(
                "power-table",
                (engine, topic) -> powerLoss(
                        engine,
                        topic,
                        "Power lost: unsynced files of the table are gone, the checkpoint was written back in time (1)",
                        (loss, scene) -> loss.loseFiles(scene.table())));
        return plays;
    }

    private String report() {
        StringBuilder text = new StringBuilder("| Situation (finding) | Engine | Rows expected | In the table | Lost |"
                + " Doubled | Wrong | Held back | What the next start says |\n|---|---|---|---|---|---|---|---|---|\n");
        outcomes.forEach(outcome -> text.append(outcome.line()).append('\n'));
        return text.toString();
    }

    private void lostMetadata(Engine engine, String topic) throws Exception {
        CrashScene scene = events(engine, topic);
        scene.send(0, CHUNK, Events::json).runWell();
        scene.lose("commits/0").lose("metadata");
        count("Batch 0 in the table but not in `commits`, `metadata` lost (5)", scene, CHUNK, "", scene.run());
    }

    private void hole(Engine engine, String topic) throws Exception {
        CrashScene scene = threeBatches(engine, topic);
        scene.lose("commits/2").lose("commits/1").loseVersion(2).loseVersion(1);
        count(
                "`commits/1` and the table's version with batch 1 lost, `offsets/2` there (7)",
                scene,
                3 * CHUNK,
                "",
                scene.run());
    }

    private void missingPlan(Engine engine, String topic) throws Exception {
        CrashScene scene = threeBatches(engine, topic);
        scene.lose("commits/2").loseVersion(2).lose("offsets/1");
        count("`offsets/1` lost, batch 2 not finished (7)", scene, 3 * CHUNK, "", scene.run());
    }

    private CrashScene threeBatches(Engine engine, String topic) throws IOException {
        CrashScene scene = events(engine, topic);
        for (int batch = 0; batch < 3; batch++) {
            scene.send(batch * (long) CHUNK, (batch + 1L) * CHUNK, Events::json).runWell();
        }
        return scene;
    }

    private void topicCreatedAgain(Engine engine, String topic) throws Exception {
        CrashScene scene = events(engine, topic);
        scene.send(0, CHUNK, Events::json).runWell();
        scene.createTopicAgain();
        scene.send(CHUNK, 3 * CHUNK, Events::json);
        count(
                "Topic deleted and made again, longer than before: 300 records read, then 600 others (8)",
                scene,
                3 * CHUNK,
                "",
                scene.run());
    }

    private void expiredBeforeCommit(Engine engine, String topic) throws Exception {
        CrashScene scene = events(engine, topic);
        scene.send(0, CHUNK, Events::json).runWell();
        scene.lose("commits/0");
        scene.expireEverything();
        Ran first = scene.run();
        scene.send(CHUNK, 2 * CHUNK, Events::json);
        count(
                "Batch 0 in the table but not in `commits`, its records expired; 300 more follow (9)",
                scene,
                2 * CHUNK,
                "",
                first,
                scene.run());
    }

    /** The same with sums in windows: what is read later meets the state and the watermark that the crash left. */
    private void uncommittedWithState(Engine engine, String topic, boolean expired) throws Exception {
        Rows expected = afterLateClicks(engine, topic + "-whole", scene -> {}).rows(WINDOW);
        List<Ran> starts = new ArrayList<>();
        CrashScene scene = afterLateClicks(engine, topic, starts, crashed -> {
            crashed.lose("commits/0");
            if (expired) {
                crashed.expireEverything();
            }
        });
        compare(
                "Batch 0 in the table but not in `commits`, its records "
                        + (expired ? "expired" : "still there")
                        + ", with state: a window's clicks counted, then a late one, which must be dropped (9)",
                scene,
                expected,
                starts);
    }

    private void tornCommit(Engine engine, String topic, boolean withChecksum) throws Exception {
        Rows expected = afterLateClicks(engine, topic + "-whole", scene -> {}).rows(WINDOW);
        List<Ran> starts = new ArrayList<>();
        CrashScene scene =
                afterLateClicks(engine, topic, starts, crashed -> crashed.tear("commits/0", "v1\n", withChecksum));
        compare(
                "`commits/0` torn behind its first line, "
                        + (withChecksum ? "Hadoop's `.crc` kept" : "no Hadoop `.crc` beside it")
                        + "; a window's clicks counted, then a late one, which must be dropped (6)",
                scene,
                expected,
                starts);
    }

    private static final String[] WINDOW = {"CAST(start AS STRING) AS start", "page", "clicks"};

    private CrashScene afterLateClicks(Engine engine, String topic, Crash crash) throws Exception {
        return afterLateClicks(engine, topic, new ArrayList<>(), crash);
    }

    /**
     * Ten clicks in the window at 0 s and one at 10 s; the crash; a click at 5 s, a late one at 1 s, and two that close
     * everything. Each in a run of its own. Without a crash the late one is dropped.
     */
    private CrashScene afterLateClicks(Engine engine, String topic, List<Ran> starts, Crash crash) throws Exception {
        PipelineText pipeline =
                StatefulHandOverTest.windowed(topic).with("spark.sql.streaming.noDataMicroBatches.enabled", "false");
        CrashScene scene = new CrashScene(running, engine, pipeline, topic, 1);
        scene.send(0, 11, id -> click(id, id == 10 ? 10_000 : 0)).runWell();
        crash.happen(scene);
        long[] times = {5_000, 1_000, 100_000, 200_000, 300_000};
        for (int i = 0; i < times.length; i++) {
            long time = times[i];
            scene.send(11 + i, 12 + i, id -> click(id, time));
            starts.add(scene.run());
        }
        return scene;
    }

    private static byte[] click(long id, long millis) {
        return ("{\"event_id\":" + id + ",\"user_id\":\"u\",\"page\":\"/p\",\"amount\":1.0,\"event_time\":\""
                        + Instant.parse("2026-01-01T00:00:00Z").plusMillis(millis) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** What the loss of power does. */
    private interface Loss {
        void happen(PowerLoss loss, CrashScene scene) throws IOException;
    }

    private void powerLoss(Engine engine, String topic, String situation, Loss how) throws Exception {
        CrashScene scene = events(engine, topic);
        scene.send(0, CHUNK, Events::json).runWell();
        Map<Path, Long> before = PowerLoss.files(scene.checkpoint());
        before.putAll(PowerLoss.files(scene.table()));
        scene.send(CHUNK, 2 * CHUNK, Events::json);
        Path trace = Files.createTempFile("syscalls", ".txt");
        Ran traced = scene.runTraced(trace);
        assertThat(traced.exitCode()).as(traced.said()).isZero();
        Map<Path, Long> after = PowerLoss.files(scene.checkpoint());
        after.putAll(PowerLoss.files(scene.table()));
        after.entrySet().removeIf(file -> file.getValue().equals(before.get(file.getKey())));
        PowerLoss loss = new PowerLoss(new TreeSet<>(after.keySet()), trace);
        String remark = loss.summary();
        System.out.println(engine + " " + topic + ": " + remark + ", " + trace);
        how.happen(loss, scene);
        Ran first = scene.run();
        scene.send(2 * CHUNK, 3 * CHUNK, Events::json);
        count(situation, scene, 3 * CHUNK, "last run: " + remark, first, scene.run());
    }

    private void add(Outcome outcome) {
        outcomes.add(outcome);
        System.out.println(outcome.line());
    }

    private CrashScene events(Engine engine, String topic) {
        return new CrashScene(running, engine, PipelineText.STATELESS, topic, PARTITIONS);
    }

    /** Counts the events {@code [0, sent)}, each of which must be there once. */
    private void count(String situation, CrashScene scene, int sent, String remark, Ran... starts) {
        Rows rows = scene.rows("event_id");
        TreeSet<String> different = new TreeSet<>(rows.rows());
        add(new Outcome(
                situation,
                scene.engine(),
                List.of(starts),
                rows.problem() == null ? "" : rows.problem(),
                sent,
                rows.rows().size(),
                sent - different.size(),
                rows.rows().size() - different.size(),
                0,
                remark));
    }

    /** Compares with the table of a run without a crash; a row with another number is wrong, and the right one is lost. */
    private void compare(String situation, CrashScene scene, Rows expected, List<Ran> starts) {
        Rows rows = scene.rows(WINDOW);
        List<String> more = rows.without(expected);
        List<String> less = expected.without(rows);
        List<Ran> told = starts.stream().allMatch(Ran::isFine)
                ? List.of(starts.get(0))
                : starts.stream().filter(ran -> !ran.isFine()).limit(1).toList();
        add(new Outcome(
                situation,
                scene.engine(),
                told,
                rows.problem() == null ? "" : rows.problem(),
                expected.rows().size(),
                rows.rows().size(),
                less.size(),
                0,
                more.size(),
                more.isEmpty() && less.isEmpty() ? "" : "expected " + less + ", found " + more));
    }
}
