package io.tidemark.ops.cli;

import io.tidemark.api.TimeSource;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.connectors.kafkabroker.EmbeddedKafka;
import io.tidemark.ops.cli.demo.ClickFeed;
import io.tidemark.ops.cli.demo.Clicks;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
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

    BrokerCommand(Terminal terminal, Signals signals) {
        this.terminal = terminal;
        this.signals = signals;
    }

    @Override
    public Integer call() throws Exception {
        CompletableFuture<Integer> stop = new CompletableFuture<>();
        signals.handOver(stop::complete);
        try (EmbeddedKafka broker = start()) {
            for (String topic : topics) {
                create(broker, topic);
            }
            terminal.out().println("READY " + broker.bootstrapServers());
            terminal.out().flush();
            return stop.get();
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

    private void create(EmbeddedKafka broker, String topic) {
        int colon = topic.indexOf(':');
        String name = colon < 0 ? topic : topic.substring(0, colon);
        int partitions = colon < 0 ? 1 : partitions(topic, topic.substring(colon + 1));
        if (broker.topics().exists(name)) {
            return;
        }
        broker.topics().create(name, partitions);
        if (clicks > 0) {
            ClickFeed.Target target = new ClickFeed.Target(name, partitions, clicks, 0);
            new ClickFeed(broker.bootstrapServers(), target, new Clicks(SEED), TimeSource.system()).run();
        }
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
}
