package io.tidemark.ops.drill.kill;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How long it took from the start of a process to its first new commit, in milliseconds. */
final class Recoveries {
    private static final int[] BOUNDS = {250, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, Integer.MAX_VALUE};
    private static final int BAR = 40;

    private final List<Long> millis = new ArrayList<>();

    void add(long one) {
        millis.add(one);
    }

    int count() {
        return millis.size();
    }

    /** Returns the time that {@code share} of all did not exceed, 0 if there is none. */
    long percentile(double share) {
        if (millis.isEmpty()) {
            return 0;
        }
        List<Long> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    SortedMap<String, Long> summary() {
        return new TreeMap<>(
                Map.of("count", (long) count(), "p50", percentile(0.5), "p99", percentile(0.99), "max", percentile(1)));
    }

    /** Returns how many took up to which time, in order. */
    Map<String, Integer> histogram() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        int from = 0;
        for (int until : BOUNDS) {
            int low = from;
            String name = until == Integer.MAX_VALUE ? "over " + low + " ms" : "to " + until + " ms";
            counts.put(name, (int)
                    millis.stream().filter(m -> m > low && m <= until).count());
            from = until;
        }
        return counts;
    }

    /** Returns the histogram as text, a line for each step. */
    List<String> bars() {
        int most = histogram().values().stream().max(Integer::compare).orElse(0);
        List<String> lines = new ArrayList<>();
        histogram()
                .forEach((name, count) -> lines.add(String.format(
                        "%14s %5d %s", name, count, "#".repeat(most == 0 ? 0 : (count * BAR + most - 1) / most))));
        return lines;
    }
}
