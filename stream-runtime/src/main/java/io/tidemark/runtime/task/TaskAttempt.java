package io.tidemark.runtime.task;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One attempt at a task. Several may run at the same time; the one that claims the task first is the only one that may make
 * anything durable, until it fails.
 */
public final class TaskAttempt {
    private static final int NOBODY = -1;

    private final int number;
    private final AtomicInteger claimant;

    private TaskAttempt(int number, AtomicInteger claimant) {
        this.number = number;
        this.claimant = claimant;
    }

    /** Returns an attempt that nobody competes with. */
    public static TaskAttempt alone(int number) {
        return new TaskAttempt(number, new AtomicInteger(NOBODY));
    }

    /** Returns this attempt's number: from 0, different for each attempt of a task. */
    public int number() {
        return number;
    }

    /**
     * Makes this the attempt whose results count. Called when everything is computed, before anything is made durable.
     *
     * @throws Overtaken if another attempt has claimed the task
     */
    public void claim() throws Overtaken {
        if (!claimant.compareAndSet(NOBODY, number) && claimant.get() != number) {
            throw new Overtaken(number);
        }
    }

    /** Lets another attempt have the task, after this one failed. */
    void release() {
        claimant.compareAndSet(number, NOBODY);
    }

    /** Another attempt of the same task was faster; this one has nothing more to do. */
    public static final class Overtaken extends Exception {
        Overtaken(int number) {
            super("attempt " + number + " was overtaken by another attempt of the same task");
        }
    }

    /** Hands out the attempts of one task. Safe for use by many threads. */
    static final class Series {
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger claimant = new AtomicInteger(NOBODY);

        TaskAttempt begin() {
            return new TaskAttempt(next.getAndIncrement(), claimant);
        }
    }
}
