package io.tidemark.ops.bench;

import java.io.IOException;
import java.util.Map;

/** Runs a peer once and says what was seen. */
interface Measurement {
    Seen take(Peer peer, Setting setting) throws IOException, InterruptedException;

    /** @param cpuByThread CPU microseconds by name of thread */
    record Seen(Map<Metric, Double> figures, Map<String, Long> cpuByThread) {}

    static Measurement of(Workload workload) {
        return switch (workload) {
            case W1, W2, W3, W6, W8, W9, W10 -> new Throughput();
            case W4 -> new Trickle();
            case W5 -> new Restart();
            case W7 -> new Idle();
        };
    }
}
