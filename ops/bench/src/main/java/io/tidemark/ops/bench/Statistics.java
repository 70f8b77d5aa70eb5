package io.tidemark.ops.bench;

import java.util.Arrays;
import java.util.Collection;

/** Median, extremes and percentiles of what was measured. */
final class Statistics {
    private Statistics() {}

    /** The middle of some values and how far they go. */
    record Spread(double median, double min, double max) {
        static Spread of(Collection<Double> values) {
            double[] sorted =
                    values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            int middle = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            return new Spread(median, sorted[0], sorted[sorted.length - 1]);
        }
    }

    /** Returns the smallest value that at least {@code share} of the values do not exceed. */
    static double percentile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
