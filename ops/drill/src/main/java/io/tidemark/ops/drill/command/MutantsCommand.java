package io.tidemark.ops.drill.command;

import io.tidemark.ops.drill.mutants.MutantDrill;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidemark drill mutants}. */
@Command(
        name = MutantDrill.NAME,
        description =
                "Put mistakes into the protocol, one at a time, and check that the other drills find each of them.",
        mixinStandardHelpOptions = true)
final class MutantsCommand implements Callable<Integer> {
    private final PrintStream out;
    private final PrintStream err;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private DrillOptions options = new DrillOptions();

    @Option(names = "--only", paramLabel = "NAME", split = ",", description = "Only these mutants.")
    private Set<String> only = new LinkedHashSet<>();

    @Option(names = "--list", description = "Name the mutants, and run none.")
    private boolean list;

    MutantsCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (list) {
            MutantDrill.names().forEach(out::println);
            return 0;
        }
        try {
            return options.finish(MutantDrill.run(options.seed(), only, line -> err.println("  " + line)), out);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "Cannot run this: " + e.getMessage() + ".", e);
        }
    }
}
