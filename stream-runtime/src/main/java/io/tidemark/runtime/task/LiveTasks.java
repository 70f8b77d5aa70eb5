package io.tidemark.runtime.task;

/** Counts the attempts of one stage that are running. */
final class LiveTasks {
    private int count;
    private boolean closed;

    /** Returns whether an attempt may begin; each that does must {@link #leave}. */
    synchronized boolean enter() {
        if (closed) {
            return false;
        }
        count++;
        return true;
    }

    synchronized void leave() {
        count--;
        notifyAll();
    }

    /** Lets no attempt begin any more. */
    synchronized void close() {
        closed = true;
    }

    /** Waits until no attempt runs; an interruption is kept for later. */
    synchronized void await() {
        boolean interrupted = false;
        while (count > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
