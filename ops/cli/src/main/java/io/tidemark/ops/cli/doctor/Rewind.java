package io.tidemark.ops.cli.doctor;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.connector.SinkLedger.RewindPlan;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.CheckpointLayout;
import io.tidemark.checkpoint.CheckpointPosition;
import io.tidemark.checkpoint.Ownership;
import io.tidemark.checkpoint.Repairs;
import io.tidemark.checkpoint.format.BatchPlan;
import io.tidemark.checkpoint.format.ControlFileException;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.LossRecord;
import io.tidemark.checkpoint.format.RepairPlan;
import io.tidemark.checkpoint.format.RepairPlan.SetAside;
import io.tidemark.checkpoint.format.RepairPlan.Step;
import io.tidemark.checkpoint.format.RepairPlan.Tool;
import io.tidemark.checkpoint.format.RepairPlan.Write;
import io.tidemark.checkpoint.format.SealedPlan.SinkRecord;
import io.tidemark.checkpoint.format.SidecarFile;
import io.tidemark.checkpoint.format.StreamMetadata;
import io.tidemark.state.reader.StateHealth;
import io.tidemark.state.reader.StateInventory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes a query back to the end of an earlier batch: table, logs and state together, so that it runs the later batches
 * again.
 *
 * <p>Order: everything is checked, then what is to be done is made durable, from when on no query starts; then the table is
 * set back in one commit; then the checkpoint's files are set aside, newest batch first. A crash anywhere in between is
 * finished by the next rewind: the table's commit and each step can be repeated.
 */
public final class Rewind {
    private static final Pattern COMPACTED_LOSSES = Pattern.compile("0-([0-9]{1,18})");

    private final StorageProvider storages;
    private final Storage storage;
    private final CheckpointLayout layout;
    private final @Nullable SinkRecord named;

    /** @param named the table, if a user names it; else the checkpoint says where it is */
    public Rewind(StorageProvider storages, String directory, @Nullable SinkRecord named) {
        this.storages = storages;
        this.storage = storages.openCheckpoint(directory, new TreeMap<>());
        this.layout = new CheckpointLayout(storage.qualify(directory));
        this.named = named;
    }

    /**
     * What a rewind does, or did.
     *
     * @param table what happens to the table
     * @param steps what happens to the checkpoint, in order
     * @param rereads from where on the sources are read again, a line a source
     * @param undo the number under which the steps are kept; 0 if nothing was done yet
     */
    public record Outcome(
            long toBatch, String tableName, RewindPlan table, List<Step> steps, List<String> rereads, long undo) {
        public Outcome {
            steps = List.copyOf(steps);
            rereads = List.copyOf(rereads);
        }

        /** Returns whether there is nothing to do. */
        public boolean isNothing() {
            return steps.isEmpty() && !table.needed();
        }
    }

    /**
     * Says what {@link #run} would do, and writes nothing.
     *
     * @throws TidemarkException {@code CHECKPOINT_REWIND_REFUSED}, {@code SINK_REWIND_REFUSED}; {@code CHECKPOINT_OWNED} if
     *     a query runs
     */
    public Outcome plan(long toBatch) {
        Claim.refuseInUse(storage, layout);
        new Repairs(storage, layout).refuseUnfinished();
        return planOn(storage, toBatch);
    }

    /** As {@link #plan}, on a checkpoint as it would be after a repair. */
    Outcome planOn(Storage seen, long toBatch) {
        CheckpointFiles files = new CheckpointFiles(seen, layout);
        UUID queryId = queryId(files, toBatch);
        List<Step> steps = steps(files, toBatch, queryId);
        refuseUnsound(seen, steps, toBatch);
        SinkRecord record = named != null ? named : files.sink().orElseThrow(() -> noTable(toBatch));
        try (Table table = Table.open(record, queryId, storages)) {
            RewindPlan plan = table.ledger().planRewind(toBatch);
            refuseOtherTable(files, table, toBatch);
            return new Outcome(toBatch, table.ledger().description(), plan, steps, rereads(files, toBatch), 0);
        }
    }

    private UUID queryId(CheckpointFiles files, long toBatch) {
        return files.metadata()
                .map(StreamMetadata::queryId)
                .orElseThrow(() -> refused(toBatch, "its file 'metadata' is missing or damaged", "Repair that first"));
    }

    private TidemarkException noTable(long toBatch) {
        return refused(
                toBatch,
                "it does not say where its table is: Spark or an older Tidemark wrote it, or its sink cannot be set"
                        + " back",
                "Name a Delta table with --table; other sinks cannot be rewound");
    }

    private static void refuseOtherTable(CheckpointFiles files, Table table, long toBatch) {
        Optional<String> wanted = files.prepared(toBatch)
                .flatMap(p -> Optional.ofNullable(p.batch().tableId()));
        Optional<String> found = table.ledger().newest().map(entry -> entry.tableId());
        if (wanted.isPresent() && found.isPresent() && !wanted.equals(found)) {
            throw new TidemarkException(
                    ErrorCode.SINK_REWOUND,
                    "Cannot rewind to batch " + toBatch + ": " + table.ledger().description() + " has the id "
                            + found.get() + ", batch " + toBatch + " went to the table " + wanted.get()
                            + ". Name that one with --table.");
        }
    }

    private static List<String> rereads(CheckpointFiles files, long toBatch) {
        return files.plan(toBatch)
                .map(BatchPlan::offsets)
                .map(offsets -> offsets.stream()
                        .map(o -> o.map(offset -> offset.json()).orElse("-"))
                        .toList())
                .orElse(List.of());
    }

    /** Newest first, the offset log last: whatever is left in between is a log with a plan too many, never one too few. */
    private List<Step> steps(CheckpointFiles files, long toBatch, UUID queryId) {
        List<Step> steps = new ArrayList<>();
        files.stateAbove(toBatch + 1).forEach(path -> steps.add(new SetAside(path)));
        losses(files, toBatch, queryId, steps);
        files.sidecarsAbove(layout.prepared(), toBatch).forEach(path -> steps.add(new SetAside(path)));
        files.sidecarsAbove(layout.sealed(), toBatch).forEach(path -> steps.add(new SetAside(path)));
        for (String log : List.of(layout.commits(), layout.offsets())) {
            SortedSet<Long> later = files.ids(log).tailSet(toBatch + 1);
            later.stream()
                    .sorted(Comparator.reverseOrder())
                    .forEach(batch -> steps.add(new SetAside(layout.relative(log + "/" + batch))));
        }
        return steps;
    }

    /** What later batches lost they may lose anew, or not. */
    private void losses(CheckpointFiles files, long toBatch, UUID queryId, List<Step> steps) {
        files.list(layout.losses()).forEach(file -> {
            Matcher compacted = COMPACTED_LOSSES.matcher(file.name());
            if (compacted.matches() && Long.parseLong(compacted.group(1)) > toBatch) {
                List<LossRecord> kept = files
                        .read(file.path())
                        .map(content -> SidecarFile.decodeLosses(file.path(), content))
                        .orElse(List.of())
                        .stream()
                        .filter(loss -> loss.batchId() <= toBatch)
                        .toList();
                if (!kept.isEmpty()) {
                    FileDigest offsets = kept.get(kept.size() - 1).offsets();
                    byte[] content = SidecarFile.encode(queryId, toBatch, offsets, kept);
                    steps.add(new Write(
                            layout.relative(layout.lossesThrough(toBatch)),
                            new String(content, StandardCharsets.UTF_8)));
                }
                steps.add(new SetAside(layout.relative(file.path())));
            }
        });
        files.sidecarsAbove(layout.losses(), toBatch).forEach(path -> steps.add(new SetAside(path)));
    }

    /** Holds the checkpoint as it will be to what a start asks of it. */
    private void refuseUnsound(Storage seen, List<Step> steps, long toBatch) {
        OverlayStorage after = new OverlayStorage(seen, layout.root());
        try {
            for (Step step : steps) {
                after.apply(step);
            }
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_FAILED, "Cannot read the checkpoint: " + e + ". Try again.", e);
        }
        CheckpointPosition position;
        try {
            position = Checkpoint.open(after, layout.root()).position();
        } catch (ControlFileException e) {
            throw refused(
                    toBatch,
                    "'" + layout.relative(e.file()) + "': " + e.problem(),
                    "It is older than what is kept, or damaged too; choose another batch, or restore a backup");
        }
        long planned = position.latestPlan().map(BatchPlan::batchId).orElse(-1L);
        long committed = position.latestCommit().map(c -> c.batchId()).orElse(-1L);
        if (planned != toBatch || committed != toBatch) {
            throw refused(
                    toBatch,
                    committed < 0 ? "it has no committed batch then" : "its newest committed batch is " + committed,
                    "Choose a batch that is committed and still kept");
        }
        List<StateInventory.Problem> problems = new StateHealth(after, layout.root()).problems(toBatch);
        if (!problems.isEmpty()) {
            throw refused(
                    toBatch,
                    "its state cannot be had any more: '" + problems.get(0).file() + "': "
                            + problems.get(0).problem(),
                    "Choose another batch, or restore a backup");
        }
    }

    private TidemarkException refused(long toBatch, String why, String cure) {
        return new TidemarkException(
                ErrorCode.CHECKPOINT_REWIND_REFUSED,
                "Cannot rewind checkpoint '" + layout.root() + "' to batch " + toBatch + ": " + why + ". " + cure
                        + ".");
    }

    /**
     * Rewinds, or finishes a rewind that was begun.
     *
     * @param toBatch the newest batch that stays; null to finish what was begun
     * @throws TidemarkException as {@link #plan}; {@code WRITER_FENCED} if somebody takes the checkpoint over meanwhile
     */
    public Outcome run(@Nullable Long toBatch) {
        Checkpoint checkpoint = Checkpoint.open(storage, layout.root());
        Repairs repairs = new Repairs(storage, layout);
        refuseNothingThere();
        try (Ownership ownership = checkpoint.claim(Claim.ofThisProcess())) {
            Optional<RepairPlan> begun = repairs.unfinished();
            if (begun.isPresent()) {
                return finish(begun.get(), toBatch, repairs, ownership);
            }
            if (toBatch == null) {
                throw new TidemarkException(
                        ErrorCode.COMMAND_LINE,
                        "No rewind of '" + layout.root() + "' was begun. Say how far: --to-batch N.");
            }
            Outcome planned = planOn(storage, toBatch);
            if (planned.isNothing()) {
                return planned;
            }
            SinkRecord record = named != null
                    ? named
                    : new CheckpointFiles(storage, layout).sink().orElseThrow(() -> noTable(toBatch));
            ownership.verify();
            RepairPlan plan = repairs.begin(Tool.REWIND, ownership.attemptUuid(), toBatch, record, planned.steps());
            return carryOut(plan, repairs, ownership);
        }
    }

    private void refuseNothingThere() {
        CheckpointFiles files = new CheckpointFiles(storage, layout);
        if (files.ids(layout.offsets()).isEmpty() && files.ids(layout.commits()).isEmpty()) {
            throw new TidemarkException(
                    ErrorCode.FILE_NOT_READABLE,
                    "Cannot rewind '" + layout.root()
                            + "': it is not a checkpoint with batches. Name the checkpointLocation of a query.");
        }
    }

    private Outcome finish(RepairPlan begun, @Nullable Long toBatch, Repairs repairs, Ownership ownership) {
        if (begun.tool() != Tool.REWIND || (toBatch != null && !toBatch.equals(begun.toBatch()))) {
            repairs.refuseUnfinished();
        }
        return carryOut(begun, repairs, ownership);
    }

    /** Does what a plan says: the table first, since it alone can still refuse. */
    Outcome carryOut(RepairPlan plan, Repairs repairs, Ownership ownership) {
        long toBatch = requireNonNull(plan.toBatch());
        SinkRecord record = requireNonNull(plan.sink());
        CheckpointFiles files = new CheckpointFiles(storage, layout);
        UUID queryId = queryId(files, toBatch);
        RewindPlan done;
        String name;
        try (Table table = Table.open(record, queryId, storages)) {
            name = table.ledger().description();
            ownership.verify();
            done = table.ledger().rewind(toBatch, ownership.epoch(), plan.attemptUuid());
        } catch (TidemarkException e) {
            if (e.code() == ErrorCode.SINK_REWIND_REFUSED || e.code() == ErrorCode.SINK_TABLE_UNSUPPORTED) {
                repairs.abandon(); // the table is as it was, and no step is done
            }
            throw e;
        }
        List<String> rereads = rereads(files, toBatch);
        repairs.finish(plan, ownership::verify);
        return new Outcome(toBatch, name, done, plan.steps(), rereads, plan.number());
    }
}
