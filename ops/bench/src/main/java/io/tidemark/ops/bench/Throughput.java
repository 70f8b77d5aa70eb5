package io.tidemark.ops.bench;

import io.tidemark.ops.bench.Progress.Commit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lets a peer read the whole topic. Rows a second are those between the first commit with at least a fifth of the rows and
 * the commit with the last one, over the time between the two, the same for all: the JVM's start and its first steps do not
 * count. Where one commit has more than four fifths, there is no such rate. From the start of the process, all rows count.
 */
final class Throughput implements Measurement {
    private static final double WARM = 0.2;
    private static final double MEGABYTE = 1_000_000;
    private static final String HOUSEKEEPING = "bench-housekeep"; // as Linux cuts the name
    private static final int SETTLED = 50;
    private static final int WINDOW = 100;

    @Override
    public Seen take(Peer peer, Setting setting) throws IOException, InterruptedException {
        boolean small = setting.workload() == Workload.W6;
        PeerRun run = peer.start(setting.job(false));
        try (run) {
            run.await(setting.topic().rows(), setting.options().limit());
        }
        checkRows(peer, setting);
        Map<Metric, Double> figures = new EnumMap<>(Metric.class);
        List<Commit> commits = run.progress().commits();
        Commit first = firstWith(commits, 1);
        figures.put(Metric.FIRST_COMMIT, (first.micros() - run.startMicros()) / 1_000.0);
        figures.put(Metric.PEAK_MEMORY, run.sampler().peakBytes() / MEGABYTE);
        if (!small) {
            rates(figures, run, commits, setting.topic().rows());
            intervals(figures, commits);
        }
        if (setting.workload() == Workload.W10) {
            figures.putAll(flatness(commits));
            housekeeping(figures, run.sampler());
        }
        if (peer.leavesCheckpoint() && setting.workload() == Workload.W3) {
            figures.put(Metric.CHANGELOG_BYTES, changelogBytes(setting.job(false)) / MEGABYTE);
        }
        return new Seen(figures, run.sampler().cpuByThread());
    }

    private static long changelogBytes(Job job) throws IOException {
        try (Stream<Path> files = Files.walk(job.checkpoint().resolve("state"))) {
            return files.filter(file -> file.toString().endsWith(".changelog"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    /** A rate of rows that are not there is none. */
    private static void checkRows(Peer peer, Setting setting) throws IOException {
        Query query = setting.workload().query();
        if (peer.leavesCheckpoint() && (query == Query.PASS_THROUGH || query == Query.WIDE)) {
            long rows = TableFollower.rows(setting.job(false).table());
            if (rows != setting.keptRows()) {
                throw new BenchException(peer.name() + " left " + rows + " rows in its table where "
                        + setting.keptRows() + " belong there.");
            }
        }
    }

    private static void rates(Map<Metric, Double> figures, PeerRun run, List<Commit> commits, long rows) {
        Commit last = firstWith(commits, rows);
        figures.put(Metric.ROWS_PER_SECOND_FROM_START, rows * 1e6 / (last.micros() - run.startMicros()));
        warm(commits, rows).ifPresent(warm -> {
            long more = last.rows() - warm.rows();
            figures.put(Metric.ROWS_PER_SECOND, more * 1e6 / (last.micros() - warm.micros()));
            long cpu = run.sampler().cpuUntil(last.micros()) - run.sampler().cpuUntil(warm.micros());
            figures.put(Metric.CPU_PER_ROW, (double) cpu / more);
        });
    }

    /** Returns the commit from which on the rate counts, or nothing if too little comes after it. */
    static Optional<Commit> warm(List<Commit> commits, long rows) {
        Commit warm = firstWith(commits, (long) Math.ceil(WARM * rows));
        return rows - warm.rows() >= WARM * rows ? Optional.of(warm) : Optional.empty();
    }

    private static void intervals(Map<Metric, Double> figures, List<Commit> commits) {
        double[] millis = millisBetween(commits);
        if (millis.length > 0) {
            figures.put(Metric.COMMIT_P50, Statistics.percentile(millis, 0.5));
            figures.put(Metric.COMMIT_P99, Statistics.percentile(millis, 0.99));
        }
    }

    /** What a batch costs late in the life of a checkpoint, against early; nothing where there are too few. */
    static Map<Metric, Double> flatness(List<Commit> commits) {
        double[] millis = millisBetween(commits);
        Map<Metric, Double> figures = new EnumMap<>(Metric.class);
        if (millis.length < SETTLED + 2 * WINDOW) {
            return figures;
        }
        double[] early = Arrays.copyOfRange(millis, SETTLED, SETTLED + WINDOW);
        double[] late = Arrays.copyOfRange(millis, millis.length - WINDOW, millis.length);
        double earlyP50 = Statistics.percentile(early, 0.5);
        double earlyP99 = Statistics.percentile(early, 0.99);
        double lateP50 = Statistics.percentile(late, 0.5);
        double lateP99 = Statistics.percentile(late, 0.99);
        figures.put(Metric.EARLY_P50, earlyP50);
        figures.put(Metric.EARLY_P99, earlyP99);
        figures.put(Metric.LATE_P50, lateP50);
        figures.put(Metric.LATE_P99, lateP99);
        figures.put(Metric.LATE_TO_EARLY_P50, lateP50 / earlyP50);
        figures.put(Metric.LATE_TO_EARLY_P99, lateP99 / earlyP99);
        return figures;
    }

    /** What Tidemark does behind the batches: the table's checkpoints, snapshots of state, old files. */
    private static void housekeeping(Map<Metric, Double> figures, ProcessSampler sampler) {
        Long micros = sampler.cpuByThread().get(HOUSEKEEPING);
        if (micros != null) {
            figures.put(Metric.HOUSEKEEPING_CPU, micros / 1_000.0);
        }
    }

    private static double[] millisBetween(List<Commit> commits) {
        double[] millis = new double[Math.max(0, commits.size() - 1)];
        for (int i = 0; i < millis.length; i++) {
            millis[i] = (commits.get(i + 1).micros() - commits.get(i).micros()) / 1_000.0;
        }
        return millis;
    }

    private static Commit firstWith(List<Commit> commits, long rows) {
        return commits.stream().filter(c -> c.rows() >= rows).findFirst().orElseThrow();
    }
}
