package io.tidemark.ops.drill.retention;

import io.tidemark.ops.drill.report.DrillReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** The matrix as the command plays it: with a line for each cell that is not as it should be, and a page. */
public final class RetentionMatrix {
    private static final int EACH = 25;

    private final RetentionDrill.Played played;

    private RetentionMatrix(RetentionDrill.Played played) {
        this.played = played;
    }

    /** Plays the cells whose text contains {@code cell}, and says on {@code out} how far it is. */
    public static RetentionMatrix play(long seed, String cell, int seedsPerCell, PrintStream out)
            throws IOException, InterruptedException {
        AtomicInteger done = new AtomicInteger();
        return new RetentionMatrix(RetentionDrill.run(seed, text -> text.contains(cell), seedsPerCell, result -> {
            int number = done.incrementAndGet();
            if (!result.isAsExpected() || number % EACH == 0 || !cell.isEmpty()) {
                out.printf(
                        Locale.ROOT,
                        "%4d  %-9s %s, seed %d: %s [%s] %.1f s%n",
                        number,
                        result.isAsExpected() ? "as it is" : "NOT AS",
                        result.cell(),
                        result.seed(),
                        result.expected(),
                        result.seen(),
                        result.seconds());
                result.wrong().forEach(wrong -> out.println("      " + wrong));
            }
        }));
    }

    public DrillReport report() {
        return played.report();
    }

    /** Writes the matrix as one HTML file that needs nothing else. */
    public void writePage(Path file) throws IOException {
        Files.write(file, MatrixPage.html(played).getBytes(StandardCharsets.UTF_8));
    }
}
