package io.tidemark.api.regex;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A text that notices how long a regular expression looks at it, and ends a search that takes more time than it may, or
 * whose thread is to stop: a pattern that backtracks without end must not hang a task. Counted is the processor time of
 * the thread, which no pause of the process adds to, from the first {@value #LOOKS_BETWEEN_CHECKS} looks on; a search
 * with fewer never asks for the time. One thread, one search.
 */
public final class BoundedText implements CharSequence {
    /** The property that sets {@link #BUDGET}, in milliseconds. */
    public static final String BUDGET_PROPERTY = "tidemark.regex.budgetMillis";

    /** What one search may take, if nobody says otherwise; a text adds one millisecond for each 1,000 characters. */
    public static final Duration BUDGET = Duration.ofMillis(Long.getLong(BUDGET_PROPERTY, 100));

    private static final int LOOKS_BETWEEN_CHECKS = 1 << 14;
    /** Where the JVM does not tell the time of a thread: so many looks for each millisecond. */
    private static final long LOOKS_PER_MILLI = 200_000;

    private final String text;
    private final Duration budget;
    private long looks;
    private long startNanos = -1;

    public BoundedText(String text) {
        this(text, BUDGET.plusMillis(text.length() / 1_000));
    }

    public BoundedText(String text, Duration budget) {
        this.text = text;
        this.budget = budget;
    }

    /** What ends a search. */
    public static final class SearchEndedException extends RuntimeException {
        private final @Nullable Duration budget;

        private SearchEndedException(String message, @Nullable Duration budget) {
            super(message);
            this.budget = budget;
        }

        /** Returns the time that was used up, or null if the search ended because its thread is to stop. */
        public @Nullable Duration budget() {
            return budget;
        }
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if ((++looks & (LOOKS_BETWEEN_CHECKS - 1)) == 0) {
            check();
        }
        return text.charAt(index);
    }

    private void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new SearchEndedException("The search for a regular expression was interrupted.", null);
        }
        long now = Clock.nanos(looks);
        if (startNanos < 0) {
            startNanos = now;
        } else if (now - startNanos > budget.toNanos()) {
            throw new SearchEndedException(
                    "needs more than " + budget.toMillis() + " ms on a text of " + text.length() + " characters",
                    budget);
        }
    }

    /** Loaded by the first search that takes long enough. */
    private static final class Clock {
        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
        private static final boolean TELLS =
                THREADS.isCurrentThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();

        static long nanos(long looks) {
            return TELLS
                    ? THREADS.getCurrentThreadCpuTime()
                    : Duration.ofMillis(looks / LOOKS_PER_MILLI).toNanos();
        }
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
