package io.tidemark.testkit;

import io.tidemark.api.Dataset;
import io.tidemark.api.Row;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.StreamingQueryListener;
import io.tidemark.api.streaming.StreamingQueryProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Clicks that arrive step by step and the query with state over them. A step is what is there at one start of the query;
 * a start runs until there is nothing left to do, batches without data included.
 */
final class StatefulWorld {
    static final UnaryOperator<Dataset<Row>> COUNTS = clicks -> {
        clicks.withWatermark("time", "5 seconds").createOrReplaceTempView("clicks");
        return clicks.session()
                .sql("SELECT window.start AS start, page, count(*) AS n, sum(id) AS ids FROM clicks"
                        + " GROUP BY window(time, '10 seconds'), page");
    };
    static final UnaryOperator<Dataset<Row>> FIRST_SEEN =
            clicks -> clicks.withWatermark("time", "5 seconds").dropDuplicates("page", "time");
    static final UnaryOperator<Dataset<Row>> WINDOWS_OF_WINDOWS = clicks -> {
        clicks.withWatermark("time", "5 seconds").dropDuplicates("page", "time").createOrReplaceTempView("clicks");
        return clicks.session()
                .sql("SELECT window(window_time(w), '20 seconds').start AS start, sum(n) AS n, count(*) AS pages FROM"
                        + " (SELECT window(time, '10 seconds') AS w, page, count(*) AS n FROM clicks"
                        + " GROUP BY window(time, '10 seconds'), page)"
                        + " GROUP BY window(window_time(w), '20 seconds')");
    };
    static final UnaryOperator<Dataset<Row>> SESSIONS = clicks -> {
        clicks.withWatermark("time", "5 seconds").createOrReplaceTempView("clicks");
        return clicks.session()
                .sql("SELECT session_window.start AS start, page, count(*) AS n FROM clicks"
                        + " GROUP BY session_window(time, '3 seconds'), page");
    };

    final QueryHarness query;
    private final List<List<Click>> steps;
    private int fed;
    private boolean behind; // the last start did not come to its end

    /** @param second of the event, since the epoch */
    record Click(long id, long second, String page) {}

    StatefulWorld(Path home, UnaryOperator<Dataset<Row>> plan, List<List<Click>> steps) throws IOException {
        this.query = new QueryHarness(Files.createDirectories(home), "id BIGINT, time TIMESTAMP, page STRING", plan)
                .conf("spark.sql.shuffle.partitions", "2")
                .conf("spark.sql.session.timeZone", "UTC")
                .conf("tidemark.task.threads", "1")
                .conf("tidemark.state.localDir", home.resolve("local").toString());
        this.steps = steps;
    }

    /** Reads {@code "12 /a, 13 /b"}: second and page of each click. */
    static List<Click> clicks(int firstId, String text) {
        int[] id = {firstId};
        return Arrays.stream(text.split(","))
                .map(String::trim)
                .map(t -> t.split(" "))
                .map(t -> new Click(id[0]++, Long.parseLong(t[0]), t[1]))
                .toList();
    }

    /** Starts the query once for every step that is left; a start that failed is made again before the next step. */
    void runToTheEnd() throws InterruptedException {
        runSteps(steps.size());
    }

    /** As {@link #runToTheEnd}, for the first steps alone. */
    void runSteps(int count) throws InterruptedException {
        while (behind || fed < count) {
            if (!behind) {
                feed();
            }
            behind = true;
            query.runAvailable();
            behind = false;
        }
    }

    /** As {@link #runToTheEnd}, but ends at the first failure, and says whether there was one. */
    boolean runUntilItFails() throws InterruptedException {
        try {
            runToTheEnd();
            return false;
        } catch (SimulatedCrash | TidemarkException e) {
            return true;
        }
    }

    /** Adds the clicks of the next step. */
    void feed() {
        query.input.add(steps.get(fed++).stream()
                .map(c -> query.input.row(c.id(), Instant.ofEpochSecond(c.second()), c.page()))
                .toList());
    }

    /** Returns everything that must not depend on how often the query died: table, watermarks and state, file by file. */
    SortedMap<String, String> outcome() throws IOException {
        TreeMap<String, String> outcome = new TreeMap<>();
        query.batches().forEach((batch, rows) -> outcome.put("table/" + batch, rows.toString()));
        Path checkpoint = Path.of(query.checkpoint());
        for (Path file : files(checkpoint.resolve("commits"))) {
            outcome.put(checkpoint.relativize(file).toString(), Files.readString(file));
        }
        for (Path file : files(checkpoint.resolve("state"))) {
            if (!file.getFileName().toString().matches("[0-9]+\\.changelog|metadata|schema")) {
                continue; // snapshots and checksums are made in the background, when there is time
            }
            outcome.put(checkpoint.relativize(file).toString(), Arrays.toString(Files.readAllBytes(file)));
        }
        for (Path file : files(checkpoint.resolve("offsets"))) {
            String text = Files.readString(file);
            outcome.put(
                    checkpoint.relativize(file).toString(),
                    text.replaceAll("\"batchTimestampMs\":[0-9]+", "\"batchTimestampMs\":0"));
        }
        return outcome;
    }

    /** Returns in what {@link #outcome} differs from another's, file by file; empty if in nothing. */
    List<String> differencesTo(StatefulWorld other) throws IOException {
        SortedMap<String, String> mine = outcome();
        SortedMap<String, String> theirs = other.outcome();
        TreeSet<String> names = new TreeSet<>(mine.keySet());
        names.addAll(theirs.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(mine.get(name), theirs.get(name)))
                .map(name -> name + " is " + mine.get(name) + " and would be " + theirs.get(name))
                .toList();
    }

    /** Hears the progress of every batch. */
    void watch(Consumer<StreamingQueryProgress> listener) {
        query.listener(new StreamingQueryListener() {
            @Override
            public void onQueryStarted(QueryStartedEvent event) {}

            @Override
            public void onQueryTerminated(QueryTerminatedEvent event) {}

            @Override
            public void onQueryProgress(QueryProgressEvent event) {
                listener.accept(event.progress());
            }
        });
    }

    static List<Path> files(Path directory) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(directory)) {
            return found.filter(Files::isRegularFile).sorted().collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
