package io.tidemark.ops.cli.doctor;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.CheckpointLayout;
import io.tidemark.checkpoint.CheckpointPosition;
import io.tidemark.checkpoint.Ownership;
import io.tidemark.checkpoint.Repairs;
import io.tidemark.checkpoint.format.PlanRecord;
import io.tidemark.checkpoint.format.RepairPlan;
import io.tidemark.checkpoint.format.RepairPlan.Step;
import io.tidemark.checkpoint.format.RepairPlan.Tool;
import io.tidemark.checkpoint.format.SealedPlan;
import io.tidemark.checkpoint.format.SealedPlan.SinkRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a query does not start from its checkpoint, and mends what can be mended without changing what ends up in
 * the table. A repair is first tried in memory, with the checks of a start, until nothing is found any more; so what is
 * proposed is all that is needed.
 */
public final class Doctor {
    private static final int FINDINGS_MAX = 1000;

    private final StorageProvider storages;
    private final Storage storage;
    private final CheckpointLayout layout;
    private final @Nullable SinkRecord named;

    /** @param named the table, if a user names it; else the checkpoint says where it is */
    public Doctor(StorageProvider storages, String directory, @Nullable SinkRecord named) {
        this.storages = storages;
        this.storage = storages.openCheckpoint(directory, new TreeMap<>());
        this.layout = new CheckpointLayout(storage.qualify(directory));
        this.named = named;
    }

    /**
     * What was done.
     *
     * @param before what was found; null if an earlier repair was finished
     * @param plan what was done; null if there was nothing to do, or nothing safe
     */
    public record Treatment(@Nullable Diagnosis before, @Nullable RepairPlan plan) {}

    /**
     * Looks, and writes nothing.
     *
     * @throws TidemarkException {@code CHECKPOINT_OWNED} if a query runs on the checkpoint; {@code FILE_NOT_READABLE} if
     *     there is none
     */
    public Diagnosis examine() {
        refuseNothingThere();
        Claim.refuseInUse(storage, layout);
        return diagnose();
    }

    /** Looks, and does what is safe; finishes what was begun. */
    public Treatment treat() {
        refuseNothingThere();
        Checkpoint checkpoint = Checkpoint.open(storage, layout.root());
        Repairs repairs = new Repairs(storage, layout);
        try (Ownership ownership = checkpoint.claim(Claim.ofThisProcess())) {
            Optional<RepairPlan> begun = repairs.unfinished();
            if (begun.isPresent()) {
                finish(begun.get(), repairs, ownership);
                return new Treatment(null, begun.get());
            }
            Diagnosis found = diagnose();
            if (found.isHealthy() || !found.isCurable()) {
                return new Treatment(found, null);
            }
            ownership.verify();
            RepairPlan plan = repairs.begin(Tool.DOCTOR, ownership.attemptUuid(), null, null, found.steps());
            repairs.finish(plan, ownership::verify);
            return new Treatment(found, plan);
        }
    }

    private void finish(RepairPlan begun, Repairs repairs, Ownership ownership) {
        if (begun.tool() == Tool.REWIND) {
            new Rewind(storages, layout.root(), named).carryOut(begun, repairs, ownership);
        } else {
            repairs.finish(begun, ownership::verify);
        }
    }

    /**
     * Takes a repair back: what stood there before stands there again.
     *
     * @throws TidemarkException {@code COMMAND_LINE} if there is no such repair, or if it was a rewind, whose table has gone
     *     back too
     */
    public RepairPlan undo(long number) {
        Checkpoint checkpoint = Checkpoint.open(storage, layout.root());
        Repairs repairs = new Repairs(storage, layout);
        try (Ownership ownership = checkpoint.claim(Claim.ofThisProcess())) {
            repairs.refuseUnfinished();
            RepairPlan done = repairs.finished(number)
                    .orElseThrow(
                            () -> commandLine("there is no repair " + number + "; there are " + repairs.finished()));
            if (done.tool() == Tool.REWIND) {
                throw commandLine(
                        "repair " + number + " was a rewind, and the table has gone back with it; run the query"
                                + " to come forward again");
            }
            RepairPlan plan = repairs.begin(Tool.UNDO, ownership.attemptUuid(), null, null, repairs.undoing(done));
            repairs.finish(plan, ownership::verify);
            return plan;
        }
    }

    private TidemarkException commandLine(String why) {
        return new TidemarkException(
                ErrorCode.COMMAND_LINE,
                "Cannot undo in '" + layout.root() + "': " + why + ". Name another with --undo.");
    }

    private void refuseNothingThere() {
        CheckpointFiles files = new CheckpointFiles(storage, layout);
        if (files.read(layout.metadata()).isEmpty()
                && files.ids(layout.offsets()).isEmpty()
                && files.ids(layout.commits()).isEmpty()
                && files.list(layout.epochs()).isEmpty()) {
            throw new TidemarkException(
                    ErrorCode.FILE_NOT_READABLE,
                    "Cannot examine '" + layout.root()
                            + "': it is not a checkpoint, it has neither metadata nor offsets"
                            + " nor commits. Name the checkpointLocation of a query.");
        }
    }

    private Diagnosis diagnose() {
        CheckpointFiles files = new CheckpointFiles(storage, layout);
        Optional<UUID> queryId = files.queryId();
        Optional<SinkRecord> record = Optional.ofNullable(named).or(files::sink);
        try (Table table =
                queryId.isPresent() && record.isPresent() ? Table.open(record.get(), queryId.get(), storages) : null) {
            List<Finding> findings = new ArrayList<>();
            Optional<RepairPlan> begun = new Repairs(storage, layout).unfinished();
            if (begun.isPresent()) {
                findings.add(unfinished(begun.get()));
                return diagnosis(files, table, findings, "goes on once that is finished");
            }
            OverlayStorage seen = new OverlayStorage(storage, layout.root());
            Rewind rewind = new Rewind(storages, layout.root(), record.orElse(null));
            while (findings.size() < FINDINGS_MAX) {
                Optional<Finding> found = new Examination(seen, layout, table, rewind).first();
                if (found.isEmpty()) {
                    return diagnosis(files, table, findings, start(seen, table));
                }
                findings.add(found.get());
                if (!found.get().isCurable()) {
                    break;
                }
                for (Step step : found.get().repair()) {
                    seen.apply(step);
                }
            }
            return diagnosis(files, table, findings, null);
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_FAILED,
                    "Cannot examine '" + layout.root() + "': " + e + ". Try again once storage works.",
                    e);
        }
    }

    private static Finding unfinished(RepairPlan begun) {
        boolean rewind = begun.tool() == Tool.REWIND;
        return new Finding(
                ErrorCode.CHECKPOINT_REPAIR_UNFINISHED,
                rewind
                        ? "A rewind to batch " + begun.toBatch() + " was begun and not finished."
                        : "Repair " + begun.number() + " was begun and not finished.",
                List.of("_tidemark/repair lists " + begun.steps().size() + " steps"),
                begun.steps(),
                "It was decided before; what is done of it is not done twice.",
                List.of());
    }

    private Diagnosis diagnosis(
            CheckpointFiles files, @Nullable Table table, List<Finding> findings, @Nullable String start) {
        SortedSet<Long> planned = files.ids(layout.offsets());
        SortedSet<Long> committed = files.ids(layout.commits());
        String query = files.queryId().map(UUID::toString).orElse("unknown") + ", newest plan "
                + (planned.isEmpty() ? "none" : planned.last().toString()) + ", newest commit "
                + (committed.isEmpty() ? "none" : committed.last().toString());
        return new Diagnosis(
                layout.root(),
                query,
                plan(files),
                table == null ? "not asked: name it with --table PATH" : said(table),
                findings,
                start);
    }

    private static String said(Table table) {
        try {
            return table.describe();
        } catch (TidemarkException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** What a start holds the query to; the query itself is not known here. */
    private List<String> plan(CheckpointFiles files) {
        SortedSet<Long> sealed = files.ids(layout.sealed());
        if (sealed.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        Optional<SealedPlan> newest = files.sealedPlan(sealed.last());
        if (newest.isPresent()) {
            PlanRecord plan = newest.get().plan();
            plan.sources().forEach(source -> lines.add("reads " + source.description()));
            plan.operators()
                    .forEach(operator -> lines.add("keeps state of " + operator.name() + " (" + operator.id() + ")"));
            lines.add(plan.outputMode() + " mode, time zone " + plan.timeZone()
                    + (plan.ansi() ? ", ANSI" : ", not ANSI"));
        }
        return lines;
    }

    private String start(Storage seen, @Nullable Table table) {
        CheckpointPosition position = Checkpoint.open(seen, layout.root()).position();
        if (position.latestPlan().isEmpty()) {
            return "plans batch 0";
        }
        long newest = position.latestPlan().get().batchId();
        if (!position.isUnfinished()) {
            return "plans batch " + (newest + 1);
        }
        boolean held = table != null && table.newestBatch() >= newest;
        boolean prepared = new CheckpointFiles(seen, layout).prepared(newest).isPresent();
        return "finishes batch " + newest
                + (prepared
                        ? " without reading its sources"
                        : held
                                ? ", which the table holds, and reads it once for its watermark"
                                : " over the same rows");
    }
}
