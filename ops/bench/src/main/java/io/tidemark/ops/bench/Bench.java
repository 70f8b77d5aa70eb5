package io.tidemark.ops.bench;

import io.tidemark.connectors.kafkabroker.KafkaBrokerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs the workloads one after the other; in each round of one every peer has its turn. One thread. */
final class Bench {
    private final BenchOptions options;
    private final List<Peer> peers;
    private final List<Outcome> outcomes = new ArrayList<>();

    Bench(BenchOptions options, List<Peer> peers) {
        this.options = options;
        this.peers = List.copyOf(peers);
    }

    Report run(List<Workload> workloads) throws IOException, InterruptedException {
        Path home = options.directory() == null
                ? Files.createTempDirectory("tidemark-bench")
                : Files.createDirectories(options.directory()).toAbsolutePath();
        try (KafkaBrokerProcess broker = KafkaBrokerProcess.start(home.resolve("kafka"), 0)) {
            TopicLoader loader = new TopicLoader(broker, options.compression());
            for (Workload workload : workloads) {
                run(workload, broker, loader, home);
            }
        } finally {
            if (!options.keep()) {
                delete(home);
            }
        }
        return new Report(outcomes);
    }

    private void run(Workload workload, KafkaBrokerProcess broker, TopicLoader loader, Path home)
            throws IOException, InterruptedException {
        Topic topic = workload.topic(options);
        boolean fed = topic.rows() == 0;
        long kept = fed ? 0 : loader.load(topic);
        for (int round = 1; round <= options.repeat(); round++) {
            for (Peer peer : peers) {
                if (peer.canRun(workload)) {
                    String name = workload.label() + "-" + peer.name() + "-" + round;
                    if (fed) {
                        broker.topics().create(name, topic.partitions());
                    }
                    Setting setting = new Setting(
                            workload,
                            options,
                            topic,
                            fed ? name : topic.name(),
                            kept,
                            broker.bootstrapServers(),
                            home.resolve(name));
                    run(peer, round, setting);
                }
            }
        }
    }

    private void run(Peer peer, int round, Setting setting) throws IOException, InterruptedException {
        Outcome outcome;
        try {
            Measurement.Seen seen = Measurement.of(setting.workload()).take(peer, setting);
            outcome = new Outcome(setting.workload(), peer.name(), round, seen.figures(), seen.cpuByThread(), null);
        } catch (BenchException e) {
            outcome = new Outcome(setting.workload(), peer.name(), round, Map.of(), Map.of(), e.getMessage());
        }
        outcomes.add(outcome);
        System.err.println(line(outcome));
        if (!options.keep()) {
            delete(setting.home());
        }
    }

    private static String line(Outcome outcome) {
        StringBuilder line = new StringBuilder(outcome.workload().label());
        line.append(" round ")
                .append(outcome.round())
                .append(", ")
                .append(outcome.peer())
                .append(':');
        if (outcome.failure() != null) {
            line.append(' ').append(outcome.failure());
        }
        outcome.figures().forEach((metric, value) -> line.append(' ')
                .append(metric.title())
                .append(" = ")
                .append(Report.number(value))
                .append(';'));
        return line.toString();
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
