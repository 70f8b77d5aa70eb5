package io.tidemark.ops.drill.retention;

import io.tidemark.ops.drill.WorkingFolders;
import io.tidemark.ops.drill.report.DrillReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The source-loss drill: plays cells of the matrix against one broker in this JVM, some at the same time, and reports
 * those that do not end as they should. The same seed plays the same story in a cell, alone or among others.
 */
public final class RetentionDrill {
    /** The name of the drill. */
    public static final String NAME = "retention";

    private static final int AT_ONCE = 4;

    private final Consumer<CellResult> listener;
    private final List<CellResult> results = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger numbers = new AtomicInteger();

    private RetentionDrill(Consumer<CellResult> listener) {
        this.listener = listener;
    }

    /**
     * Plays every cell whose text contains {@code cellFilter}, once.
     *
     * @param seed what the draws of each cell come from
     * @param cellFilter {@code event/failOnDataLoss/isolation/phase} or a part of it; empty for all
     */
    public static DrillReport run(long seed, String cellFilter) throws IOException, InterruptedException {
        return run(seed, cell -> cell.contains(cellFilter), 1, result -> {}).report();
    }

    /** A report, and the cells it is made of. */
    record Played(DrillReport report, List<CellResult> results, SortedMap<String, String> impossible) {}

    static Played run(long seed, Predicate<String> filter, int seedsPerCell, Consumer<CellResult> listener)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        long runsBefore = DrilledQuery.runs();
        SortedMap<String, String> impossible = new TreeMap<>();
        List<Cell> cells = new ArrayList<>();
        for (Cell cell : Stream.concat(Cell.matrix().stream(), Cell.byRetention().stream())
                .filter(c -> filter.test(c.text()))
                .toList()) {
            cell.event()
                    .impossible(cell.phase())
                    .ifPresentOrElse(why -> impossible.put(cell.text(), why), () -> cells.add(cell));
        }
        List<NotLoss> others =
                Stream.of(NotLoss.values()).filter(c -> filter.test(c.text())).toList();
        RetentionDrill drill = new RetentionDrill(listener);
        Path directory = Files.createTempDirectory("tidemark-retention-");
        try (SharedBroker broker = new SharedBroker(directory.resolve("broker"))) {
            drill.play(broker, directory, cells, others, seed, seedsPerCell);
        } finally {
            delete(directory);
        }
        drill.results.sort(Comparator.comparing(CellResult::cell));
        List<CellResult> results = List.copyOf(drill.results);
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Played(
                RetentionReport.of(seed, results, impossible, DrilledQuery.runs() - runsBefore, seconds),
                results,
                impossible);
    }

    private void play(
            SharedBroker broker, Path directory, List<Cell> cells, List<NotLoss> others, long seed, int seedsPerCell)
            throws InterruptedException {
        List<Runnable> together = new ArrayList<>();
        List<Runnable> alone = new ArrayList<>();
        for (int k = 0; k < seedsPerCell; k++) {
            long drawn = seed + k;
            for (Cell cell : cells) {
                (cell.event() == LossEvent.LOG_CUT ? alone : together).add(() -> play(broker, directory, cell, drawn));
            }
            for (NotLoss other : others) {
                (other.needsTheBrokerAlone() ? alone : together).add(() -> play(broker, directory, other, drawn));
            }
        }
        Collections.shuffle(together, new java.util.Random(seed)); // slow ones beside quick ones
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> running = new ArrayList<>();
            together.forEach(cell -> running.add(threads.submit(cell)));
            for (Future<?> cell : running) {
                cell.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(1, TimeUnit.MINUTES);
        }
        alone.forEach(Runnable::run);
    }

    private void play(SharedBroker broker, Path directory, Cell cell, long seed) {
        SplittableRandom random = new SplittableRandom(seed * 31 + cell.text().hashCode());
        String name = "r" + numbers.incrementAndGet();
        long began = System.nanoTime();
        CellResult result;
        Path place = directory.resolve(name);
        try (KafkaScene kafka = new KafkaScene(broker.servers(), name)) {
            result = new CellRun(cell, scenario(cell, kafka, random, broker), kafka, random, place).run();
        } catch (Exception | LinkageError | AssertionError e) {
            result = new CellResult(
                    cell.text(),
                    cell.event().text(),
                    "",
                    "",
                    "",
                    List.of(trace(e)),
                    0,
                    (System.nanoTime() - began) / 1e9);
        }
        add(result.withSeed(seed));
        delete(place);
    }

    private void play(SharedBroker broker, Path directory, NotLoss cell, long seed) {
        String name = "n" + numbers.incrementAndGet();
        Path place = directory.resolve(name);
        CellResult result;
        try (KafkaScene kafka = new KafkaScene(broker.servers(), name)) {
            result = new NotLossRun(cell, kafka, broker, place).run();
        } catch (Exception | LinkageError | AssertionError e) {
            result = new CellResult(cell.text(), cell.text(), "", "", "", List.of(trace(e)), 0, 0);
        }
        add(result.withSeed(seed));
        delete(place);
    }

    private void add(CellResult result) {
        results.add(result);
        synchronized (listener) {
            listener.accept(result);
        }
    }

    private static String trace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return "the drill itself failed: "
                + text.toString().lines().limit(12).reduce("", (a, b) -> a + b.strip() + " | ");
    }

    private static Scenario scenario(Cell cell, KafkaScene kafka, SplittableRandom random, Broker broker) {
        return switch (cell.event()) {
            case START_EXPIRED, RANGE_EXPIRED, RANGE_EXPIRED_AFTER_SINK, EARLIEST_AT_START ->
                new Expiry(cell, kafka, random);
            case RECREATED_SHORTER, RECREATED_LONGER, RECREATED_MID_READ -> new OtherTopic(cell, kafka, random);
            case TOPIC_DELETED -> new DeletedTopic(cell, kafka, random);
            case PARTITIONS_ADDED, NEW_PARTITION_NOT_ZERO -> new MorePartitions(cell, kafka, random);
            case PARTITION_HIDDEN -> new HiddenTopic(cell, kafka, random);
            case LOG_CUT -> new CutLog(cell, kafka, random, broker);
            case COMPACTION_HOLES -> new Compaction(cell, kafka, random);
            case ABORTED_TRANSACTIONS, HANGING_TRANSACTION -> new Transactions(cell, kafka, random);
        };
    }

    private static void delete(Path directory) {
        try {
            WorkingFolders.delete(directory);
        } catch (IOException | UncheckedIOException e) {
            // The machine's own cleaning of its temporary directory takes what is left.
        }
    }
}
