package io.tidemark.ops.drill.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidemark drill}: shows that the promises hold, on this machine, again and again. */
@Command(
        name = "drill",
        description = "Crash, kill, fence and rob a query, and count its rows. Exit code 1 if a promise did not hold.",
        mixinStandardHelpOptions = true)
final class DrillCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "Missing command: " + String.join(", ", spec.subcommands().keySet()));
    }
}
