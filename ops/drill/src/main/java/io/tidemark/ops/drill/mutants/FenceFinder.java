package io.tidemark.ops.drill.mutants;

import io.tidemark.ops.drill.WorkingFolders;
import io.tidemark.ops.drill.fence.TakeoverDrill;
import io.tidemark.ops.drill.report.DrillReport;
import io.tidemark.ops.drill.report.Violation;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@link TakeoverDrill}, at some of a run's operations. */
record FenceFinder(int sample) implements Finder {
    private static final Pattern REPLAY = Pattern.compile("fence --seed (\\d+) --only \"(.*)\"");

    @Override
    public String drill() {
        return "fence";
    }

    @Override
    public int tries() {
        return 4;
    }

    @Override
    public List<Violation> find(long seed, int attempt) throws IOException, InterruptedException {
        return run(seed + attempt, sample, null).violations();
    }

    @Override
    public DrillReport replay(Violation violation) throws IOException, InterruptedException {
        Matcher line = REPLAY.matcher(violation.replay());
        if (!line.matches()) {
            throw new IllegalArgumentException("'" + violation.replay() + "' is no replay line");
        }
        TakeoverDrill.Found found = run(Long.parseLong(line.group(1)), 0, line.group(2));
        if (found.cases() == 0) {
            throw new IllegalArgumentException("a run has no such operation: " + line.group(2));
        }
        return new DrillReport(
                drill(), 0, found.cases(), found.violations(), found.operations(), List.of(), 0, new TreeMap<>());
    }

    private static TakeoverDrill.Found run(long seed, int sample, @Nullable String only)
            throws IOException, InterruptedException {
        Path directory = WorkingFolders.fast("tidemark-mutants");
        try {
            PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
            return new TakeoverDrill(directory, seed, silent).run(sample, only);
        } finally {
            WorkingFolders.delete(directory);
        }
    }
}
