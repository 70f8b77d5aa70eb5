package io.tidemark.ops.bench.ceiling;

import io.tidemark.ops.bench.job.CommitLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/** Which rows are done, in a file that is replaced and synced at each commit. Safe for use by the threads of the job. */
final class Ledger {
    private final Path directory;
    private final long[] offsets;

    Ledger(Path directory, int partitions) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.offsets = new long[partitions];
    }

    /** Makes the offsets durable that one thread has come to, then tells of them. */
    synchronized void commit(long[] positions, int[] partitions) throws IOException {
        for (int partition : partitions) {
            offsets[partition] = positions[partition];
        }
        Path aside = directory.resolve("offsets.next");
        Files.writeString(aside, Arrays.toString(offsets));
        Durable.sync(aside);
        Files.move(aside, directory.resolve("offsets"), StandardCopyOption.ATOMIC_MOVE);
        Durable.sync(directory);
        CommitLine.print(offsets);
    }
}
