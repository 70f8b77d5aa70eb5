package io.tidemark.ops.drill.crash;

import io.tidemark.ops.drill.crash.CaseRunner.Verdict;
import io.tidemark.ops.drill.crash.Recording.BrokenRecordingException;
import io.tidemark.ops.drill.crash.Recording.RecordedLife;
import io.tidemark.ops.drill.report.DrillReport;
import io.tidemark.ops.drill.report.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts what a drill did and found. Safe for use by many threads. */
final class Tally {
    private static final int SHOWN_AT_ONCE = 20; // the report has them all
    private static final long SAY_NANOS = 10_000_000_000L;

    private final CrashPointOptions options;
    private final long started = System.nanoTime();
    private final List<Violation> violations = new ArrayList<>();
    private final SortedMap<String, Integer> byModel = new TreeMap<>();
    private final SortedMap<String, Integer> byShape = new TreeMap<>();
    private final SortedMap<String, Integer> byVariant = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, Integer>> matrix = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, Integer>> violated = new TreeMap<>();
    private final SortedSet<String> met = new TreeSet<>();
    private final SortedSet<String> operations = new TreeSet<>();
    private final List<String> stacks = new ArrayList<>();
    private long cases;
    private long twice;
    private long ran;
    private long notMet;
    private long slowest;
    private String slowestLine = "";
    private long said = started;

    Tally(CrashPointOptions options) {
        this.options = options;
    }

    /** Takes in what came of a case. */
    synchronized void add(Case drawn, Verdict verdict) {
        if (!verdict.met()) {
            notMet++;
            return;
        }
        cases++;
        ran += verdict.ran() ? 1 : 0;
        String shape = drawn.shape().text();
        String model = drawn.model().text();
        byShape.merge(shape, 1, Integer::sum);
        byModel.merge(model, 1, Integer::sum);
        matrix.computeIfAbsent(shape, s -> new TreeMap<>()).merge(model, 1, Integer::sum);
        operations.add(drawn.first().site());
        Point second = drawn.second();
        if (second == null) {
            byVariant.merge(drawn.first().variant(), 1, Integer::sum);
            met.add(key(shape, model, drawn.first().site()));
        } else {
            twice++;
            operations.add(second.site());
        }
        if (verdict.millis() > slowest) {
            slowest = verdict.millis();
            slowestLine = drawn.line();
        }
        for (Finding finding : verdict.findings()) {
            violations.add(new Violation(
                    finding.promise(), finding.what(), CrashPointDrill.NAME + " --replay \"" + drawn.line() + "\""));
            if (violations.size() <= SHOWN_AT_ONCE) {
                options.progress()
                        .accept("VIOLATION " + finding.promise() + ": " + finding.what() + "  " + drawn.line());
            }
            violated.computeIfAbsent(shape, s -> new TreeMap<>()).merge(model, 1, Integer::sum);
        }
        if (verdict.stacks() != null && stacks.isEmpty()) {
            stacks.add(drawn.line() + "\n" + verdict.stacks());
        }
        say();
    }

    /** Takes in that not even an undisturbed query goes on where it was stopped. */
    synchronized void add(BrokenRecordingException broken, Case before) {
        cases++;
        violations.add(new Violation(
                "I8",
                String.valueOf(broken.getMessage()),
                CrashPointDrill.NAME + " --replay \"" + before.line() + "\""));
    }

    private static String key(String shape, String model, String site) {
        return shape + " on " + model + ": " + site;
    }

    private void say() {
        long now = System.nanoTime();
        if (now - said > SAY_NANOS) {
            said = now;
            options.progress()
                    .accept(String.format(
                            Locale.ROOT,
                            "%,d cases in %d s, %,d of them run, %d violations",
                            cases,
                            (now - started) / 1_000_000_000L,
                            ran,
                            violations.size()));
        }
    }

    /** Returns whether nothing more need be run. */
    synchronized boolean isOver() {
        return options.stopAtFirst() && !violations.isEmpty();
    }

    /**
     * Sums up.
     *
     * @param plans of all that could have been disturbed
     * @param distinct how many different images were run
     */
    synchronized DrillReport report(List<CasePlan> plans, int distinct) {
        TreeMap<String, Object> details = new TreeMap<>();
        details.put("casesByModel", byModel);
        details.put("casesByShape", byShape);
        details.put("casesByVariant", byVariant);
        details.put("casesByShapeAndModel", matrix);
        details.put("violationsByShapeAndModel", violated);
        details.put("casesDisturbedTwice", twice);
        details.put("casesRun", ran);
        details.put("distinctImages", distinct);
        details.put("slowestCaseMillis", slowest);
        details.put("slowestCase", slowestLine);
        details.put("disturbancesNotMet", notMet);
        if (!stacks.isEmpty()) {
            details.put("stacksOfFirstHang", stacks.get(0));
        }
        TreeSet<String> all = new TreeSet<>(operations);
        TreeSet<String> never = new TreeSet<>();
        long once = plans.stream().mapToLong(p -> p.coverage().size()).sum();
        boolean complete = once <= cases - twice;
        details.put("operationsTimesVariantsTimesModelsTimesShapes", once);
        details.put("complete", complete);
        TreeSet<String> sites = new TreeSet<>();
        for (CasePlan plan : plans) {
            Recording recording = plan.recording();
            for (RecordedLife life : recording.lives()) {
                sites.addAll(life.sites());
                for (String site : life.sites()) {
                    String key = key(recording.shape().text(), recording.model().text(), site);
                    if (complete && !met.contains(key)) {
                        never.add(key);
                    }
                }
            }
        }
        if (!complete) { // a sample: each operation somewhere
            sites.stream()
                    .filter(site -> met.stream().noneMatch(m -> m.endsWith(": " + site)))
                    .forEach(never::add);
        }
        all.addAll(sites);
        violations.sort(Comparator.comparing(Violation::promise)
                .thenComparing(v -> v.what().replaceAll("[0-9a-f-]{36}", ""))
                .thenComparing(Violation::replay));
        return new DrillReport(
                CrashPointDrill.NAME,
                options.seed(),
                cases,
                violations,
                all.size(),
                options.depth() == CrashPointOptions.Depth.TWO || isOver() ? List.of() : List.copyOf(never),
                (System.nanoTime() - started) / 1e9,
                details);
    }
}
