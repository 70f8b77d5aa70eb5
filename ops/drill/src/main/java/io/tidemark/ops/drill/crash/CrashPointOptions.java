package io.tidemark.ops.drill.crash;

import io.tidemark.ops.drill.crash.storage.StorageModel;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a run of {@link CrashPointDrill} is to try.
 *
 * @param seed what is drawn is drawn from it
 * @param shapes names of the queries; all if empty
 * @param models all if empty
 * @param depth which cases to run
 * @param cases how many at most, of both depths together; 0 for {@value #ALL_CASES}
 * @param threads how many cases run at once
 * @param stopAtFirst whether the first violation ends the drill
 * @param progress hears a line now and then
 */
public record CrashPointOptions(
        long seed,
        Set<String> shapes,
        Set<StorageModel> models,
        Depth depth,
        int cases,
        int threads,
        boolean stopAtFirst,
        Consumer<String> progress) {
    /** How many cases there are if nobody says how many: 50,000 of one crash and 20,000 of two, and some to spare. */
    public static final int ALL_CASES = 71_000;

    public CrashPointOptions {
        shapes = Set.copyOf(shapes);
        models = Set.copyOf(models);
        shapes.forEach(Case::shape);
    }

    /** Returns how many cases at once keep this machine busy: one waits for its threads as long as it computes. */
    public static int allThreads() {
        return 2 * Runtime.getRuntime().availableProcessors();
    }

    /** Returns what the nightly run does: everything, on all cores. */
    public static CrashPointOptions everything(long seed) {
        return new CrashPointOptions(seed, Set.of(), Set.of(), Depth.ALL, 0, allThreads(), false, line -> {});
    }

    /** Returns what a build does: a draw of so many cases over all shapes and models. */
    public static CrashPointOptions sample(long seed, int cases) {
        return everything(seed).withCases(cases);
    }

    /** Returns the same for so many cases. */
    public CrashPointOptions withCases(int count) {
        return new CrashPointOptions(seed, shapes, models, depth, count, threads, stopAtFirst, progress);
    }

    /** Returns the same, ending at the first violation. */
    public CrashPointOptions stoppingAtFirst() {
        return new CrashPointOptions(seed, shapes, models, depth, cases, threads, true, progress);
    }

    /** Returns the same for some shapes and models only. */
    public CrashPointOptions of(Set<String> someShapes, Set<StorageModel> someModels) {
        return new CrashPointOptions(seed, someShapes, someModels, depth, cases, threads, stopAtFirst, progress);
    }

    /** How often a case is disturbed. */
    public enum Depth {
        /** Once. */
        ONE,
        /** Once, and once more while it recovers. */
        TWO,
        /** Both kinds, five cases of the first to two of the second. */
        ALL
    }
}
