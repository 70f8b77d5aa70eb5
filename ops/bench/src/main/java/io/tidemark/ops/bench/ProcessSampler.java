package io.tidemark.ops.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Looks at a process through {@code /proc} twenty times a second: its CPU time, that of the children it has waited for
 * included, and its resident memory; and once a second at the CPU time of its threads. Without {@code /proc} it sees
 * nothing.
 */
final class ProcessSampler implements AutoCloseable {
    private static final long PERIOD_MILLIS = 50;
    private static final int THREADS_EVERY = 20;
    private static final long MICROS_A_TICK = 10_000; // Linux tells CPU time in hundredths of a second

    private final Path proc;
    private final Thread thread;
    private final List<Sample> samples = new ArrayList<>();
    private final Map<String, ThreadTime> threads = new TreeMap<>();
    private long peakBytes;

    /**
     * One look.
     *
     * @param micros when, since 1970
     * @param cpuMicros CPU time since the start of the process
     */
    record Sample(long micros, long cpuMicros, long residentBytes) {}

    private record ThreadTime(String name, long cpuMicros) {}

    ProcessSampler(long pid) {
        this(Path.of("/proc", Long.toString(pid)));
    }

    private ProcessSampler(Path proc) {
        this.proc = proc;
        thread = new Thread(this::run, "sampler");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            for (int look = 1; look() && !Thread.currentThread().isInterrupted(); look++) {
                if (look % THREADS_EVERY == 0) {
                    lookAtThreads();
                }
                Thread.sleep(PERIOD_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean look() {
        try {
            long cpu = cpuMicros(proc.resolve("stat"), 4);
            long peak = 0;
            long resident = 0;
            for (String line : Files.readAllLines(proc.resolve("status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("VmHWM:")) {
                    peak = kilobytes(line);
                } else if (line.startsWith("VmRSS:")) {
                    resident = kilobytes(line);
                }
            }
            record(new Sample(Clock.micros(), cpu, resident), peak);
            return true;
        } catch (IOException | RuntimeException e) {
            return false; // the process is gone
        }
    }

    private static long kilobytes(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
    }

    /** @param figures how many to add up: 2 for the process alone, 4 with the children it has waited for */
    private static long cpuMicros(Path stat, int figures) throws IOException {
        String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        long ticks = 0;
        for (int i = 0; i < figures; i++) {
            ticks += Long.parseLong(fields[11 + i]);
        }
        return ticks * MICROS_A_TICK;
    }

    private void lookAtThreads() {
        try (Stream<Path> tasks = Files.list(proc.resolve("task"))) {
            for (Path task : tasks.toList()) {
                String name = Files.readString(task.resolve("comm"), StandardCharsets.ISO_8859_1)
                        .strip();
                record(task.getFileName().toString(), new ThreadTime(name, cpuMicros(task.resolve("stat"), 2)));
            }
        } catch (IOException | RuntimeException e) {
            // a thread that ended, or the process did
        }
    }

    private synchronized void record(Sample sample, long peak) {
        samples.add(sample);
        peakBytes = Math.max(peakBytes, peak);
    }

    private synchronized void record(String id, ThreadTime time) {
        threads.put(id, time);
    }

    synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** The most memory that was resident at a time, 0 if unknown. */
    synchronized long peakBytes() {
        return peakBytes;
    }

    /** CPU time in microseconds by thread name, without numbers at its end; names have at most 15 letters. */
    synchronized Map<String, Long> cpuByThread() {
        Map<String, Long> sums = new TreeMap<>();
        threads.values().forEach(t -> sums.merge(t.name().replaceAll("[-#0-9/ ]+$", ""), t.cpuMicros(), Long::sum));
        return sums;
    }

    /** CPU time that was used from the start until {@code micros}, by the last look before it. */
    synchronized long cpuUntil(long micros) {
        long cpu = 0;
        for (Sample sample : samples) {
            if (sample.micros() > micros) {
                break;
            }
            cpu = sample.cpuMicros();
        }
        return cpu;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
