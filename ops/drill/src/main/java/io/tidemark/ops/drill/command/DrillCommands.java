package io.tidemark.ops.drill.command;

import io.tidemark.ops.cli.CommandProvider;
import java.io.PrintStream;
import java.util.SortedMap;
import picocli.CommandLine;

/** Brings {@code drill} to the command line. */
public final class DrillCommands implements CommandProvider {
    /** For {@link java.util.ServiceLoader}. */
    public DrillCommands() {}

    @Override
    public Object command(PrintStream out, PrintStream err, SortedMap<String, String> environment) {
        return new CommandLine(new DrillCommand())
                .addSubcommand(new CrashPointsCommand(out, err))
                .addSubcommand(new RetentionCommand(out))
                .addSubcommand(new CommandLine(new KillCommand(out)).setCaseInsensitiveEnumValuesAllowed(true))
                .addSubcommand(new CommandLine(new FenceCommand(out)).setCaseInsensitiveEnumValuesAllowed(true))
                .addSubcommand(new MutantsCommand(out, err));
    }
}
