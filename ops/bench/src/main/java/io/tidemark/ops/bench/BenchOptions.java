package io.tidemark.ops.bench;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a command asked for.
 *
 * @param rows of the big topics; records of a hundred columns are a tenth of that
 * @param users that the rows are spread over, at most half as many as rows
 * @param repeat rounds; in each, every peer runs once
 * @param batches of {@code w10}
 * @param seconds that {@code w4} and {@code w7} are looked at
 * @param rate rows a second of {@code w4}
 * @param limit for one run
 * @param directory for data; taken away at the end unless {@code keep}
 */
record BenchOptions(
        long rows,
        long users,
        int repeat,
        int batches,
        int seconds,
        int rate,
        long seed,
        String compression,
        Duration limit,
        @Nullable Path directory,
        boolean keep) {}
