package io.tidemark.ops.drill.fence;

import io.tidemark.ops.drill.fence.Gate.Operation;
import io.tidemark.ops.drill.fence.Gate.Point;
import io.tidemark.ops.drill.fence.GatedStorage.Locking;
import io.tidemark.ops.drill.fence.Takeover.Outcome;
import io.tidemark.ops.drill.fence.Takeover.Scenario;
import io.tidemark.ops.drill.report.Violation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over from a driver at every storage operation of a run, before it and after it: in every shape of query, from every
 * beginning, with locks and without.
 */
public final class TakeoverDrill {
    private static final Logger LOG = LoggerFactory.getLogger(TakeoverDrill.class);
    private static final int RECORDINGS = 2;
    private static final int TRIES = 4;

    private final Path directory;
    private final long seed;
    private final PrintStream out;
    private final List<Violation> violations = new ArrayList<>();
    private final Set<String> operations = new TreeSet<>();
    private final List<String> neverStopped = new ArrayList<>();
    private long cases;

    /** @param directory for what the runs leave; each removes its own */
    public TakeoverDrill(Path directory, long seed, PrintStream out) {
        this.directory = directory;
        this.seed = seed;
        this.out = out;
    }

    /** What was found; {@code operations} counts those of all scenarios. */
    public record Found(long cases, List<Violation> violations, int operations, List<String> neverStopped) {
        public Found {
            violations = List.copyOf(violations);
            neverStopped = List.copyOf(neverStopped);
        }
    }

    /**
     * Runs the drill.
     *
     * @param sample how many points to draw; 0 for all
     * @param only a case to run alone, as a violation names it; or what the names of all cases to run begin with; or null
     */
    public Found run(int sample, @Nullable String only) throws IOException, InterruptedException {
        Random random = new Random(seed);
        List<Case> all = new ArrayList<>();
        for (Scenario scenario : scenarios(only == null ? sample : 0, random)) {
            if (only == null || scenario.toString().startsWith(only) || only.startsWith(scenario + "/")) {
                all.addAll(cases(scenario, random, sample == 0 && only == null));
            }
        }
        if (only != null && only.contains(" ")) {
            all.removeIf(c -> !only.endsWith(c.point().toString()));
            all.replaceAll(c -> new Case(c.scenario(), lockingOf(only), c.point()));
        } else if (only == null && sample > 0) {
            Collections.shuffle(all, random);
            all.subList(Math.min(sample, all.size()), all.size()).clear();
        }
        String shown = "";
        for (Case one : all) {
            long begin = System.nanoTime();
            if (sample == 0 && !one.scenario().toString().equals(shown)) {
                shown = one.scenario().toString();
                out.printf(Locale.ROOT, "  %s, %,d cases so far%n", shown, cases);
            }
            run(one);
            LOG.debug("{} took {} ms", one, (System.nanoTime() - begin) / 1_000_000);
        }
        return new Found(cases, violations, operations.size(), neverStopped);
    }

    private record Case(Scenario scenario, Locking locking, Point point) {
        @Override
        public String toString() {
            return scenario + "/" + locking + " " + point;
        }
    }

    private static Locking lockingOf(String text) {
        return text.contains("/" + Locking.LOCKS + " ") ? Locking.LOCKS : Locking.EPOCHS;
    }

    /** A sample has one scenario of each shape only: to record one takes longer than a case. */
    private static List<Scenario> scenarios(int sample, Random random) {
        List<Scenario> scenarios = new ArrayList<>();
        for (Shape shape : Shape.values()) {
            List<Scenario> ofShape = new ArrayList<>();
            for (Beginning beginning : Beginning.values()) {
                ofShape.add(new Scenario(shape, beginning));
            }
            if (sample > 0) {
                Collections.shuffle(ofShape, random);
                ofShape.subList(1, ofShape.size()).clear();
            }
            scenarios.addAll(ofShape);
        }
        return scenarios;
    }

    private List<Case> cases(Scenario scenario, Random random, boolean twice) throws IOException, InterruptedException {
        Set<Operation> recorded = new LinkedHashSet<>();
        for (int i = 0; i < (twice ? RECORDINGS : 1); i++) {
            recorded.addAll(Takeover.record(scenario, directory.resolve("recorded")));
        }
        List<Case> cases = new ArrayList<>();
        for (Operation operation : recorded) {
            operations.add(scenario.shape() + " " + scenario.beginning() + " " + operation);
            Locking[] lockings = Locking.values(); // one before the operation, the other one behind it
            int first = random.nextInt(lockings.length);
            cases.add(new Case(scenario, lockings[first], new Point(operation, true)));
            cases.add(new Case(scenario, lockings[1 - first], new Point(operation, false)));
        }
        return cases;
    }

    private void run(Case one) throws IOException, InterruptedException {
        for (int i = 0; i < TRIES; i++) { // some things are done with locks only
            Locking locking = i < TRIES / 2 ? one.locking() : one.locking().other();
            Outcome outcome = Takeover.at(one.scenario(), locking, one.point(), directory.resolve("case"));
            cases++;
            for (String problem : outcome.problems()) {
                int colon = problem.indexOf(": ");
                violations.add(new Violation(
                        problem.substring(0, colon),
                        one + ": " + problem.substring(colon + 2),
                        "fence --seed " + seed + " --only \"" + one + "\""));
            }
            if (outcome.reached()) {
                return;
            }
        }
        neverStopped.add(one.toString());
    }
}
