package io.tidemark.ops.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a run has committed so far. Written by one thread, read by others. */
final class Progress {
    private final List<Commit> commits = new ArrayList<>();

    /**
     * One durable step of a system.
     *
     * @param micros when it was durable, since 1970
     * @param offsets by partition, the next one to read; some systems tell all rows as one number
     */
    record Commit(long micros, long[] offsets) {
        long rows() {
            return Arrays.stream(offsets).sum();
        }
    }

    synchronized void add(Commit commit) {
        commits.add(commit);
        notifyAll();
    }

    synchronized List<Commit> commits() {
        return List.copyOf(commits);
    }

    /** Waits until a commit covers at least {@code rows}; returns it, or nothing if that takes longer than {@code limit}. */
    synchronized Optional<Commit> await(long rows, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            if (!commits.isEmpty() && commits.get(commits.size() - 1).rows() >= rows) {
                return Optional.of(first(rows));
            }
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return Optional.empty();
            }
            wait(left);
        }
    }

    private Commit first(long rows) {
        return commits.stream().filter(c -> c.rows() >= rows).findFirst().orElseThrow();
    }
}
