package io.tidemark.ops.cli;

import io.tidemark.api.TimeSource;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.Durations;
import io.tidemark.connectors.kafkabroker.EmbeddedKafka;
import io.tidemark.ops.cli.demo.ClickFeed;
import io.tidemark.ops.cli.demo.Clicks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark broker}. */
@Command(
        name = "broker",
        description = "Run a Kafka broker of one node on 127.0.0.1, for experiments. Prints READY host:port when it can"
                + " be used.",
        mixinStandardHelpOptions = true)
final class BrokerCommand implements Callable<Integer> {
    private static final long SEED = 42;

    private final Terminal terminal;
    private final Signals signals;

    @Option(names = "--port", paramLabel = "P", description = "Its port; 0, the default, takes a free one.")
    private int port;

    @Option(names = "--dir", paramLabel = "D", required = true, description = "Where it keeps its data.")
    private Path directory = Path.of("");

    @Option(
            names = "--topic",
            paramLabel = "NAME[:PARTITIONS]",
            description = "Make a topic if it is not there. May be given several times.")
    private List<String> topics = List.of();

    @Option(
            names = "--clicks",
            paramLabel = "N",
            description = "Send N generated clicks to each topic that was made now.")
    private long clicks;

    @Option(
            names = "--clicks-per-second",
            paramLabel = "N",
            description = "Go on sending N generated clicks a second to each topic, until stopped.")
    private long clicksPerSecond;

    @Option(
            names = "--retention",
            paramLabel = "DURATION",
            description = "Topics that are made now drop records that are older, for instance \"20 seconds\".")
    private @Nullable String retention;

    BrokerCommand(Terminal terminal, Signals signals) {
        this.terminal = terminal;
        this.signals = signals;
    }

    @Override
    public Integer call() throws Exception {
        CompletableFuture<Integer> stop = new CompletableFuture<>();
        signals.handOver(stop::complete);
        try (EmbeddedKafka broker = start()) {
            List<Topic> named = topics.stream().map(Topic::parse).toList();
            named.forEach(topic -> create(broker, topic));
            terminal.out().println("READY " + broker.bootstrapServers());
            terminal.out().flush();
            List<ClickFeed> feeds = clicksPerSecond > 0 ? feed(broker, named) : List.of();
            try {
                return stop.get();
            } finally {
                feeds.forEach(ClickFeed::stop);
            }
        }
    }

    private EmbeddedKafka start() {
        try {
            return EmbeddedKafka.start(directory, port);
        } catch (IllegalStateException e) {
            throw new TidemarkException(
                    ErrorCode.COMMAND_LINE,
                    "The broker does not start on port " + port + " with its data in " + directory + " ("
                            + e.getMessage() + "). Choose a free port and a directory that can be written.",
                    e);
        }
    }

    private void create(EmbeddedKafka broker, Topic topic) {
        if (broker.topics().exists(topic.name)) {
            return;
        }
        broker.topics().create(topic.name, topic.partitions, settings());
        if (clicks > 0) {
            topic.feed(broker, clicks, 0).run();
        }
    }

    /** Records go by the segment: four of them in the time of retention, so that they go soon after they are due. */
    private SortedMap<String, String> settings() {
        SortedMap<String, String> settings = new TreeMap<>();
        if (retention != null) {
            long millis = Durations.parseMillis(retention);
            settings.put("retention.ms", Long.toString(millis));
            settings.put("segment.ms", Long.toString(Math.max(100, millis / 4)));
        }
        return settings;
    }

    private List<ClickFeed> feed(EmbeddedKafka broker, List<Topic> named) {
        List<ClickFeed> feeds = new ArrayList<>();
        for (Topic topic : named) {
            ClickFeed feed = topic.feed(broker, Long.MAX_VALUE, clicksPerSecond);
            Thread thread = new Thread(feed, "clicks-for-" + topic.name);
            thread.setDaemon(true);
            thread.start();
            feeds.add(feed);
        }
        return feeds;
    }

    /** A topic as {@code --topic} names it. */
    private record Topic(String name, int partitions) {
        static Topic parse(String text) {
            int colon = text.indexOf(':');
            return colon < 0
                    ? new Topic(text, 1)
                    : new Topic(text.substring(0, colon), partitions(text, text.substring(colon + 1)));
        }

        private static int partitions(String topic, String text) {
            try {
                int partitions = Integer.parseInt(text);
                if (partitions > 0) {
                    return partitions;
                }
            } catch (NumberFormatException e) {
                // told below
            }
            throw new TidemarkException(
                    ErrorCode.COMMAND_LINE,
                    "--topic '" + topic + "' has no number of partitions behind the colon. Write NAME:4.");
        }

        ClickFeed feed(EmbeddedKafka broker, long clicks, long perSecond) {
            return new ClickFeed(
                    broker.bootstrapServers(),
                    new ClickFeed.Target(name, partitions, clicks, perSecond),
                    new Clicks(SEED),
                    TimeSource.system());
        }
    }
}
