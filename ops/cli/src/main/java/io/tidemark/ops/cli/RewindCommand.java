package io.tidemark.ops.cli;

import io.tidemark.api.connector.SinkLedger.RewindPlan;
import io.tidemark.checkpoint.format.RepairPlan.Step;
import io.tidemark.checkpoint.storage.StorageProviders;
import io.tidemark.ops.cli.doctor.Rewind;
import io.tidemark.ops.cli.doctor.Rewind.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark checkpoint rewind}. */
@Command(
        name = "rewind",
        description = {
            "Take a stopped query back to the end of an earlier batch: table, logs and state together.",
            "Without --to-batch: finish a rewind that was begun."
        },
        mixinStandardHelpOptions = true)
final class RewindCommand implements Callable<Integer> {
    private static final int SHOWN = 20;

    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIR", description = "A checkpointLocation.")
    private String directory = "";

    @Option(names = "--to-batch", paramLabel = "N", description = "The newest batch that stays.")
    private @Nullable Long toBatch;

    @Option(names = "--dry-run", description = "Say what would be done, and change nothing.")
    private boolean dryRun;

    @Mixin
    private TableOption table = new TableOption();

    @Option(names = "--json", description = "What is done, as one line of JSON.")
    private boolean json;

    RewindCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (toBatch != null && toBatch < 0) {
            throw new ParameterException(spec.commandLine(), "Batches are counted from 0: --to-batch " + toBatch);
        } else if (dryRun && toBatch == null) {
            throw new ParameterException(spec.commandLine(), "Say how far back to look: --to-batch N");
        }
        Rewind rewind = new Rewind(new StorageProviders(), directory, table.record());
        Outcome outcome = dryRun && toBatch != null ? rewind.plan(toBatch) : rewind.run(toBatch);
        if (json) {
            terminal.out().println(DoctorJson.of(outcome));
        } else {
            print(outcome);
        }
        return 0;
    }

    private void print(Outcome outcome) {
        if (outcome.isNothing()) {
            field("rewind", "nothing to do: batch " + outcome.toBatch() + " is the newest one everywhere");
            return;
        }
        RewindPlan plan = outcome.table();
        field("table", outcome.tableName());
        if (plan.needed()) {
            field("  from", "version " + plan.fromVersion() + ", batch " + plan.fromBatch());
            field("  to", "what it held in version " + plan.toVersion() + ", after batch " + plan.toBatch());
            field("  leaves", files(plan.removed(), plan.rowsRemoved()));
            field("  returns", files(plan.returned(), plan.rowsReturned()));
        } else {
            field("  stays", "as it is: its newest batch is " + plan.toBatch());
        }
        List<Step> steps = outcome.steps();
        steps.subList(0, Math.min(SHOWN, steps.size())).forEach(step -> field("checkpoint", step.text()));
        if (steps.size() > SHOWN) {
            field("", "and " + (steps.size() - SHOWN) + " files more");
        }
        for (String offset : outcome.rereads()) {
            field("then", "batch " + (outcome.toBatch() + 1) + " reads again from " + offset);
        }
        if (outcome.undo() > 0) {
            field("done", "the checkpoint's files are kept in _tidemark/undo/" + outcome.undo());
        } else {
            field("dry run", "nothing was changed");
        }
    }

    private static String files(List<String> files, long rows) {
        return files.size() + " files" + (rows < 0 ? "" : ", " + rows + " rows");
    }

    private void field(String name, String value) {
        terminal.out().println(String.format(Locale.ROOT, "%-12s %s", name, value));
    }
}
