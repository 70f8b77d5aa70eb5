package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.drill.DeltaTableOracle.Count;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What can be wrong with a checkpoint that a query goes on from, in itself or against its source: one line, exit code,
 * and nothing is written but who owns it.
 */
class BadCheckpointTest {
    private static final String TOPIC = "events";

    @TempDir
    static Path shared;

    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    /** Ran three batches, {@code 0} to {@code 2}, all committed. */
    private static Scene sound;

    @TempDir
    Path directory;

    @BeforeAll
    static void runThreeBatches() throws IOException {
        BROKER.topics().create("others", 2);
        sound = ranThreeBatches(shared.resolve("sound"), TOPIC);
    }

    private static Scene ranThreeBatches(Path directory, String topic) throws IOException {
        BROKER.topics().create(topic, 2);
        BROKER.send(topic, 2, 0, 300);
        Scene scene = new Scene(directory, BROKER.bootstrapServers(), topic);
        scene.run().isFine();
        assertThat(scene.checkpoint().resolve("commits")).isDirectoryContaining("glob:**/2");
        return scene;
    }

    private Scene copy(String name) throws IOException {
        return sound.copyTo(directory.resolve(name));
    }

    @Test
    void nothingIsWrongWithTheSceneItself() throws IOException {
        Scene scene = copy("sound");

        scene.runInVain().isFine();

        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(300));
    }

    @Test
    void aMissingCommitIsWrittenAgainWithoutASecondDelivery() throws IOException {
        Scene scene = copy("uncommitted");
        Files.delete(scene.checkpoint().resolve("commits/2"));

        scene.run().isFine();

        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(300));
    }

    @Test
    void anotherTopicUnderTheCheckpointIsRefused() throws IOException {
        Scene scene = copy("other-topic").edit("subscribe: ${TOPIC}", "subscribe: others");

        scene.runInVain()
                .refuses(2, "TM-3008 CHECKPOINT_PLAN_CHANGED", "events", "others", "use a new checkpointLocation");
    }

    @Test
    void anotherTopicIsRefusedWhenOnlySparksFilesTell() throws IOException {
        Scene scene = copy("other-topic-of-spark").edit("subscribe: ${TOPIC}", "subscribe: others");
        forgetSidecar(scene);

        scene.runInVain().refuses(1, "TM-4007 PARTITIONS_DELETED", "events-0", "failOnDataLoss");
    }

    @Test
    void anotherNumberOfSourcesIsRefused() throws IOException {
        Scene scene = withTwoSources(copy("two-sources"));

        scene.runInVain().refuses(2, "TM-3008 CHECKPOINT_PLAN_CHANGED", "source", "use a new checkpointLocation");
    }

    @Test
    void anotherNumberOfSourcesIsRefusedWhenOnlySparksFilesTell() throws IOException {
        Scene scene = withTwoSources(copy("two-sources-of-spark"));
        forgetSidecar(scene);

        scene.runInVain()
                .refuses(2, "TM-3008 CHECKPOINT_PLAN_CHANGED", "1 sources, the query has 2", "use a new checkpoint");
    }

    private static Scene withTwoSources(Scene scene) throws IOException {
        return scene.edit(
                        "sql: |",
                        """
                          others:
                            format: kafka
                            options: { kafka.bootstrap.servers: "${SERVERS}", subscribe: others }
                        sql: |""")
                .edit("FROM events)", "FROM (SELECT value FROM events UNION ALL SELECT value FROM others))");
    }

    @Test
    void missingMetadataIsNamed() throws IOException {
        Scene scene = copy("no-metadata");
        Files.delete(scene.checkpoint().resolve("metadata"));

        scene.runInVain()
                .refuses(1, "TM-3001 CHECKPOINT_METADATA_MISSING", "/checkpoint/metadata'", "Restore it from a backup");
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        for (String name : new String[] {"metadata", "offsets/2", "offsets/1", "commits/2", "_tidemark/sealed/2"}) {
            for (Damage damage : Damage.values()) {
                Scene scene = copy(name.replace('/', '-') + "-" + damage);
                damage.doTo(scene.checkpoint().resolve(name));

                scene.runInVain().refuses(1, "TM-3002 CHECKPOINT_FILE_CORRUPT", "/checkpoint/" + name + "'");
            }
        }
    }

    @Test
    void damagedInitialOffsetsAreNamedWhileTheyCount() throws IOException {
        for (Damage damage : new Damage[] {Damage.EMPTIED, Damage.TORN}) {
            Scene scene = copy("initial-" + damage);
            for (String name : List.of("offsets", "commits", "_tidemark/sealed", "_tidemark/prepared")) {
                delete(scene.checkpoint().resolve(name));
            }
            delete(scene.table());
            damage.doTo(scene.checkpoint().resolve("sources/0/0"));

            scene.runInVain().refuses(1, "TM-3002 CHECKPOINT_FILE_CORRUPT", "/checkpoint/sources/0/0", "backup");
        }
    }

    @Test
    void aDamagedPreparedFileIsNamedWhenItIsNeeded() throws IOException {
        for (Damage damage : Damage.values()) {
            Scene scene = copy("prepared-" + damage);
            Files.delete(scene.checkpoint().resolve("commits/2"));
            damage.doTo(scene.checkpoint().resolve("_tidemark/prepared/2"));

            scene.runInVain()
                    .refuses(1, "TM-3002 CHECKPOINT_FILE_CORRUPT", "/_tidemark/prepared/2'", "or move it away");
        }
    }

    @Test
    void aCommitWithoutItsSecondLineIsTorn() throws IOException {
        Scene scene = copy("short-commit");
        Files.writeString(scene.checkpoint().resolve("commits/2"), "v1\n");

        scene.runInVain().refuses(1, "TM-3002 CHECKPOINT_FILE_CORRUPT", "/checkpoint/commits/2'");
    }

    @Test
    void gapsInTheLogsAreNamed() throws IOException {
        Map<String, String[]> gaps = new TreeMap<>(Map.of(
                "a plan in the middle", new String[] {"offsets/1"},
                "a commit in the middle", new String[] {"commits/1"},
                "the last two commits", new String[] {"commits/1", "commits/2"},
                "the last plan", new String[] {"offsets/2"}));
        for (Map.Entry<String, String[]> gap : gaps.entrySet()) {
            Scene scene = copy(gap.getKey().replace(' ', '-'));
            for (String name : gap.getValue()) {
                Files.delete(scene.checkpoint().resolve(name));
            }

            scene.runInVain().refuses(1, "TM-3003 CHECKPOINT_GAP", "/checkpoint/");
        }
    }

    @Test
    void commitsWithoutAnyPlanAreRefused() throws IOException {
        Scene scene = copy("no-plans");
        for (int batch = 0; batch < 3; batch++) {
            Files.delete(scene.checkpoint().resolve("offsets/" + batch));
        }

        scene.runInVain().refuses(1, "TM-3016 CHECKPOINT_NOT_EMPTY", "/checkpoint/offsets'", "Restore it");
    }

    @Test
    void rowsThatExpiredBeforeTheyWereReadAreNamed() throws IOException {
        Scene scene = ranThreeBatches(directory.resolve("expired"), "expired");
        BROKER.send("expired", 2, 300, 400);
        BROKER.topics().deleteRecords("expired", 1, 170);

        scene.runInVain()
                .refuses(
                        1,
                        "TM-4001 SOURCE_ROWS_MISSING",
                        "expired-1 no longer has offsets 150 to 169",
                        "20 rows",
                        "failOnDataLoss=false");
    }

    @Test
    void aPlannedBatchWhoseRowsExpiredIsNamed() throws IOException {
        Scene scene = ranThreeBatches(directory.resolve("expired-plan"), "expired-plan");
        Scene planned = replannedLastBatch(scene);
        BROKER.topics().deleteRecords("expired-plan", 0, 120);

        planned.runInVain()
                .refuses(1, "TM-4001 SOURCE_ROWS_MISSING", "expired-plan-0 no longer has offsets 100 to 119");
    }

    /** Puts everything back to where batch 2 was planned and nothing more. */
    private static Scene replannedLastBatch(Scene scene) throws IOException {
        Files.delete(scene.checkpoint().resolve("commits/2"));
        Files.delete(scene.checkpoint().resolve("_tidemark/prepared/2"));
        Files.delete(scene.table().resolve("_delta_log/00000000000000000002.json"));
        for (Path file : files(scene.table(), "*-2-*.parquet")) {
            Files.delete(file);
        }
        return scene;
    }

    private static List<Path> files(Path folder, String glob) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
            found.forEach(files::add);
        }
        return files;
    }

    @Test
    void aTopicThatWasCreatedAgainIsNoticedHoweverLongItIs() throws IOException {
        Scene scene = ranThreeBatches(directory.resolve("again"), "again");
        BROKER.topics().delete("again");
        BROKER.topics().create("again", 2);

        BROKER.send("again", 2, 0, 10);
        scene.runInVain().refuses(1, "TM-4006 TOPIC_RECREATED", "again", "Start a new checkpoint");
        BROKER.send("again", 2, 10, 400);
        scene.runInVain().refuses(1, "TM-4006 TOPIC_RECREATED", "again", "Start a new checkpoint");
    }

    @Test
    void loggedOffsetsAheadOfKafkaAreNamed() throws IOException {
        Scene scene = ranThreeBatches(directory.resolve("ahead"), "ahead");
        forgetSidecar(scene); // who wrote it did not know topic ids
        BROKER.topics().delete("ahead");
        BROKER.topics().create("ahead", 2);
        BROKER.send("ahead", 2, 0, 10);

        scene.runInVain().refuses(1, "TM-4005 OFFSET_OUT_OF_RANGE", "ahead-0", "ends at offset 5", "150");
    }

    @Test
    void aTopicThatIsGoneIsNamed() throws IOException {
        Scene scene = ranThreeBatches(directory.resolve("gone"), "gone");
        BROKER.topics().delete("gone");

        scene.runInVain().refuses(1, "TM-4007 PARTITIONS_DELETED", "gone-0", "gone-1");
    }

    @Test
    void aBrokerThatIsGoneIsGivenUpInTime() throws IOException {
        Scene scene = copy("broker-gone").edit("${SERVERS}", "127.0.0.1:1");

        scene.runInVain("--set", "conf.tidemark.kafka.connectTimeoutMs=1500")
                .refuses(1, "TM-4002 SOURCE_UNREACHABLE", "127.0.0.1:1", "Check that");
    }

    @Test
    void aFormatOfTheFutureIsNotGuessedAt() throws IOException {
        Scene scene = copy("future");
        Path newest = scene.checkpoint().resolve("offsets/2");
        Files.writeString(newest, Files.readString(newest).replaceFirst("v1", "v9"));

        scene.runInVain().refuses(1, "TM-3004 CHECKPOINT_VERSION_UNSUPPORTED", "/checkpoint/offsets/2'", "v9");
    }

    @Test
    void aCheckpointThatIsOlderThanItsTableIsRefused() throws IOException {
        Scene scene = copy("restored");
        for (String name : new String[] {"offsets/2", "commits/2", "_tidemark/sealed/2", "_tidemark/prepared/2"}) {
            Files.delete(scene.checkpoint().resolve(name));
        }

        scene.runInVain().refuses(1, "TM-3009 CHECKPOINT_BEHIND_SINK", "batch 2", "/table");
    }

    @Test
    void aTableThatIsGoneIsNotMadeAnew() throws IOException {
        Scene scene = copy("no-table");
        delete(scene.table());

        scene.runInVain().refuses(1, "TM-3010 SINK_BEHIND", "/table");
    }

    /** Leaves what Spark would have written, so that nothing but Spark's own files can tell. */
    private static void forgetSidecar(Scene scene) throws IOException {
        delete(scene.checkpoint().resolve("_tidemark"));
        Files.createDirectories(scene.checkpoint().resolve("_tidemark"));
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private enum Damage {
        EMPTIED {
            @Override
            byte[] of(byte[] content) {
                return new byte[0];
            }
        },
        TORN {
            @Override
            byte[] of(byte[] content) {
                return Arrays.copyOf(content, content.length / 2);
            }
        },
        /** Raises the last digit by one, which most readers would not notice. */
        ALTERED {
            @Override
            byte[] of(byte[] content) {
                byte[] altered = content.clone();
                int at = altered.length - 1;
                while (altered[at] < '0' || altered[at] > '8') {
                    at--;
                }
                altered[at]++;
                return altered;
            }
        };

        abstract byte[] of(byte[] content);

        void doTo(Path file) throws IOException {
            byte[] before = Files.readAllBytes(file);
            byte[] after = of(before);
            assertThat(after)
                    .as("%s: %s", file, new String(before, StandardCharsets.UTF_8))
                    .isNotEqualTo(before);
            Files.write(file, after);
        }
    }
}
