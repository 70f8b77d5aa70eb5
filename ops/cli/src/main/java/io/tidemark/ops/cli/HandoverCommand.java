package io.tidemark.ops.cli;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.storage.StorageProviders;
import io.tidemark.ops.cli.handover.HandoverCheck;
import io.tidemark.ops.cli.handover.HandoverReport;
import java.io.IOException;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark handover}. */
@Command(
        name = "handover",
        description = "Say whether Spark can take a checkpoint over now; exit code 1 if something stands in the way.",
        mixinStandardHelpOptions = true)
final class HandoverCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIR", description = "A checkpointLocation.")
    private String directory = "";

    private boolean asked;

    @Option(
            names = "--check",
            required = true,
            description = "Look, and change nothing. Spark itself is started by spark-submit.")
    void check(boolean asked) {
        this.asked = asked;
    }

    HandoverCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (!asked) { // --check=false
            throw new ParameterException(spec.commandLine(), "Missing: --check, the only thing this command does");
        }
        HandoverReport report;
        try {
            report = HandoverCheck.check(new StorageProviders().open(directory, new TreeMap<>()), directory);
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_FAILED, "Cannot look into '" + directory + "': " + e + ". Try again.", e);
        }
        report.obstacles().forEach(o -> terminal.out().println("in the way   " + o));
        if (report.isReady()) {
            report.notes().forEach(n -> terminal.out().println("to know      " + n));
        }
        terminal.out()
                .println(
                        report.isReady()
                                ? "ready: Spark can take over"
                                : "NOT READY, in the way: " + report.obstacles().size());
        return report.isReady() ? 0 : 1;
    }
}
