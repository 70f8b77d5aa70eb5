package io.tidemark.ops.bench;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one run of one peer came to.
 *
 * @param round from 1
 * @param cpuByThread CPU microseconds by name of thread
 * @param failure why there are no figures
 */
record Outcome(
        Workload workload,
        String peer,
        int round,
        Map<Metric, Double> figures,
        Map<String, Long> cpuByThread,
        @Nullable String failure) {
    Optional<Double> figure(Metric metric) {
        return Optional.ofNullable(figures.get(metric));
    }
}
