package io.tidemark.ops.drill.command;

import io.tidemark.ops.drill.retention.RetentionMatrix;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark drill retention}. */
@Command(
        name = "retention",
        description = "Rob a query of rows in every way Kafka knows, at every point of a batch: 300 cells of event,"
                + " failOnDataLoss, isolation level and phase, against a broker in this process.",
        mixinStandardHelpOptions = true)
final class RetentionCommand implements Callable<Integer> {
    private final PrintStream out;

    @Mixin
    private DrillOptions options = new DrillOptions();

    @Option(
            names = "--seeds-per-cell",
            paramLabel = "K",
            defaultValue = "1",
            description = "Play each cell with K seeds, from --seed on.")
    private int seedsPerCell = 1;

    @Option(
            names = "--cell",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Only cells that contain TEXT, for instance start-expired/true/read_committed/P4.")
    private String cell = "";

    @Option(names = "--page", paramLabel = "FILE", description = "Write the matrix there, as a page to look at.")
    private @Nullable Path page;

    RetentionCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        RetentionMatrix played = RetentionMatrix.play(options.seed(), cell, seedsPerCell, out);
        if (page != null) {
            played.writePage(page);
        }
        return options.finish(played.report(), out);
    }
}
