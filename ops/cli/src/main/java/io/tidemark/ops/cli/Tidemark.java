package io.tidemark.ops.cli;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.ops.cli.log.CommandLineLogging;
import java.io.ObjectInputFilter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code tidemark} program. */
@Command(
        name = "tidemark",
        description = "Micro-batch structured streaming on the JVM, without a cluster.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "tidemark drill --help shows how to crash, kill, fence and rob a query.",
            "",
            "Exit codes: 0 done, 1 the query failed, 2 the input is wrong, 3 another run owns",
            "the checkpoint (do not restart), 130 and 143 stopped by SIGINT and SIGTERM."
        })
public final class Tidemark implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private Tidemark(CommandSpec spec) {
        this.spec = spec;
    }

    /** Runs one command; its exit code becomes the process's. */
    public static void main(String[] arguments) {
        refuseSerialisedObjects();
        CommandLineLogging.choose();
        Signals signals = Signals.install(System::exit);
        int exitCode = execute(arguments, Terminal.ofProcess(), signals);
        ProcessEnd.soon(exitCode);
        System.exit(exitCode);
    }

    /** Nothing here reads serialised Java objects, so no library under it is to do so behind our back (JEP 290). */
    private static void refuseSerialisedObjects() {
        if (ObjectInputFilter.Config.getSerialFilter() == null) { // otherwise somebody chose one with jdk.serialFilter
            ObjectInputFilter.Config.setSerialFilter(found -> ObjectInputFilter.Status.REJECTED);
        }
    }

    /**
     * Runs one command in this process and returns its exit code. Signals stay with the process; a query that has no end
     * of its own ends when the calling thread is interrupted.
     *
     * @param environment what the command sees of the environment
     */
    public static int execute(
            List<String> arguments, PrintStream out, PrintStream err, SortedMap<String, String> environment) {
        return execute(arguments.toArray(String[]::new), new Terminal(out, err, environment, false), Signals.none());
    }

    static int execute(String[] arguments, Terminal terminal, Signals signals) {
        CommandLine line = new CommandLine(new Tidemark(CommandSpec.create()))
                .addSubcommand(new RunCommand(terminal, signals))
                .addSubcommand(new DemoCommand(terminal, signals))
                .addSubcommand(new ExplainCommand(terminal))
                .addSubcommand(new CommandLine(new CheckpointCommand(terminal))
                        .addSubcommand(new DoctorCommand(terminal))
                        .addSubcommand(new RewindCommand(terminal)))
                .addSubcommand(new StateCommand(terminal))
                .addSubcommand(new HandoverCommand(terminal))
                .addSubcommand(new BrokerCommand(terminal, signals));
        for (CommandProvider more : ServiceLoader.load(CommandProvider.class)) {
            line.addSubcommand(more.command(terminal.out(), terminal.err(), terminal.environment()));
        }
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setUsageHelpAutoWidth(terminal.interactive())
                .setExecutionExceptionHandler((failure, command, parsed) -> Failure.report(failure, terminal))
                .setParameterExceptionHandler((mistake, given) -> {
                    terminal.err()
                            .println("tidemark: " + ErrorCode.COMMAND_LINE.label() + ": "
                                    + Failure.oneLine(mistake.getMessage()) + ". See '"
                                    + mistake.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
                    return ErrorCode.COMMAND_LINE.remedy().exitCode();
                });
        return line.execute(arguments);
    }

    /** Without a command there is nothing to do but to say what there is. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ErrorCode.COMMAND_LINE.remedy().exitCode();
    }
}
