package io.tidemark.ops.fuzz;

import com.sun.management.ThreadMXBean;
import io.tidemark.api.error.TidemarkException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One reading of some bytes, held to what every reader owes: a meaning, or an error with a number and one line of text;
 * in little memory and little time.
 *
 * @param meaning null if the bytes were refused
 * @param refusal null if they were read
 */
record Trial(@Nullable String meaning, @Nullable TidemarkException refusal, long allocatedBytes, Duration cpu) {
    /** What a reader may allocate, for content of up to 4 KiB. */
    static final long MOST_BYTES = 64L << 20;

    static final Duration LONGEST = Duration.ofSeconds(1);

    private static final int LONGEST_MESSAGE = 4096;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /**
     * Reads {@code content}.
     *
     * @throws AssertionError if the reader fails in any other way than with a typed error, or takes too much
     */
    static Trial of(Format format, byte[] content) {
        Trial trial = measure(format, content);
        if (!trial.isCheap()) {
            trial = measure(format, content); // the first time may have loaded and compiled classes
        }
        if (!trial.isCheap()) {
            throw new AssertionError(format + ": the reader allocated " + (trial.allocatedBytes >> 20)
                    + " MiB and took " + trial.cpu.toMillis() + " ms");
        }
        return trial;
    }

    private boolean isCheap() {
        return allocatedBytes <= MOST_BYTES && cpu.compareTo(LONGEST) <= 0;
    }

    private static Trial measure(Format format, byte[] content) {
        byte[] copy = content.clone();
        long thread = Thread.currentThread().getId();
        long bytesBefore = THREADS.getThreadAllocatedBytes(thread);
        long cpuBefore = THREADS.getCurrentThreadCpuTime();
        String meaning = null;
        TidemarkException refusal = null;
        try {
            meaning = format.reader().read(copy);
        } catch (TidemarkException e) {
            refusal = e;
        } catch (Throwable e) { // errors too: a stack that overflows, memory that is gone
            throw new AssertionError(format + ": an error without a number: " + trace(e), e);
        }
        Duration cpu = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - cpuBefore);
        if (refusal != null) {
            checkMessage(format.name(), refusal);
        }
        return new Trial(meaning, refusal, THREADS.getThreadAllocatedBytes(thread) - bytesBefore, cpu);
    }

    /** Holds an error to being one line of text that is long enough to say what to do, and no page. */
    static void checkMessage(String what, TidemarkException refusal) {
        String message = String.valueOf(refusal.getMessage());
        if (message.length() < 20 || message.length() > LONGEST_MESSAGE) {
            throw new AssertionError(what + ": an error of " + message.length() + " characters: " + message);
        }
        if (message.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new AssertionError(what + ": an error that is not one line of text: " + message);
        }
    }

    private static String trace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString().lines().limit(12).reduce("", (a, b) -> a + "\n" + b);
    }
}
