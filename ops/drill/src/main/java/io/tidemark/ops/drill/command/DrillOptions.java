package io.tidemark.ops.drill.command;

import io.tidemark.ops.drill.report.DrillReport;
import io.tidemark.ops.drill.report.ReportFile;
import io.tidemark.ops.drill.report.Violation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every drill has, and what is done with its report. */
final class DrillOptions {
    private static final int SHOWN = 20;

    @Option(names = "--seed", paramLabel = "S", description = "What the draws come from; a new one if left out.")
    private @Nullable Long seed;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the report there, as JSON.")
    private @Nullable Path report;

    /** Returns the seed to draw from. */
    long seed() {
        if (seed == null) {
            seed = System.nanoTime() & Long.MAX_VALUE; // the one draw that nothing depends on: it is printed
        }
        return seed;
    }

    /** Prints and writes what was found, and returns the exit code. */
    int finish(DrillReport found, PrintStream out) throws IOException {
        out.printf(
                Locale.ROOT,
                "%s: %,d cases in %.1f s, seed %d, %,d operations, %,d violations%n",
                found.drill(),
                found.cases(),
                found.seconds(),
                found.seed(),
                found.operations(),
                found.violations().size());
        found.details().forEach((name, value) -> out.printf(Locale.ROOT, "  %-24s %s%n", name, value));
        for (String operation : found.neverCrashed()) {
            out.println("  never crashed: " + operation);
        }
        List<Violation> violations = found.violations();
        for (Violation violation : violations.subList(0, Math.min(SHOWN, violations.size()))) {
            out.println("  VIOLATION " + violation.promise() + ": " + violation.what());
            out.println("    again: ops/tidemark drill " + violation.replay());
        }
        if (violations.size() > SHOWN) {
            out.println("  and " + (violations.size() - SHOWN) + " more" + (report == null ? "; see --report" : ""));
        }
        if (report != null) {
            ReportFile.write(found, report);
        }
        return found.isClean() && found.neverCrashed().isEmpty() ? 0 : 1;
    }
}
