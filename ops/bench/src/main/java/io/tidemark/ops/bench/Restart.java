package io.tidemark.ops.bench;

import io.tidemark.ops.bench.Progress.Commit;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** Kills a peer with state when three fifths of the rows are committed, starts it again, and waits for its next commit. */
final class Restart implements Measurement {
    private static final double KILLED_AT = 0.6;

    @Override
    public Seen take(Peer peer, Setting setting) throws IOException, InterruptedException {
        Job job = setting.job(false);
        try (PeerRun run = peer.start(job)) {
            run.await(
                    (long) (KILLED_AT * setting.topic().rows()),
                    setting.options().limit());
            run.kill();
        }
        Map<Metric, Double> figures = new EnumMap<>(Metric.class);
        try (PeerRun run = peer.start(job)) {
            Commit next = run.await(1, setting.options().limit());
            figures.put(Metric.RESTART, (next.micros() - run.startMicros()) / 1_000.0);
            figures.put(Metric.PEAK_MEMORY, run.sampler().peakBytes() / 1e6);
            run.kill();
            return new Seen(figures, run.sampler().cpuByThread());
        }
    }
}
