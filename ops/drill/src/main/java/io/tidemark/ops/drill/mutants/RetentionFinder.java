package io.tidemark.ops.drill.mutants;

import io.tidemark.ops.drill.report.DrillReport;
import io.tidemark.ops.drill.report.Violation;
import io.tidemark.ops.drill.retention.RetentionDrill;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@link RetentionDrill}, for the cells whose names contain a text. */
record RetentionFinder(String cell) implements Finder {
    private static final Pattern REPLAY = Pattern.compile("retention --cell '(.*)' --seed (\\d+)");

    @Override
    public String drill() {
        return RetentionDrill.NAME;
    }

    @Override
    public int tries() {
        return 1;
    }

    @Override
    public List<Violation> find(long seed, int attempt) throws IOException, InterruptedException {
        return RetentionDrill.run(seed + attempt, cell).violations();
    }

    @Override
    public DrillReport replay(Violation violation) throws IOException, InterruptedException {
        Matcher line = REPLAY.matcher(violation.replay());
        if (!line.matches()) {
            throw new IllegalArgumentException("'" + violation.replay() + "' is no replay line");
        }
        return RetentionDrill.run(Long.parseLong(line.group(2)), line.group(1));
    }
}
