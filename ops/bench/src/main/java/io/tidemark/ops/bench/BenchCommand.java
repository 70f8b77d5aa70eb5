package io.tidemark.ops.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ops/bench/run}. Exit code 1 if a run failed or, with {@code --check}, a goal was missed; 2 if the arguments are wrong. */
@Command(
        name = "ops/bench/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Measures Tidemark and its peers side by side, in turn, on one topic of one broker.",
            "Workloads are w1 to w10, peers tidemark, spark, flink, kafka-streams, ceiling, ceiling-jackson, ceiling-map,"
                    + " ceiling-read and ceiling-parse; a peer that cannot run a workload is left out of it."
        })
public final class BenchCommand implements Callable<Integer> {
    private static final List<String> USUAL = List.of("w1", "tidemark", "spark", "flink", "ceiling");

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "workload|peer",
            description = "without any: w1 tidemark spark flink ceiling")
    private List<String> names = new ArrayList<>();

    @Option(names = "--rows", defaultValue = "10000000", description = "of the big topics (${DEFAULT-VALUE})")
    private long rows;

    @Option(names = "--users", defaultValue = "5000000", description = "at most half the rows (${DEFAULT-VALUE})")
    private long users;

    @Option(names = "--repeat", defaultValue = "3", description = "rounds (${DEFAULT-VALUE})")
    private int repeat;

    @Option(names = "--batches", defaultValue = "10000", description = "of w10 (${DEFAULT-VALUE})")
    private int batches;

    @Option(names = "--seconds", defaultValue = "60", description = "to look at w4 and w7 (${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--rate", defaultValue = "2000", description = "rows a second of w4 (${DEFAULT-VALUE})")
    private int rate;

    @Option(names = "--seed", defaultValue = "1", description = "of the rows (${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--compression", defaultValue = "none", description = "of the topic (${DEFAULT-VALUE})")
    private String compression = "none";

    @Option(names = "--limit", defaultValue = "1800", description = "seconds for one run (${DEFAULT-VALUE})")
    private int limit;

    @Option(names = "--check", description = "exit code 1 if a goal is missed")
    private boolean check;

    @Option(names = "--json", description = "all figures, for programs")
    private @Nullable Path json;

    @Option(names = "--plot", description = "a picture, as SVG")
    private @Nullable Path plot;

    @Option(
            names = "--dir",
            description = "for topics and tables, on the disk to be measured; a temporary one if not given")
    private @Nullable Path directory;

    @Option(names = "--keep", description = "leave topics, tables and logs where they are")
    private boolean keep;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Peer> known =
                Peers.all(Path.of(System.getProperty("tidemark.root", "")).toAbsolutePath());
        List<Workload> workloads = new ArrayList<>();
        List<Peer> peers = new ArrayList<>();
        for (String name : names.isEmpty() ? USUAL : names) {
            Optional<Workload> workload = Workload.of(name);
            Optional<Peer> peer =
                    known.stream().filter(p -> p.name().equals(name)).findFirst();
            if (workload.isEmpty() && peer.isEmpty()) {
                throw new ParameterException(
                        Objects.requireNonNull(spec).commandLine(),
                        "Neither a workload nor a peer: '" + name + "'. Workloads are w1 to w10, peers "
                                + String.join(
                                        ", ", known.stream().map(Peer::name).toList()) + ".");
            }
            workload.ifPresent(workloads::add);
            peer.ifPresent(peers::add);
        }
        if (workloads.isEmpty() || peers.isEmpty()) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "Give at least one workload and one peer, or nothing at all for " + String.join(" ", USUAL) + ".");
        }
        BenchOptions options = new BenchOptions(
                rows,
                users,
                repeat,
                batches,
                seconds,
                rate,
                seed,
                compression,
                Duration.ofSeconds(limit),
                directory,
                keep);
        Report report = new Bench(options, peers).run(workloads);
        System.out.print(report.table());
        if (json != null) {
            JsonReport.write(report, options, json);
        }
        if (plot != null) {
            Files.writeString(plot, Plot.of(report));
        }
        boolean failed = report.outcomes().stream().anyMatch(o -> o.failure() != null);
        boolean missed = check && report.verdicts().stream().anyMatch(verdict -> !verdict.isMet());
        return failed || missed ? 1 : 0;
    }
}
