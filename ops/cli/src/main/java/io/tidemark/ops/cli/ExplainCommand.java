package io.tidemark.ops.cli;

import io.tidemark.api.error.LoggedFailure;
import io.tidemark.api.secret.Redaction;
import io.tidemark.api.streaming.Trigger;
import io.tidemark.ops.pipeline.PipelineFile;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark explain}. */
@Command(
        name = "explain",
        description = "Check a pipeline and print its plans. Nothing is read or written.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "A pipeline file.")
    private String file = "";

    @Option(names = "--set", paramLabel = "PATH=VALUE", description = "Replace or add a key, as for run.")
    private List<String> settings = List.of();

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        PipelineFile pipeline = PipelineFile.read(file, terminal.environment(), settings);
        try (PipelineRunner runner = PipelineRunner.build(pipeline)) {
            terminal.out()
                    .println(Redaction.blot(runner.session()
                            .engine()
                            .explain(runner.result().plan(), runner.session(), true)
                            .stripTrailing()));
            terminal.out().println();
            terminal.out().println("== Schema ==");
            terminal.out().print(runner.result().schema().treeString());
            terminal.out().println();
            terminal.out().println("== Query ==");
            field("name", pipeline.name());
            for (PipelineFile.Source source : pipeline.sources()) {
                field("source", source.name() + " (" + source.format() + ")");
            }
            String path = pipeline.sink().path();
            field("sink", pipeline.sink().format() + (path == null ? "" : " " + path));
            field("output mode", pipeline.outputMode().displayName());
            field("trigger", describe(pipeline.trigger()));
            field("checkpoint", String.valueOf(pipeline.checkpointLocation()));
        }
        return 0;
    }

    private static String describe(Trigger trigger) {
        if (trigger instanceof Trigger.ProcessingTimeTrigger timed) {
            return timed.interval().isZero()
                    ? "as soon as the last batch is done"
                    : "every " + timed.interval().toMillis() + " ms";
        }
        return trigger instanceof Trigger.OnceTrigger ? "once" : "available now";
    }

    private void field(String name, String value) {
        terminal.out().println(name + ": " + LoggedFailure.oneLine(Redaction.blot(value)));
    }
}
