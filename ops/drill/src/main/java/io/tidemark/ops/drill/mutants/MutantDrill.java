package io.tidemark.ops.drill.mutants;

import io.tidemark.ops.drill.report.DrillReport;
import io.tidemark.ops.drill.report.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts mistakes into the protocol, one at a time, and looks whether the drills notice: each has to be found, by a replay
 * line that finds nothing once the mistake is gone.
 */
public final class MutantDrill {
    /** As the command line spells it. */
    public static final String NAME = "mutants";

    private static final int REPLAYED = 8; // violations of one run whose lines are tried without the mutant

    private final long seed;
    private final Consumer<String> progress;
    private final List<Violation> violations = new ArrayList<>();
    private final TreeMap<String, Object> found = new TreeMap<>();

    private MutantDrill(long seed, Consumer<String> progress) {
        this.seed = seed;
        this.progress = progress;
    }

    /** Returns the names of all mutants. */
    public static List<String> names() {
        return Catalogue.all().stream().map(Mutant::name).toList();
    }

    /**
     * Runs the drill.
     *
     * @param only names of mutants; all if empty
     * @param progress hears a line of each mutant
     * @throws IllegalArgumentException if there is no mutant of a name
     */
    public static DrillReport run(long seed, Set<String> only, Consumer<String> progress)
            throws IOException, InterruptedException {
        TreeSet<String> unknown = new TreeSet<>(only);
        unknown.removeAll(names());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("there is no mutant " + unknown + "; there are " + names());
        }
        long started = System.nanoTime();
        MutantDrill drill = new MutantDrill(seed, progress);
        int cases = 0;
        for (Mutant mutant : Catalogue.all()) {
            if (only.isEmpty() || only.contains(mutant.name())) {
                drill.hunt(mutant);
                cases++;
            }
        }
        return new DrillReport(
                NAME,
                seed,
                cases,
                drill.violations,
                cases,
                List.of(),
                (System.nanoTime() - started) / 1e9,
                drill.found);
    }

    private void hunt(Mutant mutant) throws IOException, InterruptedException {
        long started = System.nanoTime();
        Hunt hunt = new Hunt();
        for (int i = 0; i < mutant.finder().tries() && hunt.caught == null; i++) {
            hunt.tryToFind(mutant, seed, i);
        }
        Violation caught = hunt.caught;
        String result = caught == null ? "SURVIVES" : caught.promise() + ": " + caught.what() + "; " + caught.replay();
        found.put(mutant.name(), result);
        if (caught == null) {
            violations.add(hunt.escape(mutant, seed));
        }
        progress.accept(String.format(
                Locale.ROOT, "%-32s %5.1f s  %s", mutant.name(), (System.nanoTime() - started) / 1e9, result));
    }

    /** What is known of one mutant so far. */
    private static final class Hunt {
        private @Nullable Violation caught;
        private @Nullable Violation failsWithout;
        private @Nullable Violation ofTheMutantAlone;
        private @Nullable String broken;

        void tryToFind(Mutant mutant, long seed, int attempt) throws IOException, InterruptedException {
            List<Violation> seen;
            try (Surgery surgery = Surgery.on(mutant.changes())) {
                seen = mutant.finder().find(seed, attempt);
            } catch (IOException | RuntimeException e) { // not even the drill's own preparations came through
                broken = e.toString();
                return;
            }
            for (Violation violation : seen.subList(0, Math.min(REPLAYED, seen.size()))) {
                try {
                    if (mutant.finder().replay(violation).isClean()) {
                        caught = violation;
                        return;
                    }
                    failsWithout = violation;
                } catch (IllegalArgumentException e) {
                    ofTheMutantAlone = violation; // nothing else makes this call
                }
            }
        }

        Violation escape(Mutant mutant, long seed) {
            String drill = mutant.finder().drill();
            if (failsWithout != null) {
                return new Violation(
                        "a replay line passes without its mutant",
                        drill + " fails without '" + mutant.name() + "' too where it saw: " + failsWithout.what(),
                        failsWithout.replay());
            }
            return new Violation(
                    "every mutant is found",
                    drill + " does not notice that " + mutant.story()
                            + (ofTheMutantAlone == null
                                    ? ""
                                    : ", but for a call that only the mutant makes: " + ofTheMutantAlone.what())
                            + (broken == null ? "" : ", and could not even begin: " + broken),
                    NAME + " --only " + mutant.name() + " --seed " + seed);
        }
    }
}
