package io.tidemark.ops.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The end of this process, which nothing that hangs may hold up: not a query, not what a library wants done at the end.
 * Halting is always safe: a checkpoint is left as by a crash.
 */
final class ProcessEnd {
    /** From the first signal to the end of the process. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Duration LAST_MOMENT = Duration.ofSeconds(2);
    private static final Duration TO_SAY_SO = Duration.ofMillis(500);

    private ProcessEnd() {}

    /** The process is about to exit: it ends within a moment, whatever is registered to be done at the end. */
    static void soon(int exitCode) {
        haltAfter(LAST_MOMENT, exitCode, "");
    }

    /** Ends the process {@link #LIMIT} from now, and says so, if it has not ended by then. */
    static void limit(int exitCode) {
        haltAfter(
                LIMIT,
                exitCode,
                "tidemark: The process did not end within " + LIMIT.toSeconds()
                        + " s of being told to: something that it called hangs. It ends as in a crash; the next start goes"
                        + " on from the checkpoint.");
    }

    private static void haltAfter(Duration limit, int exitCode, String line) {
        CountDownLatch never = new CountDownLatch(1);
        daemon("end", () -> {
            await(never, limit);
            if (!line.isEmpty()) {
                CountDownLatch said = new CountDownLatch(1);
                daemon(
                        "last-words",
                        () -> { // nobody may be reading
                            System.err.println(line);
                            System.err.flush();
                            said.countDown();
                        });
                await(said, TO_SAY_SO);
            }
            Runtime.getRuntime().halt(exitCode);
        });
    }

    private static void await(CountDownLatch latch, Duration limit) {
        try {
            latch.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does; then the end is now
        }
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
