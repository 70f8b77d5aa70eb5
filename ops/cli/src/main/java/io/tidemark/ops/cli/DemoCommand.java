package io.tidemark.ops.cli;

import io.tidemark.api.TimeSource;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.connectors.kafkabroker.KafkaBrokerProcess;
import io.tidemark.ops.cli.demo.ClickFeed;
import io.tidemark.ops.cli.demo.Clicks;
import io.tidemark.ops.cli.demo.DemoScreen;
import io.tidemark.ops.cli.demo.TableRows;
import io.tidemark.ops.pipeline.PipelineFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark demo}. */
@Command(
        name = "demo",
        description = "Start a Kafka broker, produce clicks, and run a query that commits them to a Delta table, until"
                + " stopped; or, with --rows, until that many rows are in the table, which is then checked.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final String TOPIC = "clicks";
    private static final long STEADY_ROWS_PER_SECOND = 10_000;
    private static final int REFRESH_MILLIS = 250;

    private final Terminal terminal;
    private final Signals signals;

    @Option(names = "--rows", paramLabel = "N", description = "Produce N rows, wait for them, check, and end.")
    private @Nullable Long rows;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Rows per second. Default: 10000; with --rows as fast as it goes.")
    private @Nullable Long rate;

    @Option(names = "--dir", paramLabel = "D", description = "An empty folder for all files. Default: a new one.")
    private @Nullable Path directory;

    @Option(names = "--seed", paramLabel = "S", description = "What the clicks are made from. Default: 42.")
    private long seed = 42;

    @Option(names = "--partitions", paramLabel = "P", description = "Of the topic. Default: 4.")
    private int partitions = 4;

    DemoCommand(Terminal terminal, Signals signals) {
        this.terminal = terminal;
        this.signals = signals;
    }

    @Override
    public Integer call() throws Exception {
        positive("--rows", rows);
        positive("--rate", rate);
        positive("--partitions", (long) partitions);
        Path home = home();
        Optional<Path> log = RunLog.open(home.resolve("tidemark.log").toString(), "demo");
        say("starting a Kafka broker …");
        try (KafkaBrokerProcess broker = KafkaBrokerProcess.start(home.resolve("kafka"), 0)) {
            broker.topics().create(TOPIC, partitions);
            PipelineRunner pipeline = PipelineRunner.build(pipeline(home, broker.bootstrapServers()));
            say("broker      " + broker.bootstrapServers() + ", topic " + TOPIC);
            say("pipeline    " + home.resolve("clicks.yaml"));
            say("table       " + home.resolve("table"));
            say("checkpoint  " + home.resolve("checkpoint"));
            log.ifPresent(file -> say("log         " + file));
            say(rows == null ? "running until Ctrl-C" : "running until " + rows + " rows are in the table");
            int exitCode = run(pipeline, broker);
            if (rows != null && exitCode == 0) {
                return check(home.resolve("table"), rows);
            }
            TableRows left = TableRows.count(home.resolve("table"));
            say(String.format(
                    Locale.ROOT,
                    "stopped: %,d rows in the table (version %d); all files are left in %s",
                    left.rows(),
                    left.version(),
                    home));
            return exitCode;
        }
    }

    private int run(PipelineRunner pipeline, KafkaBrokerProcess broker) throws Exception {
        long wanted = rows == null ? Long.MAX_VALUE : rows;
        long perSecond = rate != null ? rate : rows == null ? STEADY_ROWS_PER_SECOND : 0;
        ClickFeed feed = new ClickFeed(
                broker.bootstrapServers(),
                new ClickFeed.Target(TOPIC, partitions, wanted, perSecond),
                new Clicks(seed),
                TimeSource.system());
        QuerySupervisor supervisor = new QuerySupervisor(terminal.err());
        DemoScreen[] screen = new DemoScreen[1];
        screen[0] = new DemoScreen(terminal.err(), terminal.interactive(), TimeSource.system(), () -> {
            if (screen[0].committed() >= wanted) {
                supervisor.signal(0);
            }
        });
        screen[0].watch(feed);
        pipeline.session().streams().addListener(screen[0]);
        StreamingQuery query = pipeline.start();
        signals.handOver(supervisor::signal);
        ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor(DemoCommand::daemon);
        refresher.scheduleAtFixedRate(screen[0]::refresh, REFRESH_MILLIS, REFRESH_MILLIS, TimeUnit.MILLISECONDS);
        supervisor.alongside("clicks", feed);
        try {
            return supervisor.await(List.of(query));
        } finally {
            feed.stop();
            refresher.shutdownNow();
            screen[0].finish();
        }
    }

    private int check(Path table, long produced) throws IOException {
        TableRows found = TableRows.count(table);
        boolean equal = found.rows() == produced;
        say(String.format(
                Locale.ROOT,
                "%s: %,d rows produced, %,d rows in the table (version %d)",
                equal ? "check passed" : "CHECK FAILED",
                produced,
                found.rows(),
                found.version()));
        return equal ? 0 : 1;
    }

    private Path home() throws IOException {
        if (directory == null) {
            return Files.createTempDirectory("tidemark-demo-");
        }
        Path home = directory.toAbsolutePath().normalize();
        Files.createDirectories(home);
        try (var children = Files.list(home)) {
            if (children.findAny().isPresent()) {
                throw new TidemarkException(
                        ErrorCode.COMMAND_LINE, "The folder " + home + " is not empty. Name a new one with --dir.");
            }
        }
        return home;
    }

    /** Leaves the pipeline as a file of its own, with the demo's places filled in. */
    private static PipelineFile pipeline(Path home, String bootstrapServers) throws IOException {
        try (InputStream resource =
                Objects.requireNonNull(DemoCommand.class.getResourceAsStream("demo/clicks.yaml"), "clicks.yaml")) {
            String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${KAFKA:-localhost:9092}", "${KAFKA:-" + bootstrapServers + "}")
                    .replace("${DIR:-demo}", "${DIR:-" + home + "}");
            Path file = Files.writeString(home.resolve("clicks.yaml"), text);
            return PipelineFile.parse(file.toString(), text, Map.of(), List.of());
        }
    }

    private void positive(String option, @Nullable Long value) {
        if (value != null && value <= 0) {
            throw new TidemarkException(
                    ErrorCode.COMMAND_LINE, option + " cannot be " + value + ". Use a number above zero.");
        }
    }

    private void say(String line) {
        terminal.err().println(line);
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body, "demo-screen");
        thread.setDaemon(true);
        return thread;
    }
}
