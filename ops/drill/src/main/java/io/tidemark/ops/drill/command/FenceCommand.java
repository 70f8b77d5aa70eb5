package io.tidemark.ops.drill.command;

import io.tidemark.ops.drill.WorkingFolders;
import io.tidemark.ops.drill.fence.ProcessTakeovers;
import io.tidemark.ops.drill.fence.PublishRace;
import io.tidemark.ops.drill.fence.TakeoverDrill;
import io.tidemark.ops.drill.report.DrillReport;
import io.tidemark.ops.drill.report.Violation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark drill fence}. */
@Command(
        name = "fence",
        description = {
            "Stop a driver at each storage operation of a run, take over from it, and let it go on: it must end, and",
            "nothing that it does then may show. And let two processes race for the names of files."
        },
        mixinStandardHelpOptions = true)
final class FenceCommand implements Callable<Integer> {
    private static final int DELTA_SHARE = 100;
    private static final int DISK_SHARE = 10;

    private final PrintStream out;

    /** The parts of the drill. */
    enum Level {
        OPERATIONS,
        PROCESSES,
        RACES
    }

    @Mixin
    private DrillOptions options = new DrillOptions();

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            split = ",",
            description = "Only these: operations (all of a run, in one JVM), processes (the command line, with a"
                    + " broker), races. All if left out.")
    private Set<Level> levels = EnumSet.allOf(Level.class);

    @Option(
            names = "--races",
            paramLabel = "N",
            description = "How many files two processes race for (${DEFAULT-VALUE}); on disk a tenth of it, versions of"
                    + " a Delta table a hundredth.",
            defaultValue = "100000")
    private int races;

    @Option(names = "--sample", paramLabel = "N", description = "Draw so many operations instead of taking all.")
    private int sample;

    @Option(
            names = "--only",
            paramLabel = "CASE",
            description = "Run one case, as a violation names it, or all that begin so.")
    private @Nullable String only;

    FenceCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Path disk = WorkingFolders.onDisk("tidemark-fence");
        Path memory = WorkingFolders.inMemory("tidemark-fence").orElse(disk);
        long cases = 0;
        int operations = 0;
        List<Violation> violations = new ArrayList<>();
        List<String> neverStopped = new ArrayList<>();
        TreeMap<String, Object> details = new TreeMap<>();
        try {
            if (levels.contains(Level.OPERATIONS) || only != null) {
                TakeoverDrill.Found found = new TakeoverDrill(memory, options.seed(), out)
                        .run(sample, only == null ? null : caseName(only));
                cases += found.cases();
                operations += found.operations();
                violations.addAll(found.violations());
                neverStopped.addAll(found.neverStopped());
                details.put("operationCases", found.cases());
            }
            if (levels.contains(Level.PROCESSES) && only == null) {
                ProcessTakeovers.Found found = new ProcessTakeovers(disk, options.seed(), out).run(sample);
                cases += found.cases();
                operations += found.points();
                violations.addAll(found.violations());
                neverStopped.addAll(found.neverStopped());
                details.put("processCases", found.cases());
            }
            if (levels.contains(Level.RACES) && only == null) {
                for (PublishRace.Found race : races(memory, disk)) {
                    cases += race.files();
                    violations.addAll(race.violations());
                    details.put(
                            "race " + race.way().name().toLowerCase(Locale.ROOT)
                                    + (race.directory().startsWith(memory) ? " in memory" : " on disk"),
                            String.format(
                                    Locale.ROOT,
                                    "%,d files, %,d with both at it at once, %.0f s",
                                    race.files(),
                                    race.close(),
                                    race.seconds()));
                }
            }
        } finally {
            WorkingFolders.delete(memory);
            WorkingFolders.delete(disk);
        }
        return options.finish(
                new DrillReport(
                        "fence",
                        options.seed(),
                        cases,
                        violations,
                        operations,
                        neverStopped,
                        (System.nanoTime() - begin) / 1e9,
                        details),
                out);
    }

    /** Scenarios may be written in small letters, the rest of a case is as it is. */
    private static String caseName(String text) {
        int end = text.indexOf(' ');
        return end < 0
                ? text.toUpperCase(Locale.ROOT)
                : text.substring(0, end).toUpperCase(Locale.ROOT) + text.substring(end);
    }

    private List<PublishRace.Found> races(Path memory, Path disk) throws IOException, InterruptedException {
        List<PublishRace.Found> found = new ArrayList<>();
        found.add(new PublishRace(PublishRace.Way.CREATE, memory.resolve("create"), races).run());
        found.add(new PublishRace(PublishRace.Way.LINK, memory.resolve("link"), races).run());
        found.add(new PublishRace(PublishRace.Way.DELTA, memory.resolve("delta"), Math.max(1, races / DELTA_SHARE))
                .run());
        if (!memory.equals(disk)) {
            int onDisk = Math.max(1, races / DISK_SHARE);
            found.add(new PublishRace(PublishRace.Way.CREATE, disk.resolve("create"), onDisk).run());
            found.add(new PublishRace(PublishRace.Way.LINK, disk.resolve("link"), onDisk).run());
        }
        return found;
    }
}
