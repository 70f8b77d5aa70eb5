package io.tidemark.ops.drill.fence;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What every storage operation of a driver passes through. At one chosen point it shuts: then the driver stands as still as
 * a stopped process, whatever its threads are at, until it is opened again. Or the driver dies there: nothing that it does
 * later reaches storage. Safe for use by many threads.
 */
final class Gate {
    /**
     * One operation of a run.
     *
     * @param name what is done to which file, without what differs from run to run
     * @param nth which one of this name, from 1
     */
    record Operation(String name, int nth) {
        @Override
        public String toString() {
            return nth == 1 ? name : name + " (" + nth + ")";
        }
    }

    /** Where a run is held up: in front of an operation, or behind it. */
    record Point(Operation operation, boolean before) {
        @Override
        public String toString() {
            return (before ? "before " : "after ") + operation;
        }
    }

    /** What happens to the driver at the point. */
    enum Fate {
        STOPS,
        DIES
    }

    private final UnaryOperator<String> names;
    private final @Nullable Point point;
    private final Fate fate;
    private final Map<String, Integer> counts = new HashMap<>(); // guarded by this, as all that follows
    private final List<Operation> seen = new ArrayList<>();
    private boolean reached;
    private boolean shut;
    private boolean dead;

    /** @param names what to call a path */
    Gate(UnaryOperator<String> names, @Nullable Point point, Fate fate) {
        this.names = names;
        this.point = point;
        this.fate = fate;
    }

    /** Passes as soon as the gate is open. */
    synchronized void pass() throws IOException {
        try {
            while (shut) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while it stood still");
        }
        if (dead) {
            throw new IOException("the drill has ended this driver");
        }
    }

    /** Passes in front of an operation. */
    synchronized Operation enter(String operation, String path) throws IOException {
        pass();
        String name = operation + " " + names.apply(path);
        Operation now = new Operation(name, counts.merge(name, 1, Integer::sum));
        seen.add(now);
        meet(now, true);
        return now;
    }

    /** Passes behind an operation. */
    synchronized void leave(Operation now) throws IOException {
        meet(now, false);
        pass();
    }

    private void meet(Operation now, boolean before) throws IOException {
        if (!reached
                && point != null
                && point.before() == before
                && point.operation().equals(now)) {
            reached = true;
            shut = fate == Fate.STOPS;
            dead = fate == Fate.DIES;
            notifyAll();
            pass();
        }
    }

    /** Returns whether the point was met. */
    synchronized boolean isReached() {
        return reached;
    }

    /** Lets the driver go on. */
    synchronized void open() {
        shut = false;
        notifyAll();
    }

    /** Returns the operations so far, in order. */
    synchronized List<Operation> seen() {
        return List.copyOf(seen);
    }

    /** Waits until the point is met or the time is over. Returns whether it is met. */
    synchronized boolean awaitReached(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        long left = patience.toMillis();
        while (!reached && left > 0) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
        return reached;
    }
}
