package io.tidemark.ops.cli;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.streaming.Trigger;
import io.tidemark.ops.pipeline.PipelineFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark run}. */
@Command(
        name = "run",
        description = "Run pipelines until they end or are stopped. All are checked before the first one starts; if one"
                + " fails, the others are stopped too.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Signals signals;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Pipeline files.")
    private List<String> files = List.of();

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Replace or add a key, for instance sink.path=/tmp/t. May be given several times.")
    private List<String> settings = List.of();

    @Option(
            names = "--trigger",
            paramLabel = "TRIGGER",
            description = "available-now, once, or an interval such as \"30 seconds\".")
    private @Nullable String trigger;

    @Option(
            names = "--progress",
            paramLabel = "FILE",
            description = "Append each batch's StreamingQueryProgress as a line of JSON; - is standard output.")
    private @Nullable String progress;

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "The log. Default: tidemark-<name>-<pid>.log in the directory for temporary files.")
    private @Nullable String log;

    @Option(
            names = "--take-over",
            description =
                    "Fence off a run that still holds the checkpoint, instead of refusing to start (exit code 3).")
    private boolean takeOver;

    @Option(
            names = "--new-sink",
            description = "Go on with a sink that lacks what the query has committed: another table, or one that was"
                    + " emptied. It gets what comes from now on.")
    private boolean newSink;

    @Option(
            names = {"-q", "--quiet"},
            description = "No line per batch.")
    private boolean quiet;

    RunCommand(Terminal terminal, Signals signals) {
        this.terminal = terminal;
        this.signals = signals;
    }

    @Override
    public Integer call() throws Exception {
        List<PipelineRunner> pipelines = new ArrayList<>();
        for (PipelineFile file : read()) {
            pipelines.add(PipelineRunner.build(file));
        }
        RunLog.open(log, pipelines.stream().map(p -> p.file().name()).collect(Collectors.joining("+")));
        return run(pipelines);
    }

    private List<PipelineFile> read() {
        Trigger wanted = trigger == null ? null : PipelineFile.triggerOf(trigger);
        List<PipelineFile> pipelines = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String name : files) {
            PipelineFile file = PipelineFile.read(name, terminal.environment(), settings);
            if (!names.add(file.name())) {
                throw new TidemarkException(
                        ErrorCode.QUERY_NAME_IN_USE,
                        name + ": Another file on this command line has the name '" + file.name()
                                + "'. Give each pipeline its own.");
            }
            pipelines.add(wanted == null ? file : file.withTrigger(wanted));
        }
        return pipelines;
    }

    private int run(List<PipelineRunner> pipelines) throws Exception {
        Listeners heard = new Listeners();
        List<StreamingQuery> queries = new ArrayList<>();
        QuerySupervisor supervisor = new QuerySupervisor(terminal.err());
        try (ProgressFile json = progress == null ? null : ProgressFile.open(progress, terminal)) {
            for (PipelineRunner pipeline : pipelines) {
                if (json != null) {
                    pipeline.session().streams().addListener(json);
                }
                if (!quiet) {
                    pipeline.session().streams().addListener(new StatusLines(terminal.err()));
                }
                pipeline.session().streams().addListener(heard);
                queries.add(pipeline.start(takeOver, newSink));
            }
            signals.handOver(supervisor::signal);
            return supervisor.await(queries);
        } finally {
            if (queries.size() < pipelines.size()) {
                supervisor.stopAll(queries);
            }
            heard.drain(queries.size());
        }
    }
}
