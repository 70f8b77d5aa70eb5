package io.tidemark.ops.bench;

import io.tidemark.ops.bench.ProcessSampler.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Lets a peer read a small topic to its end, leaves it alone, and then looks at what it costs to have it there. */
final class Idle implements Measurement {
    private static final Duration SETTLING = Duration.ofSeconds(10);

    @Override
    public Seen take(Peer peer, Setting setting) throws IOException, InterruptedException {
        PeerRun run = peer.start(setting.job(true));
        long from;
        long to;
        try (run) {
            run.await(setting.topic().rows(), setting.options().limit());
            Thread.sleep(SETTLING.toMillis());
            from = Clock.micros();
            Thread.sleep(Duration.ofSeconds(setting.options().seconds()).toMillis());
            to = Clock.micros();
            run.await(setting.topic().rows(), Duration.ZERO); // it still lives
        }
        ProcessSampler sampler = run.sampler();
        List<Double> resident = sampler.samples().stream()
                .filter(s -> s.micros() >= from && s.micros() <= to)
                .map(Sample::residentBytes)
                .map(bytes -> bytes / 1e6)
                .toList();
        Map<Metric, Double> figures = new EnumMap<>(Metric.class);
        figures.put(Metric.CPU_SHARE, 100.0 * (sampler.cpuUntil(to) - sampler.cpuUntil(from)) / (to - from));
        if (!resident.isEmpty()) {
            figures.put(Metric.MEMORY, Statistics.Spread.of(resident).median());
        }
        return new Seen(figures, sampler.cpuByThread());
    }
}
