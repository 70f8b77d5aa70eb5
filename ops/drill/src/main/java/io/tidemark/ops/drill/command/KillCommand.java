package io.tidemark.ops.drill.command;

import io.tidemark.ops.drill.WorkingFolders;
import io.tidemark.ops.drill.kill.DrilledQuery;
import io.tidemark.ops.drill.kill.KillDrill;
import io.tidemark.ops.drill.kill.KillOutcome;
import io.tidemark.ops.drill.kill.KillSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark drill kill}. */
@Command(
        name = "kill",
        description = {
            "Kill running queries (kill -9) at random moments and at named operations while their input arrives, stop",
            "them, kill and stop their broker; then count the rows of their tables against the seed."
        },
        mixinStandardHelpOptions = true)
final class KillCommand implements Callable<Integer> {
    private final PrintStream out;

    @Mixin
    private DrillOptions options = new DrillOptions();

    @Option(names = "--kills", paramLabel = "N", description = "How often (${DEFAULT-VALUE}).", defaultValue = "200")
    private int kills;

    @Option(
            names = "--query",
            paramLabel = "QUERY",
            description = "Kill one query alone: ${COMPLETION-CANDIDATES}; both in turns if left out.")
    private @Nullable DrilledQuery query;

    @Option(names = "--page", paramLabel = "FILE", description = "Draw deaths and recovery times there, as HTML.")
    private @Nullable Path page;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Write checkpoints, tables and logs there and keep them; they are kept anyway if a promise broke.")
    private @Nullable Path directory;

    KillCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = directory == null ? WorkingFolders.onDisk("tidemark-kill") : directory.toAbsolutePath();
        List<DrilledQuery> queries = query == null ? List.of(DrilledQuery.values()) : List.of(query);
        KillSettings settings = new KillSettings(options.seed(), kills, queries, home);
        out.println("kill: seed " + settings.seed() + ", in " + home);
        KillOutcome outcome = KillDrill.run(settings, out);
        int code = options.finish(outcome.report(), out);
        out.println("  from the start of a process to its first new commit:");
        outcome.bars().forEach(bar -> out.println("  " + bar));
        if (page != null) {
            Files.writeString(page, outcome.page(), StandardCharsets.UTF_8);
        }
        if (!outcome.report().isClean()) {
            out.println("  checkpoints, tables and logs are in " + home);
        } else if (directory == null) {
            WorkingFolders.delete(home);
        }
        return code;
    }
}
