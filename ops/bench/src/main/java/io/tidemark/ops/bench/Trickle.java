package io.tidemark.ops.bench;

import io.tidemark.ops.bench.Progress.Commit;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Sends rows at a steady pace to a query that takes them as fast as it can. A row's latency goes from its timestamp to the
 * moment its table has it; systems without a table of their own: to their commit. The first seconds do not count.
 */
final class Trickle implements Measurement {
    private static final Duration WARM_UP = Duration.ofSeconds(15);

    @Override
    public Seen take(Peer peer, Setting setting) throws IOException, InterruptedException {
        BenchOptions options = setting.options();
        PeerRun run = peer.startAndFollowTable(setting.job(true));
        TrickleProducer producer = new TrickleProducer(setting);
        long from;
        long to;
        try (run;
                producer) {
            producer.send(setting.topic().partitions()); // one each, so that all is there when the pace begins
            run.await(producer.sent(), options.limit());
            producer.start(options.rate());
            Thread.sleep(WARM_UP.toMillis());
            from = Clock.micros();
            Thread.sleep(Duration.ofSeconds(options.seconds()).toMillis());
            to = Clock.micros();
            producer.stop();
            run.await(producer.sent(), options.limit());
        }
        double[] millis = latencies(run.progress().commits(), producer, from, to);
        Map<Metric, Double> figures = new EnumMap<>(Metric.class);
        figures.put(Metric.LATENCY_P50, Statistics.percentile(millis, 0.5));
        figures.put(Metric.LATENCY_P99, Statistics.percentile(millis, 0.99));
        figures.put(Metric.LATENCY_MAX, Statistics.percentile(millis, 1));
        ProcessSampler sampler = run.sampler();
        figures.put(Metric.CPU_SHARE, 100.0 * (sampler.cpuUntil(to) - sampler.cpuUntil(from)) / (to - from));
        figures.put(Metric.PEAK_MEMORY, sampler.peakBytes() / 1e6);
        return new Seen(figures, sampler.cpuByThread());
    }

    /** Of the rows that were sent between two moments. */
    private static double[] latencies(List<Commit> commits, TrickleProducer producer, long from, long to) {
        DoubleStream.Builder millis = DoubleStream.builder();
        long[] done = new long[commits.get(0).offsets().length];
        for (Commit commit : commits) {
            for (int partition = 0; partition < done.length; partition++) {
                for (long offset = done[partition]; offset < commit.offsets()[partition]; offset++) {
                    long sent = producer.sentMicros(partition, offset);
                    if (sent >= from && sent < to) {
                        millis.add((commit.micros() - sent) / 1_000.0);
                    }
                }
                done[partition] = commit.offsets()[partition];
            }
        }
        return millis.build().toArray();
    }
}
