package io.tidemark.ops.drill.mutants;

import io.tidemark.ops.drill.crash.CrashPointDrill;
import io.tidemark.ops.drill.crash.CrashPointOptions;
import io.tidemark.ops.drill.crash.CrashPointOptions.Depth;
import io.tidemark.ops.drill.crash.storage.StorageModel;
import io.tidemark.ops.drill.report.DrillReport;
import io.tidemark.ops.drill.report.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@link CrashPointDrill}, for one query on one storage. */
record CrashPointFinder(String shape, StorageModel model) implements Finder {
    private static final int TRIES = 6;
    private static final int FEW = 300;
    private static final int ALL = 1_500; // each call of such a recording in each variant, and some more
    private static final String FILES_LEFT = "I10";
    private static final Pattern REPLAY = Pattern.compile(".*--replay \"(.*)\"");

    @Override
    public String drill() {
        return CrashPointDrill.NAME;
    }

    @Override
    public int tries() {
        return TRIES;
    }

    @Override
    public List<Violation> find(long seed, int attempt) throws IOException, InterruptedException {
        CrashPointOptions options = new CrashPointOptions(
                seed + attempt,
                Set.of(shape),
                Set.of(model),
                Depth.ONE,
                attempt < TRIES - 1 ? FEW : ALL,
                CrashPointOptions.allThreads(),
                attempt < TRIES - 1, // most mutants show in the first few cases
                line -> {});
        List<Violation> found = new ArrayList<>(CrashPointDrill.run(options).violations());
        found.sort(Comparator.comparing(violation -> violation.promise().equals(FILES_LEFT)));
        return found;
    }

    @Override
    public DrillReport replay(Violation violation) throws IOException, InterruptedException {
        Matcher line = REPLAY.matcher(violation.replay());
        if (!line.matches()) {
            throw new IllegalArgumentException("'" + violation.replay() + "' is no replay line");
        }
        return CrashPointDrill.replay(line.group(1));
    }
}
