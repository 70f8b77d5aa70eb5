package io.tidemark.ops.cli;

import io.tidemark.checkpoint.format.SealedPlan.SinkRecord;
import io.tidemark.checkpoint.storage.StorageProviders;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the table of a checkpoint is, if the checkpoint does not say it, or if it was moved. */
final class TableOption {
    @Option(
            names = "--table",
            paramLabel = "PATH",
            description = "The query's Delta table, if the checkpoint does not say where it is.")
    private @Nullable String path;

    /** Returns the table that was named, or null. */
    @Nullable
    SinkRecord record() {
        return path == null
                ? null
                : new SinkRecord(
                        "delta",
                        new StorageProviders().open(path, new TreeMap<>()).qualify(path));
    }

    /** Returns the option as it was written, with a blank before it. */
    String text() {
        return path == null ? "" : " --table " + path;
    }
}
