package io.tidemark.ops.drill.report;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The outcome of a drill.
 *
 * @param drill its name
 * @param seed what its draws came from; the same seed draws the same cases
 * @param cases how many situations were tried
 * @param violations empty if every promise held
 * @param operations how many different operations of the protocol were seen
 * @param neverCrashed those of them at which nothing was ever made to fail; empty if the drill is complete
 * @param seconds it took
 * @param details what this drill alone has to tell: name to a number, a text, or a list or map of them
 */
public record DrillReport(
        String drill,
        long seed,
        long cases,
        List<Violation> violations,
        int operations,
        List<String> neverCrashed,
        double seconds,
        SortedMap<String, Object> details) {
    public DrillReport {
        violations = List.copyOf(violations);
        neverCrashed = List.copyOf(neverCrashed);
        details = Collections.unmodifiableSortedMap(new TreeMap<>(details));
    }

    /** Returns whether every promise held. */
    public boolean isClean() {
        return violations.isEmpty();
    }
}
