package io.tidemark.ops.cli;

import io.tidemark.api.connector.LostRange;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.CheckpointInspector;
import io.tidemark.checkpoint.CheckpointReport;
import io.tidemark.checkpoint.CheckpointReport.BatchReport;
import io.tidemark.checkpoint.CheckpointReport.BatchState;
import io.tidemark.checkpoint.format.EpochRecord;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.storage.StorageProviders;
import io.tidemark.ops.cli.doctor.Table;
import io.tidemark.state.reader.StateInspector;
import io.tidemark.state.reader.StateInventory;
import io.tidemark.state.reader.StateInventory.Depth;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code tidemark checkpoint}: {@code show} and {@code verify} only read, take no lock, and may run beside the owner; the
 * other two are {@link DoctorCommand} and {@link RewindCommand}.
 */
@Command(
        name = "checkpoint",
        description = "Look into a checkpoint, mend it, take batches back.",
        mixinStandardHelpOptions = true)
final class CheckpointCommand implements Callable<Integer> {
    private static final int SHOWN_BATCHES = 10;

    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CheckpointCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Missing command: show, verify, doctor or rewind");
    }

    @Command(
            name = "show",
            description = "Print who owns it, what is planned and committed, and what a start would do.",
            mixinStandardHelpOptions = true)
    int show(
            @Parameters(paramLabel = "DIR", description = "A checkpointLocation.") String directory,
            @Option(names = "--json", description = "Everything, as one line of JSON.") boolean json) {
        Look look = inspect(directory, Depth.NAMES);
        CheckpointReport report = look.report();
        if (json) {
            terminal.out().println(look.toJson());
            return 0;
        }
        field("checkpoint", report.root());
        field("query", String.valueOf(report.queryId()));
        field("owner", report.epochs().isEmpty() ? "none yet" : owner(last(report.epochs())));
        List<BatchReport> batches = report.batches();
        field("batches", batches.isEmpty() ? "none" : span(batches));
        for (BatchReport batch : batches.subList(Math.max(0, batches.size() - SHOWN_BATCHES), batches.size())) {
            field("  batch " + batch.batchId(), describe(batch));
        }
        field("a start", next(batches));
        keptUntil(report).ifPresent(until -> field("staged", until));
        report.losses().forEach(loss -> loss.losses()
                .forEach(range -> field("lost", "batch " + loss.batchId() + ": " + inWords(range))));
        if (!report.setAside().isEmpty()) {
            field("set aside", String.join(", ", report.setAside()));
        }
        look.state().operators().forEach(this::state);
        problems(look);
        return 0;
    }

    @Command(
            name = "verify",
            description = "Check every file; exit code 1 if one is missing, torn or altered.",
            mixinStandardHelpOptions = true)
    int verify(
            @Parameters(paramLabel = "DIR", description = "A checkpointLocation.") String directory,
            @Option(names = "--json", description = "The report, as one line of JSON.") boolean json) {
        Look look = inspect(directory, Depth.CONTENT);
        int problems = look.report().problems().size() + look.state().problems().size();
        if (json) {
            terminal.out().println(look.toJson());
        } else {
            problems(look);
            terminal.out()
                    .println(
                            problems == 0
                                    ? "sound, batches read: "
                                            + look.report().batches().size()
                                    : "NOT SOUND, problems: " + problems);
        }
        return problems == 0 ? 0 : 1;
    }

    /** What was found: by the logs' reader and by the state's. */
    private record Look(CheckpointReport report, StateInventory state) {
        String toJson() {
            return StateJson.add(report.toJson(), state);
        }
    }

    private void state(StateInventory.Operator operator) {
        field("operator " + operator.id(), operator.name().isEmpty() ? "unnamed" : operator.name());
        for (StateInventory.Store store : operator.stores()) {
            String range = store.oldest() < 0
                    ? "the committed version cannot be had"
                    : "versions from " + store.oldest() + " on can be had";
            String snapshots = store.snapshots().isEmpty()
                    ? "no snapshots"
                    : "snapshots "
                            + store.snapshots().stream().map(String::valueOf).collect(Collectors.joining(" "));
            field(
                    "  " + store.name(),
                    store.partitions() + " partitions, newest version " + store.newest() + ", " + range + ", "
                            + snapshots + ", " + store.files() + " files, " + store.bytes() + " bytes");
        }
    }

    private static Look inspect(String directory, Depth depth) {
        Storage storage = new StorageProviders().open(directory, new TreeMap<>());
        CheckpointReport report = CheckpointInspector.inspect(storage, directory);
        long committed = report.batches().stream()
                .filter(batch -> batch.state() == BatchState.COMMITTED)
                .mapToLong(BatchReport::batchId)
                .max()
                .orElse(-1);
        return new Look(report, StateInspector.inspect(storage, report.root(), committed, depth));
    }

    private static String inWords(LostRange range) {
        String partition = range.topic() + "-" + range.partition();
        return (range.until() < 0
                        ? partition + " from offset " + range.from() + " on, nobody can know how many rows"
                        : partition + " offsets " + range.from() + " to " + (range.until() - 1)
                                + (range.rows() < 0 ? "" : ", " + range.rows() + " rows"))
                + ": " + range.cause();
    }

    private static String owner(EpochRecord epoch) {
        return "epoch " + epoch.epoch() + ", process " + epoch.pid() + " on " + epoch.host() + " since "
                + Instant.ofEpochMilli(epoch.startedAtMillis());
    }

    private static String span(List<BatchReport> batches) {
        long committed = batches.stream()
                .filter(batch -> batch.state() == BatchState.COMMITTED)
                .count();
        return batches.get(0).batchId() + " to " + last(batches).batchId() + ", " + committed + " of them committed";
    }

    private static String describe(BatchReport batch) {
        StringBuilder text =
                new StringBuilder(batch.state().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        if (batch.plan() != null) {
            text.append(", planned ")
                    .append(Instant.ofEpochMilli(batch.plan().metadata().batchTimestampMs()))
                    .append(", up to ")
                    .append(batch.plan().offsets().stream()
                            .map(offset -> offset.map(o -> o.json()).orElse("-"))
                            .collect(Collectors.joining(" ")));
        }
        return text.toString();
    }

    private static String next(List<BatchReport> batches) {
        if (batches.isEmpty()) {
            return "plans batch 0";
        }
        BatchReport newest = last(batches);
        return switch (newest.state()) {
            case COMMITTED -> "plans batch " + (newest.batchId() + 1);
            case PREPARED -> "finishes batch " + newest.batchId() + " without reading its sources";
            case PLANNED -> "runs batch " + newest.batchId() + " over the same rows";
            case WITHOUT_PLAN -> "stops: there are files of batch " + newest.batchId() + ", and no plan";
        };
    }

    /** What a prepared batch has staged is no part of the table yet, so that others who clean up there may take it. */
    private static Optional<String> keptUntil(CheckpointReport report) {
        List<BatchReport> batches = report.batches();
        if (batches.isEmpty() || last(batches).state() != BatchState.PREPARED) {
            return Optional.empty();
        }
        long batchId = last(batches).batchId();
        PreparedBatch prepared = last(batches).prepared();
        String token = prepared == null ? null : prepared.sinkToken();
        if (token == null) {
            return Optional.empty();
        }
        try (Table table = Table.of(report, new StorageProviders()).orElse(null)) {
            if (table == null || table.newestBatch() >= batchId) {
                return Optional.empty();
            }
            return table.ledger()
                    .keptUntilMillis(token)
                    .map(until -> "a VACUUM of " + table.ledger().description()
                            + " may delete what batch " + batchId + " has staged from "
                            + Instant.ofEpochMilli(until) + " on; run the query before, or the batch is read again");
        } catch (TidemarkException e) {
            return Optional.of("the table cannot be asked: " + e.getMessage());
        }
    }

    private void problems(Look look) {
        look.report().problems().forEach(p -> field("problem", p.file() + ": " + p.problem() + ". " + p.cure()));
        look.state()
                .problems()
                .forEach(p -> field("problem", p.file() + ": " + p.problem() + ". Restore it from a backup."));
    }

    private void field(String name, String value) {
        terminal.out().println(String.format(Locale.ROOT, "%-12s %s", name, value));
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }
}
