package io.tidemark.ops.bench.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Tells who measures that rows are committed: {@code @commit MICROS OFFSET…}. */
public final class CommitLine {
    private CommitLine() {}

    /** @param offsets by partition, the next one to read; or all rows as one number */
    public static void print(long... offsets) {
        StringBuilder line = new StringBuilder("@commit ");
        line.append(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        for (long offset : offsets) {
            line.append(' ').append(offset);
        }
        System.out.println(line);
        System.out.flush();
    }
}
