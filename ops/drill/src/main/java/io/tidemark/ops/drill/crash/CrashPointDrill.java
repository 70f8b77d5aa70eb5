package io.tidemark.ops.drill.crash;

import io.tidemark.ops.drill.crash.CaseRunner.Recovery;
import io.tidemark.ops.drill.crash.CaseRunner.Verdict;
import io.tidemark.ops.drill.crash.CrashPointOptions.Depth;
import io.tidemark.ops.drill.crash.Recording.BrokenRecordingException;
import io.tidemark.ops.drill.crash.storage.StorageModel;
import io.tidemark.ops.drill.report.DrillReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Crashes queries at every operation of the batch protocol, on every kind of storage, and looks whether anybody could
 * tell: see {@link Invariants} for what is looked at.
 */
public final class CrashPointDrill {
    /** As the command line spells it. */
    public static final String NAME = "crash-points";

    private static final int UNIT = 25; // cases that one thread takes at a time

    private final CrashPointOptions options;
    private final Tally tally;

    private CrashPointDrill(CrashPointOptions options) {
        this.options = options;
        this.tally = new Tally(options);
    }

    /** Runs the drill. */
    public static DrillReport run(CrashPointOptions options) throws IOException, InterruptedException {
        return new CrashPointDrill(options).run();
    }

    /**
     * Runs the one case of a replay line.
     *
     * @param line as in {@code --replay}
     * @throws IllegalArgumentException if the line is no case
     */
    public static DrillReport replay(String line) throws IOException, InterruptedException {
        Case drawn = Case.parse(line);
        CrashPointDrill drill =
                new CrashPointDrill(CrashPointOptions.everything(drawn.first().seed()));
        try (Scratch scratch = new Scratch()) {
            World world = new World(scratch);
            CaseRunner runner = new CaseRunner(world);
            Recording recording;
            try {
                recording = Recording.of(drawn.shape(), drawn.model(), world);
            } catch (BrokenRecordingException e) {
                drill.noteOrThrow(e);
                return drill.tally.report(List.of(), runner.distinct());
            }
            Verdict verdict = runner.run(recording, drawn);
            drill.tally.add(drawn, verdict);
            if (!verdict.met()) {
                throw new IllegalArgumentException("the query makes no such call: " + line);
            }
            return drill.tally.report(List.of(), runner.distinct());
        }
    }

    private DrillReport run() throws IOException, InterruptedException {
        try (Scratch scratch = new Scratch()) {
            World world = new World(scratch);
            CaseRunner runner = new CaseRunner(world);
            List<CasePlan> plans =
                    all(recordings(world)).stream().flatMap(Optional::stream).toList();
            int cases = options.cases() == 0 ? CrashPointOptions.ALL_CASES : options.cases();
            int once = options.depth() == Depth.ONE ? cases : options.depth() == Depth.TWO ? 0 : cases * 5 / 7;
            List<Callable<Void>> work = new ArrayList<>(oncePlanned(plans, once, runner));
            work.addAll(twicePlanned(plans, cases - once, runner));
            Collections.shuffle(work, new Random(options.seed()));
            all(work);
            return tally.report(plans, runner.distinct());
        }
    }

    private List<Callable<Optional<CasePlan>>> recordings(World world) {
        List<Callable<Optional<CasePlan>>> work = new ArrayList<>();
        for (Shape shape : Shape.values()) {
            for (StorageModel model : StorageModel.values()) {
                boolean wanted = (options.shapes().isEmpty() || options.shapes().contains(shape.text()))
                        && (options.models().isEmpty() || options.models().contains(model));
                if (wanted) {
                    work.add(() -> {
                        try {
                            return Optional.of(new CasePlan(Recording.of(shape, model, world), options.seed()));
                        } catch (BrokenRecordingException e) {
                            noteOrThrow(e);
                            return Optional.empty();
                        }
                    });
                }
            }
        }
        return work;
    }

    private void noteOrThrow(BrokenRecordingException broken) {
        Case before = broken.before();
        if (before == null) {
            throw broken; // not even the first start works: there is nothing to drill
        }
        tally.add(broken, before);
    }

    /** Divides cases that are disturbed once into units of work. */
    private List<Callable<Void>> oncePlanned(List<CasePlan> plans, int count, CaseRunner runner) {
        List<Planned> chosen = new ArrayList<>();
        for (CasePlan plan : plans) {
            plan.coverage().forEach(drawn -> chosen.add(new Planned(plan.recording(), drawn)));
        }
        Random random = new Random(options.seed());
        Collections.shuffle(chosen, random);
        if (chosen.size() > count) {
            chosen.sort(Comparator.comparing(new Preference(random)::rank)); // stable: else as drawn
        }
        List<Planned> rest = new ArrayList<>();
        for (CasePlan plan : plans) {
            plan.rest().forEach(drawn -> rest.add(new Planned(plan.recording(), drawn)));
        }
        Collections.shuffle(rest, random);
        chosen.addAll(rest);
        int different = chosen.size();
        for (int again = different; different > 0 && again < count; again++) { // the same calls, with other seeds
            Planned planned = chosen.get(again - different);
            chosen.add(new Planned(planned.recording, planned.drawn.reseeded(random.nextLong(1_000_000))));
        }
        List<Callable<Void>> work = new ArrayList<>();
        int end = Math.min(count, chosen.size());
        for (int from = 0; from < end; from += UNIT) {
            List<Planned> unit = List.copyOf(chosen.subList(from, Math.min(end, from + UNIT)));
            work.add(() -> {
                for (Planned planned : unit) {
                    if (!tally.isOver()) {
                        tally.add(planned.drawn, runner.run(planned.recording, planned.drawn));
                    }
                }
                return null;
            });
        }
        return work;
    }

    private record Planned(Recording recording, Case drawn) {}

    /** What a sample begins with: each operation, then each of two queries on each storage, one of them with windows. */
    private static final class Preference {
        private final Set<Shape> shapes;
        private final Set<String> seen = new HashSet<>();
        private final Map<Case, Integer> known = new HashMap<>();

        Preference(Random random) {
            List<Shape> others = new ArrayList<>(List.of(Shape.values()));
            others.remove(Shape.WINDOWED);
            shapes = Set.of(Shape.WINDOWED, others.get(random.nextInt(others.size())));
        }

        int rank(Planned planned) {
            return known.computeIfAbsent(planned.drawn, drawn -> {
                String site = drawn.first().site();
                boolean first = drawn.first().moment().isPresent() && seen.add(site); // a fault may not be met
                boolean firstOfQuery =
                        shapes.contains(drawn.shape()) && seen.add(drawn.shape() + " " + drawn.model() + " " + site);
                return first ? 0 : firstOfQuery ? 1 : 2;
            });
        }
    }

    /** Makes a unit of work of each first crash; its recovery is disturbed as often as the count allows. */
    private List<Callable<Void>> twicePlanned(List<CasePlan> plans, int count, CaseRunner runner) {
        List<Planned> firsts = new ArrayList<>();
        for (CasePlan plan : plans) {
            plan.firstCrashes().forEach(drawn -> firsts.add(new Planned(plan.recording(), drawn)));
        }
        Collections.shuffle(firsts, new Random(options.seed()));
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 0; i < firsts.size(); i++) {
            int share = (int) ((long) count * (i + 1) / firsts.size() - (long) count * i / firsts.size());
            Planned first = firsts.get(i);
            if (share > 0) {
                work.add(() -> {
                    Random random = new Random(options.seed() ^ first.drawn.hashCode());
                    Recovery recovery = runner.recover(first.recording, first.drawn);
                    for (Point second : CasePlan.secondCrashes(recovery, share, random)) {
                        if (!tally.isOver()) {
                            tally.add(first.drawn.then(second), runner.disturb(recovery, second));
                        }
                    }
                    return null;
                });
            }
        }
        return work;
    }

    private <T> List<T> all(List<Callable<T>> work) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(options.threads());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(work)) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IOException("the drill itself failed: " + e.getCause(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    /** Returns the operations of queries with and without state on a local disk: what a drill crashes. */
    public static SortedSet<String> operations() throws IOException, InterruptedException {
        TreeSet<String> operations = new TreeSet<>();
        try (Scratch scratch = new Scratch()) {
            World world = new World(scratch);
            for (Shape shape : List.of(Shape.STATELESS, Shape.WINDOWED)) {
                for (Recording.RecordedLife life :
                        Recording.of(shape, StorageModel.KILL, world).lives()) {
                    life.sites().stream()
                            .filter(site -> site.contains(" checkpoint") || site.contains(" table"))
                            .forEach(operations::add); // folders above are synced too, and have other names elsewhere
                }
            }
        }
        return operations;
    }

    /** Returns the names of all shapes. */
    public static List<String> shapes() {
        return Stream.of(Shape.values()).map(Shape::text).toList();
    }
}
