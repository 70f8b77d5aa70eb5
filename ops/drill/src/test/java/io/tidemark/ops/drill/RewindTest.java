package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.checkpoint.format.SealedPlan.SinkRecord;
import io.tidemark.checkpoint.storage.StorageProviders;
import io.tidemark.ops.cli.doctor.Rewind;
import io.tidemark.testkit.FaultyStorage;
import io.tidemark.testkit.FaultyStorage.Fault;
import io.tidemark.testkit.SimulatedCrash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A query that was taken back runs the later batches again, and its table ends as that of a query that was left alone: with
 * and without state, where rows are added and where they replace others, wherever the rewind was cut short.
 */
class RewindTest {
    private static final String TOPIC = "rewound";
    private static final int ROWS = 600;

    @TempDir
    static Path shared;

    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    @TempDir
    Path directory;

    private enum Shape {
        STATELESS("event_id, page, amount") {
            @Override
            Scene edit(Scene scene) {
                return scene;
            }
        },
        WINDOWED("start, page, n, ids") {
            @Override
            Scene edit(Scene scene) throws IOException {
                return counting(scene, "outputMode: append");
            }
        },
        UPSERTED("start, page, n, ids") {
            @Override
            Scene edit(Scene scene) throws IOException {
                return counting(scene, "outputMode: update")
                        .edit("path: \"${DIR}/table\"", "path: \"${DIR}/table\", mergeKeys: [start, page]");
            }
        };

        private final String columns;

        Shape(String columns) {
            this.columns = columns;
        }

        abstract Scene edit(Scene scene) throws IOException;

        static Scene counting(Scene scene, String mode) throws IOException {
            String file = Files.readString(scene.file());
            int from = file.indexOf("sql: |");
            int until = file.indexOf("sink:");
            return scene.edit(
                            file.substring(from, until),
                            """
                            views:
                              - name: seen
                                sql: "SELECT d.* FROM (SELECT from_json(CAST(value AS STRING), '%s') AS d FROM events)"
                                watermark: { column: event_time, delay: 100 milliseconds }
                            sql: |
                              SELECT window.start AS start, substring(page, 1, 7) AS page, count(*) AS n, sum(event_id) AS ids
                              FROM seen GROUP BY window(event_time, '700 milliseconds'), substring(page, 1, 7)
                            %s
                            """
                                    .formatted(Events.SCHEMA, mode))
                    .edit("conf: {", "conf: { spark.sql.shuffle.partitions: 2,");
        }

        List<List<String>> rows(Scene scene) throws IOException {
            return DeltaTableOracle.read(scene.table()).rows(columns).stream()
                    .sorted((a, b) -> a.toString().compareTo(b.toString()))
                    .toList();
        }
    }

    @BeforeAll
    static void fillTheTopic() throws IOException {
        BROKER.topics().create(TOPIC, 2);
        BROKER.send(TOPIC, 2, 0, ROWS);
        for (Shape shape : Shape.values()) {
            Scene scene = shape.edit(new Scene(shared.resolve(shape.toString()), BROKER.bootstrapServers(), TOPIC));
            scene.run().isFine();
            assertThat(scene.checkpoint().resolve("commits")).isDirectoryContaining("glob:**/5");
        }
    }

    /** A run of at least six batches, at another place. */
    private Scene copy(Shape shape, String name) throws IOException {
        return untouched(shape).copyTo(directory.resolve(name));
    }

    private static List<List<String>> undisturbed(Shape shape) throws IOException {
        return shape.rows(untouched(shape));
    }

    /** The scene of a run that is only read. */
    private static Scene untouched(Shape shape) throws IOException {
        Path home = shared.resolve(shape.toString());
        String pipeline = Files.readString(home.resolve("events.yaml"));
        Scene scene = new Scene(home, BROKER.bootstrapServers(), TOPIC);
        Files.writeString(scene.file(), pipeline);
        return scene;
    }

    private static SinkRecord table(Scene scene) {
        return new SinkRecord("delta", scene.table().toString());
    }

    private static Rewind rewind(Scene scene, StorageProvider storages) {
        return new Rewind(storages, scene.checkpoint().toString(), table(scene));
    }

    private static Rewind rewind(Scene scene) {
        return rewind(scene, new StorageProviders());
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void theLaterBatchesRunAgainAndTheTableEndsTheSame(Shape shape) throws IOException {
        for (long to : new long[] {3, 0}) {
            Scene scene = copy(shape, "to-" + to);
            SortedMap<String, String> before = scene.tree();
            Rewind.Outcome planned = rewind(scene).plan(to);
            assertThat(planned.table().needed()).isTrue();
            assertThat(scene.tree()).as("after a dry run").isEqualTo(before);

            Rewind.Outcome done = rewind(scene).run(to);

            assertThat(done.steps()).isEqualTo(planned.steps());
            assertThat(done.table().removed()).isEqualTo(planned.table().removed());
            assertThat(scene.checkpoint().resolve("offsets/" + to)).exists();
            assertThat(scene.checkpoint().resolve("offsets/" + (to + 1))).doesNotExist();
            assertThat(rewind(scene).run(to).isNothing()).as("a second time").isTrue();
            scene.run().isFine();
            assertThat(shape.rows(scene)).as("%s to %d", shape, to).isEqualTo(undisturbed(shape));
        }
    }

    @Test
    void aRewindOnTopOfARewindIsOneTooManyForNobody() throws IOException {
        Scene scene = copy(Shape.WINDOWED, "twice");
        rewind(scene).run(3L);
        rewind(scene).run(1L);
        scene.run().isFine();
        rewind(scene).run(2L);
        scene.run().isFine();

        assertThat(Shape.WINDOWED.rows(scene)).isEqualTo(undisturbed(Shape.WINDOWED));
    }

    /** What must be the same however a rewind went: the logs, the state, and what the sidecars say. */
    private static SortedMap<String, String> checkpoint(Scene scene) throws IOException {
        SortedMap<String, String> tree = new TreeMap<>(scene.tree());
        tree.keySet().removeIf(name -> !name.startsWith("checkpoint/") || name.contains("_tidemark/undo"));
        return tree;
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CRASH_BEFORE", "CRASH_AFTER"})
    void whereverItIsCutShortItIsFinishedAndNoQueryStartsBetween(Fault fault) throws IOException {
        Scene straight = copy(Shape.WINDOWED, "straight");
        FaultyStorage.Plan counted = new FaultyStorage.Plan();
        rewind(straight, new FaultyStorages(counted)).run(2L);
        int operations = counted.operations().size();
        assertThat(operations).isGreaterThan(30);
        List<List<String>> rows = Shape.WINDOWED.rows(straight);
        int stride = Boolean.getBoolean("tidemark.full") ? 1 : 11;
        for (int at = 0; at < operations; at += at < 8 || at > operations - 6 ? 1 : stride) {
            Scene scene = copy(Shape.WINDOWED, fault + "-" + at);
            FaultyStorage.Plan plan = new FaultyStorage.Plan();
            plan.hit(at, fault);
            assertThatThrownBy(() -> rewind(scene, new FaultyStorages(plan)).run(2L))
                    .isInstanceOf(SimulatedCrash.class);
            String where = fault + " " + counted.operations().get(at);
            boolean begun = Files.exists(scene.checkpoint().resolve("_tidemark/repair"));
            if (begun) {
                Answer refused = scene.run();
                assertThat(refused.err())
                        .as(where)
                        .contains("TM-3018 CHECKPOINT_REPAIR_UNFINISHED", "checkpoint rewind");
            }

            rewind(scene).run(begun ? null : 2L);

            assertThat(checkpoint(scene)).as(where).isEqualTo(checkpoint(straight));
            assertThat(Shape.WINDOWED.rows(scene)).as(where).isEqualTo(rows);
        }
        straight.run().isFine();
        assertThat(Shape.WINDOWED.rows(straight)).isEqualTo(undisturbed(Shape.WINDOWED));
    }

    @Test
    void whatIsNoLongerKeptIsRefusedAndNothingIsTouched() throws IOException {
        Scene scene = copy(Shape.WINDOWED, "purged");
        for (String name : List.of("offsets/0", "commits/0", "offsets/1", "commits/1")) {
            Files.delete(scene.checkpoint().resolve(name));
        }
        SortedMap<String, String> before = scene.tree();

        refuses(scene, 1, ErrorCode.CHECKPOINT_REWIND_REFUSED, "older than what is kept");
        refuses(scene, 99, ErrorCode.CHECKPOINT_REWIND_REFUSED, "newest committed batch is");
        assertThat(scene.tree()).isEqualTo(before);
    }

    @Test
    void stateThatIsNoLongerThereIsRefused() throws IOException {
        Scene scene = copy(Shape.WINDOWED, "no-state");
        Files.delete(scene.checkpoint().resolve("state/0/1/2.changelog"));

        refuses(scene, 2, ErrorCode.CHECKPOINT_REWIND_REFUSED, "state/0/1/2.changelog");
    }

    @Test
    void filesThatVacuumTookAreNamedAndNothingIsTouched() throws IOException {
        Scene scene = copy(Shape.UPSERTED, "vacuumed");
        List<String> returning = rewind(scene).plan(0).table().returned();
        assertThat(returning).isNotEmpty();
        Files.delete(scene.table().resolve(returning.get(0)));
        SortedMap<String, String> before = scene.tree();

        refuses(scene, 0, ErrorCode.SINK_REWIND_REFUSED, "VACUUM");
        assertThat(scene.tree()).isEqualTo(before);
    }

    private static void refuses(Scene scene, long to, ErrorCode code, String said) {
        assertThatThrownBy(() -> rewind(scene).run(to))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(said);
    }
}
