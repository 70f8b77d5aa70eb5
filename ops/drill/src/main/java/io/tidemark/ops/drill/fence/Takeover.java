package io.tidemark.ops.drill.fence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.api.error.Remedy;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.checkpoint.CheckpointInspector;
import io.tidemark.checkpoint.CheckpointReport;
import io.tidemark.checkpoint.CheckpointReport.BatchReport;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.ops.drill.DeltaTableOracle;
import io.tidemark.ops.drill.WorkingFolders;
import io.tidemark.ops.drill.fence.Gate.Fate;
import io.tidemark.ops.drill.fence.Gate.Operation;
import io.tidemark.ops.drill.fence.Gate.Point;
import io.tidemark.ops.drill.fence.GatedStorage.Locking;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.format.OperatorMetadataFile;
import io.tidemark.state.reader.StateBatch;
import io.tidemark.state.reader.StateInspector;
import io.tidemark.state.reader.StateInventory;
import io.tidemark.state.reader.StateReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One take-over: a first driver is stopped at a point of its run, a second takes over and commits, the first goes on and
 * must end, having changed nothing; then a third starts and goes on from what the second left.
 */
final class Takeover {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Scenario scenario;
    private final Locking locking;
    private final Path home;
    private final List<String> problems = new ArrayList<>();

    /** What does not change from point to point. */
    record Scenario(Shape shape, Beginning beginning) {
        @Override
        public String toString() {
            return shape + "/" + beginning;
        }
    }

    private Takeover(Scenario scenario, Locking locking, Path home) {
        this.scenario = scenario;
        this.locking = locking;
        this.home = home;
    }

    /**
     * How it went.
     *
     * @param reached whether the first driver came to the point
     * @param problems what was not as promised
     */
    record Outcome(boolean reached, List<String> problems) {
        Outcome {
            problems = List.copyOf(problems);
        }
    }

    /** Runs the first driver alone and returns what it does, in order. */
    static List<Operation> record(Scenario scenario, Path home) throws IOException, InterruptedException {
        try (World world = new Takeover(scenario, Locking.LOCKS, home).begin()) {
            Gate gate = new Gate(world.names(), null, Fate.STOPS);
            Driver first = new Driver(world, gate);
            first.start();
            if (!first.awaitEnd(PATIENCE) || first.failure().isPresent()) {
                first.abandon();
                throw new IllegalStateException(
                        scenario + " does not run through: " + first.failure().orElse(null));
            }
            return gate.seen();
        } finally {
            WorkingFolders.delete(home);
        }
    }

    /** Takes over from a driver that is stopped at {@code point}. */
    static Outcome at(Scenario scenario, Locking locking, Point point, Path home)
            throws IOException, InterruptedException {
        try {
            return new Takeover(scenario, locking, home).run(point);
        } finally {
            WorkingFolders.delete(home);
        }
    }

    private Outcome run(Point point) throws IOException, InterruptedException {
        try (World world = begin()) {
            Gate gate = new Gate(world.names(), point, Fate.STOPS);
            Driver first = new Driver(world, gate);
            long before = newestEpoch(world);
            first.start();
            if (!first.awaitHeldUp(PATIENCE)) {
                first.abandon();
                return new Outcome(false, List.of());
            }
            try {
                takeOver(world, gate, first, newestEpoch(world) > before);
            } catch (TidemarkException | IllegalStateException e) {
                problems.add("I8: a driver that was not fenced off failed: " + oneLine(e) + "; the first ended with "
                        + first.failure().map(Takeover::oneLine).orElse("nothing"));
            } finally {
                first.abandon();
            }
            return new Outcome(true, problems);
        }
    }

    /** @param claimed whether the first driver owned the checkpoint when it was stopped */
    private void takeOver(World world, Gate gate, Driver first, boolean claimed)
            throws IOException, InterruptedException {
        StreamingQuery second = world.start(new Gate(world.names(), null, Fate.STOPS), true);
        try {
            world.feed();
            second.processAllAvailable();
            gate.open();
            world.feed(); // so that the first one, if it has nothing else to do, plans a batch
            boolean firstOwnsIt = awaitOneEnd(first, second) == second;
            if (firstOwnsIt && !claimed && locking == Locking.EPOCHS) { // it was about to start, and did so last
                StreamingQuery owner = first.awaitQuery(PATIENCE)
                        .orElseThrow(() -> new IllegalStateException("it fenced the second off and did not start"));
                owner.processAllAvailable();
                owner.stop();
                checkFenced(second.exception().map(Throwable::getCause).orElse(null));
            } else {
                second.processAllAvailable();
                checkFenced(first.failure().orElse(null));
            }
        } finally {
            second.stop();
        }
        check(world, "after the second driver");
        StreamingQuery third = world.start(new Gate(world.names(), null, Fate.STOPS), false);
        try {
            world.feed();
            third.processAllAvailable();
            world.feed();
            third.processAllAvailable();
        } finally {
            third.stop();
        }
        check(world, "after a third driver");
        if (world.shape() != Shape.ROWS) {
            loadVersions(world);
        }
    }

    /** Waits until one of two drivers ends, and returns it if it is the second. */
    private @Nullable StreamingQuery awaitOneEnd(Driver first, StreamingQuery second) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            if (first.awaitEnd(Duration.ofMillis(5))) {
                return null;
            } else if (!second.isActive()) {
                return second;
            }
        }
        problems.add("F4: no driver ended within " + PATIENCE.toSeconds() + " s");
        return null;
    }

    private static long newestEpoch(World world) throws IOException {
        Path epochs = world.checkpoint().resolve("_tidemark/epoch");
        if (!Files.exists(epochs)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(epochs)) {
            return files.mapToLong(f -> Long.parseLong(f.getFileName().toString()))
                    .max()
                    .orElse(0);
        }
    }

    private void checkFenced(@Nullable Throwable failure) {
        if (!(failure instanceof TidemarkException typed) || typed.code().remedy() != Remedy.STOP_THIS_RUN) {
            problems.add("F4: the older driver ended with " + (failure == null ? "nothing" : oneLine(failure))
                    + " instead of exit code 3");
        }
    }

    private World begin() throws IOException, InterruptedException {
        WorkingFolders.delete(home);
        World world = new World(home, scenario.shape(), locking);
        if (scenario.beginning() != Beginning.NOTHING) {
            String last = scenario.beginning() == Beginning.STAGED
                    ? "createExclusive checkpoint/_tidemark/prepared/2"
                    : "createExclusive table/_delta_log/%020d.json"
                            .formatted(scenario.shape() == Shape.UPSERTS ? 3 : 2);
            Gate gate = new Gate(world.names(), new Point(new Operation(last, 1), true), Fate.DIES);
            Driver dying = new Driver(world, gate);
            dying.start();
            if (!dying.awaitHeldUp(PATIENCE) || !dying.awaitEnd(PATIENCE)) {
                throw new IllegalStateException(scenario + ": no driver dies before " + last + ": "
                        + dying.failure().orElse(null));
            }
            if (scenario.beginning() == Beginning.DAMAGED) {
                loseAStagedFile(world);
            } else if (scenario.beginning() == Beginning.RESTORED) {
                Files.delete(world.checkpoint().resolve("offsets/2"));
            }
        }
        return world;
    }

    /** Of the batch that is prepared and not committed. */
    private static void loseAStagedFile(World world) throws IOException {
        try (Stream<Path> files = Files.list(world.table())) {
            Path lost = files.filter(file -> file.getFileName()
                            .toString()
                            .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-2-.*\\.parquet"))
                    .findFirst()
                    .orElse(null);
            if (lost != null) {
                Files.delete(lost);
            } else { // a batch without rows: damage its state instead
                try (Stream<Path> staged = Files.walk(world.checkpoint().resolve("_tidemark/staged"))) {
                    Files.delete(staged.filter(Files::isRegularFile)
                            .min(Comparator.naturalOrder())
                            .orElseThrow());
                }
            }
        }
    }

    private void check(World world, String when) throws IOException {
        DeltaTableOracle table = DeltaTableOracle.read(world.table());
        Map<List<String>, Integer> difference = new HashMap<>();
        world.shape().expected(world.clicks()).forEach(row -> difference.merge(row, 1, Integer::sum));
        table.rows(world.shape().columns()).forEach(row -> difference.merge(row, -1, Integer::sum));
        difference.values().removeIf(count -> count == 0);
        if (!difference.isEmpty()) {
            long missing = difference.values().stream().filter(c -> c > 0).count();
            problems.add("I1: " + when + " " + missing + " rows are missing and " + (difference.size() - missing)
                    + " are too many, for instance "
                    + difference.keySet().iterator().next());
        }
        List<Long> batches = table.transactions().stream()
                .map(DeltaTableOracle.Transaction::batchId)
                .toList();
        if (!batches.equals(LongStream.range(0, batches.size()).boxed().toList())) {
            problems.add("I2: " + when + " the table has the batches " + batches);
        }
        checkEpochs(world, when);
        Storage storage = LocalStorage.create();
        CheckpointReport report =
                CheckpointInspector.inspect(storage, world.checkpoint().toString());
        report.problems().forEach(p -> problems.add("I7: " + when + " " + p.file() + ": " + p.problem()));
        if (world.shape() != Shape.ROWS) {
            checkState(storage, report, when);
        }
    }

    /** After a later epoch has written to the table, no earlier one does. */
    private void checkEpochs(World world, String when) throws IOException {
        long newest = 0;
        try (Stream<Path> log = Files.list(world.table().resolve("_delta_log"))) {
            for (Path commit :
                    log.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                for (String line : Files.readAllLines(commit)) {
                    JsonNode epoch =
                            JSON.readTree(line).path("commitInfo").path("tags").path("tidemark.epoch");
                    if (!epoch.isMissingNode()) {
                        if (epoch.asLong() < newest) {
                            problems.add("I6: " + when + " epoch " + epoch.asLong() + " wrote " + commit.getFileName()
                                    + " after epoch " + newest);
                        }
                        newest = epoch.asLong();
                    }
                }
            }
        }
    }

    private void checkState(Storage storage, CheckpointReport report, String when) {
        List<BatchReport> committed =
                report.batches().stream().filter(b -> b.commit() != null).toList();
        BatchReport last = committed.get(committed.size() - 1);
        StateInventory state =
                StateInspector.inspect(storage, report.root(), last.batchId(), StateInventory.Depth.CONTENT);
        state.problems().forEach(p -> problems.add("I9: " + when + " " + p.file() + ": " + p.problem()));
    }

    private void loadVersions(World world) {
        Storage storage = LocalStorage.create();
        CheckpointReport report =
                CheckpointInspector.inspect(storage, world.checkpoint().toString());
        List<BatchReport> committed =
                report.batches().stream().filter(b -> b.commit() != null).toList();
        for (BatchReport batch : committed.subList(Math.max(0, committed.size() - 2), committed.size())) {
            if (batch.plan() == null) {
                continue;
            }
            try (StateReader reader = new StateReader(new StateStoresContext(
                    storage,
                    report.root(),
                    home.resolve("inspected"),
                    batch.plan().metadata().conf()))) {
                for (OperatorMetadataFile operator : reader.operators(batch.batchId())) {
                    for (OperatorMetadataFile.StoreInfo store : operator.stores()) {
                        reader.read(
                                operator, store, new StateBatch(batch.batchId(), null), (partition, count, k, v) -> {});
                    }
                }
            } catch (TidemarkException e) {
                problems.add("I9: version " + (batch.batchId() + 1) + " does not load: " + oneLine(e));
            }
        }
    }

    private static String oneLine(Throwable e) {
        String text = (e instanceof TidemarkException typed ? typed.code().label() + ": " : e.getClass() + ": ")
                + e.getMessage();
        return text.replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }
}
