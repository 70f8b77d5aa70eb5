package io.tidemark.ops.drill.retention;

import io.tidemark.ops.drill.report.DrillReport;
import io.tidemark.ops.drill.report.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sums up what the cells gave. */
final class RetentionReport {
    private RetentionReport() {}

    static DrillReport of(
            long seed, List<CellResult> results, SortedMap<String, String> impossible, long runs, double seconds) {
        List<Violation> violations = new ArrayList<>();
        SortedMap<String, int[]> byEvent = new TreeMap<>();
        long lost = 0;
        for (CellResult result : results) {
            int[] count = byEvent.computeIfAbsent(result.row(), row -> new int[2]);
            count[0]++;
            count[1] += result.isAsExpected() ? 1 : 0;
            lost += result.lost();
            if (!result.isAsExpected()) {
                violations.add(new Violation(
                        "source loss",
                        result.cell() + ": expected " + result.expected() + "; " + String.join("; ", result.wrong())
                                + " (runs: " + result.seen() + ")",
                        RetentionDrill.NAME + " --cell '" + result.cell() + "' --seed " + result.seed()));
            }
        }
        SortedMap<String, Object> details = new TreeMap<>();
        SortedMap<String, String> asExpected = new TreeMap<>();
        byEvent.forEach((event, count) -> asExpected.put(event, count[1] + " of " + count[0]));
        details.put("asExpected", asExpected);
        details.put("queryRuns", runs);
        details.put("rowsInLedgers", lost);
        details.put("impossibleCells", impossible.size());
        SortedMap<String, Integer> reasons = new TreeMap<>();
        impossible.forEach((cell, why) -> reasons.merge(
                cell.substring(0, cell.indexOf('/')) + " in " + cell.substring(cell.lastIndexOf('/') + 1) + ": " + why,
                1,
                Integer::sum));
        details.put("impossible", reasons);
        details.put(
                "slowest",
                results.stream()
                        .sorted((a, b) -> Double.compare(b.seconds(), a.seconds()))
                        .limit(3)
                        .map(r -> String.format(java.util.Locale.ROOT, "%s %.1f s", r.cell(), r.seconds()))
                        .toList());
        return new DrillReport(
                RetentionDrill.NAME, seed, results.size(), violations, byEvent.size(), List.of(), seconds, details);
    }
}
