package io.tidemark.ops.drill.command;

import io.tidemark.ops.drill.crash.CrashPointDrill;
import io.tidemark.ops.drill.crash.CrashPointOptions;
import io.tidemark.ops.drill.crash.CrashPointOptions.Depth;
import io.tidemark.ops.drill.crash.CrashPointPage;
import io.tidemark.ops.drill.crash.SystemCallTrace;
import io.tidemark.ops.drill.crash.storage.StorageModel;
import io.tidemark.ops.drill.report.DrillReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidemark drill crash-points}. */
@Command(
        name = CrashPointDrill.NAME,
        description =
                "Crash queries at every operation of the batch protocol, on every kind of storage, and check what a"
                        + " restart makes of it. Everything is in memory.",
        mixinStandardHelpOptions = true)
final class CrashPointsCommand implements Callable<Integer> {
    private static final int SAMPLE = 4_000;

    private final PrintStream out;
    private final PrintStream err;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private DrillOptions options = new DrillOptions();

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            split = ",",
            description = "Only these queries: stateless, windowed, dedup, session, no-data, first-batch, evolved.")
    private Set<String> shapes = new LinkedHashSet<>();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            split = ",",
            description = "Only these storages: kill, strict-power-loss, weak-power-loss, object-store, hdfs.")
    private Set<String> models = new LinkedHashSet<>();

    @Option(
            names = "--depth",
            paramLabel = "1|2|all",
            description = "Disturb each life once, the recovery too, or some of both. ${DEFAULT-VALUE} if left out.",
            defaultValue = "all")
    private String depth = "all";

    @Option(
            names = "--cases",
            paramLabel = "N",
            description = "How many: each operation in each variant first, then what is drawn. "
                    + CrashPointOptions.ALL_CASES + " if left out.")
    private int cases;

    @Option(names = "--sample", description = "What fits into a build: " + SAMPLE + " cases.")
    private boolean sample;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many cases run at once; two for each core if left out.")
    private int threads = CrashPointOptions.allThreads();

    @Option(names = "--stop-at-first", description = "End at the first violation.")
    private boolean stopAtFirst;

    @Option(names = "--page", paramLabel = "FILE", description = "Draw the report as a page of HTML.")
    private @Nullable Path page;

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = "Only hold the drill's operations against an strace of a real run; the guide tells how.")
    private @Nullable Path trace;

    @Option(names = "--replay", paramLabel = "CASE", description = "Run one case, as a violation names it.")
    private @Nullable String replay;

    CrashPointsCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (trace != null) {
            return compareWith(trace);
        }
        DrillReport report;
        try {
            report = replay != null ? CrashPointDrill.replay(replay) : CrashPointDrill.run(wanted());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "Cannot run this: " + e.getMessage() + ".", e);
        }
        if (page != null) {
            CrashPointPage.write(report, page);
        }
        return options.finish(report, out);
    }

    private int compareWith(Path file) throws IOException, InterruptedException {
        SortedSet<String> real;
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            real = SystemCallTrace.operations(lines);
        }
        SortedSet<String> known = CrashPointDrill.operations();
        out.printf(Locale.ROOT, "%d operations in the trace, %d in the drill%n", real.size(), known.size());
        real.stream().filter(o -> !known.contains(o)).forEach(o -> out.println("  only in the trace: " + o));
        known.stream().filter(o -> !real.contains(o)).forEach(o -> out.println("  only in the drill: " + o));
        return known.containsAll(real) ? 0 : 1;
    }

    private CrashPointOptions wanted() {
        TreeSet<StorageModel> chosen = new TreeSet<>();
        models.forEach(model -> chosen.add(model(model)));
        return new CrashPointOptions(
                options.seed(),
                shapes,
                chosen,
                depth(),
                sample ? SAMPLE : cases,
                threads,
                stopAtFirst,
                line -> err.println("  " + line));
    }

    private Depth depth() {
        return switch (depth.toLowerCase(Locale.ROOT)) {
            case "1" -> Depth.ONE;
            case "2" -> Depth.TWO;
            case "all" -> Depth.ALL;
            default -> throw new IllegalArgumentException("'" + depth + "' is no depth; it takes 1, 2 or all");
        };
    }

    private static StorageModel model(String text) {
        return Stream.of(StorageModel.values())
                .filter(m -> m.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no storage model '" + text + "'"));
    }
}
