package io.tidemark.runtime.batch;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.CheckpointPosition;
import io.tidemark.checkpoint.SidecarCheck;
import io.tidemark.checkpoint.StagedFiles;
import io.tidemark.checkpoint.format.BatchCommit;
import io.tidemark.checkpoint.format.BatchPlan;
import io.tidemark.checkpoint.format.PlanRecord;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.format.SealedPlan;
import io.tidemark.runtime.watermark.WatermarkTracker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out where the last run ended and what is left to do. Called once, after the checkpoint is owned and before
 * anything is read from a source.
 *
 * <p>The newest plan without a commit is finished first: from its prepared file where there is one whose staged files
 * are whole, else by running exactly the logged range. The sink's ledger says whether it holds the batch. What cannot be
 * explained by a crash at some point of the protocol is refused, never guessed at.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final QueryParts parts;
    private final BatchPlanner planner;
    private final StagedFiles files;
    private final WatermarkPropagation propagation;

    Recovery(QueryParts parts, BatchPlanner planner, StagedFiles files) {
        this.parts = parts;
        this.planner = planner;
        this.files = files;
        this.propagation = new WatermarkPropagation(parts.plan(), parts.conf().multipleStatefulOperators());
    }

    Resumption resume() {
        CheckpointPosition position = parts.checkpoint().position();
        if (position.latestPlan().isEmpty()) {
            return fresh();
        }
        BatchPlan newest = position.latestPlan().get();
        SortedMap<String, String> conf = LoggedConf.carriedOn(newest.metadata().conf(), parts.conf());
        StateSupport.refuseUnsupported(parts.plan(), newest, conf);
        new OperatorFiles(parts.checkpoint(), parts.plan().operators())
                .check(newest.batchId(), position.latestCommit().isPresent());
        parts.checkpoint().sidecar().setOrphansAside(newest.batchId(), parts.ownership()::verify);
        @Nullable SealedPlan sealed = sealedPlan(newest);
        // A crash before sealed/N leaves the one before it to say what the plan was and which topics were meant.
        @Nullable SealedPlan before = newest.batchId() == 0 ? null : matching(newest.batchId() - 1);
        if (sealed != null) {
            refuseChangedPlan(sealed.plan());
        } else if (before != null) {
            refuseChangedPlan(before.plan());
        }
        BatchSlice slice = slice(newest, position.previousPlan(), sealed);
        WatermarkTracker watermarks = watermarks(position, newest);
        refuseDisagreeingSink(position, newest);
        position.latestCommit().ifPresent(commit -> {
            putBack(commit.batchId());
            refuseAlteredState(commit.batchId());
        });
        if (!position.isUnfinished()) {
            parts.resumeSources(slice);
            long used = newest.metadata().batchWatermarkMs();
            boolean wanted = propagation.wantsAnotherBatch(used, watermarks.global());
            LoopState state = new LoopState(newest.batchId() + 1, slice.ends(), watermarks, used, wanted, conf);
            return new Resumption(state, null);
        }
        long beforeUsed = position.previousPlan()
                .map(plan -> plan.metadata().batchWatermarkMs())
                .orElse(0L);
        LoopState state = new LoopState(newest.batchId(), slice.starts(), watermarks, beforeUsed, false, conf);
        Resumption.Unfinished unfinished = unfinished(newest, slice);
        if (unfinished instanceof Resumption.Unfinished.RunAgain) {
            if (before != null) {
                parts.resumeSources(slice.starts(), sealsBySource(before));
            }
            if (sealed == null) {
                planner.seal(newest, planner.sealsOf(slice.ends()));
            }
        }
        LOG.info("Batch {} was planned but not committed: {}.", newest.batchId(), describe(unfinished));
        return new Resumption(state, unfinished);
    }

    private Resumption fresh() {
        parts.checkpoint().sidecar().setOrphansAside(-1, parts.ownership()::verify);
        Optional<Sink.LedgerEntry> ledger = parts.sink().ledger();
        if (ledger.isPresent()) {
            throw checkpointBehind(ledger.get(), -1);
        }
        SortedMap<String, String> conf = LoggedConf.fresh(parts.conf());
        StateSupport.refuseUnsupported(parts.plan(), conf);
        return new Resumption(
                new LoopState(
                        0,
                        Collections.nCopies(parts.sources().size(), Optional.empty()),
                        newTracker(0, parts.conf().watermarkPolicy()),
                        0,
                        false,
                        conf),
                null);
    }

    private @Nullable SealedPlan sealedPlan(BatchPlan newest) {
        SidecarCheck<SealedPlan> check = parts.checkpoint().sidecar().sealed(newest.batchId());
        if (check instanceof SidecarCheck.Matches<SealedPlan> matches) {
            return matches.value();
        } else if (check instanceof SidecarCheck.Foreign<SealedPlan> foreign) {
            throw corrupt(foreign.path(), foreign.reason());
        } else if (check instanceof SidecarCheck.Corrupt<SealedPlan> corrupt) {
            throw corrupt(corrupt.path(), corrupt.reason());
        }
        return null;
    }

    /** The newest version may not have got its checksum files yet; what was prepared says what it is made of. */
    private void refuseAlteredState(long committed) {
        if (parts.checkpoint().sidecar().prepared(committed) instanceof SidecarCheck.Matches<PreparedBatch> prepared
                && parts.sink()
                        .ledger()
                        .filter(held -> held.preparedHash().equals(prepared.hash()))
                        .isPresent()) {
            List<String> altered = files.altered(prepared.value().stateFiles());
            if (!altered.isEmpty()) {
                throw new TidemarkException(
                        ErrorCode.STATE_FILE_CORRUPT,
                        "Cannot start: '" + altered.get(0) + "' is missing or not what batch " + committed
                                + " made"
                                + (altered.size() > 1 ? " (and " + (altered.size() - 1) + " more)" : "")
                                + ". State was changed from outside or damaged. " + doctor());
            }
        }
    }

    /** A run that was fenced off while it cleared up may have died over a file that was not its own. */
    private void putBack(long committed) {
        List<String> back = files.putBack(batchId -> batchId <= committed
                        && parts.checkpoint().sidecar().prepared(batchId)
                                instanceof SidecarCheck.Matches<PreparedBatch> prepared
                ? Optional.of(prepared.value())
                : Optional.empty());
        if (!back.isEmpty()) {
            LOG.warn("State files that an earlier run had taken away were put back: {}", back);
        }
    }

    private TidemarkException corrupt(String path, String reason) {
        return new TidemarkException(
                ErrorCode.CHECKPOINT_FILE_CORRUPT,
                "Cannot start: '" + path + "' does not vouch for the plan beside it: " + reason
                        + ". The checkpoint was changed from outside or damaged. " + doctor());
    }

    /** What to do about a checkpoint and a table that do not fit. */
    private String doctor() {
        return "'tidemark checkpoint doctor " + parts.checkpoint().layout().root()
                + "' shows the evidence and the ways out.";
    }

    private void refuseChangedPlan(PlanRecord before) {
        List<PlanRecord.Difference> differences = before.differencesTo(parts.record());
        if (!differences.isEmpty()) {
            throw new TidemarkException(
                    ErrorCode.CHECKPOINT_PLAN_CHANGED,
                    "Cannot continue from this checkpoint: " + differences.get(0)
                            + (differences.size() > 1 ? " (and " + (differences.size() - 1) + " more)" : "")
                            + ". Start the query as it was, or use a new checkpointLocation.");
        }
    }

    /** Puts the lines of the log, one an occurrence, under the sources they belong to. */
    private BatchSlice slice(BatchPlan newest, Optional<BatchPlan> previous, @Nullable SealedPlan sealed) {
        List<Optional<Offset>> ends = bySource(newest);
        List<Optional<Offset>> starts = new ArrayList<>();
        for (int k = 0; k < parts.sources().size(); k++) {
            Optional<Offset> logged =
                    previous.isPresent() ? bySource(previous.get()).get(k) : Optional.empty();
            starts.add(
                    logged.isPresent() || ends.get(k).isEmpty()
                            ? logged
                            : Optional.of(parts.sources().get(k).initialOffset()));
        }
        List<Optional<String>> seals =
                sealed == null ? Collections.nCopies(parts.sources().size(), Optional.empty()) : sealsBySource(sealed);
        return new BatchSlice(newest.batchId(), newest.metadata(), starts, ends, seals);
    }

    private List<Optional<String>> sealsBySource(SealedPlan sealed) {
        List<Optional<String>> seals =
                new ArrayList<>(Collections.nCopies(parts.sources().size(), Optional.empty()));
        List<Integer> leaves = parts.plan().leafSources();
        if (sealed.sourceSeals().size() == leaves.size()) {
            for (int leaf = 0; leaf < leaves.size(); leaf++) {
                seals.set(leaves.get(leaf), sealed.sourceSeals().get(leaf));
            }
        }
        return seals;
    }

    private @Nullable SealedPlan matching(long batchId) {
        return parts.checkpoint().sidecar().sealed(batchId) instanceof SidecarCheck.Matches<SealedPlan> found
                ? found.value()
                : null;
    }

    private List<Optional<Offset>> bySource(BatchPlan plan) {
        List<Integer> leaves = parts.plan().leafSources();
        List<Optional<Offset>> lines = plan.offsetsFor(leaves.size());
        List<Optional<Offset>> bySource =
                new ArrayList<>(Collections.nCopies(parts.sources().size(), Optional.empty()));
        for (int leaf = 0; leaf < lines.size(); leaf++) {
            bySource.set(leaves.get(leaf), lines.get(leaf));
        }
        return bySource;
    }

    private WatermarkTracker watermarks(CheckpointPosition position, BatchPlan newest) {
        WatermarkTracker tracker = newTracker(
                newest.metadata().batchWatermarkMs(),
                LoggedConf.watermarkPolicy(newest.metadata().conf()));
        Optional<BatchCommit> commit = position.latestCommit();
        if (commit.isPresent()) {
            tracker.advanceTo(commit.get().metadata().nextBatchWatermarkMs());
            if (parts.checkpoint().sidecar().prepared(commit.get().batchId())
                    instanceof SidecarCheck.Matches<PreparedBatch> prepared) {
                restoreOperators(tracker, prepared.value());
            }
        }
        return tracker;
    }

    static void restoreOperators(WatermarkTracker tracker, PreparedBatch prepared) {
        for (int i = 0; i < prepared.operatorWatermarks().size(); i++) {
            tracker.restoreOperator(i, prepared.operatorWatermarks().get(i));
        }
    }

    private WatermarkTracker newTracker(long global, WatermarkTracker.Policy policy) {
        long[] delays = parts.plan().watermarks().stream()
                .mapToLong(w -> w.delayMillis())
                .toArray();
        return new WatermarkTracker(delays, policy, global);
    }

    /** The windows WX and WY: log and sink tell different stories, and neither may be believed. */
    private void refuseDisagreeingSink(CheckpointPosition position, BatchPlan newest) {
        if (!parts.sink().keepsLedger()) {
            return;
        }
        Optional<Sink.LedgerEntry> ledger = parts.sink().ledger();
        if (ledger.isPresent() && ledger.get().batchId() > newest.batchId()) {
            throw checkpointBehind(ledger.get(), newest.batchId());
        }
        if (parts.newSink()) {
            LOG.warn(
                    "{} is a new sink, as was asked for: what was committed before batch {} is not in it.",
                    parts.sink().description(),
                    position.isUnfinished() ? newest.batchId() : newest.batchId() + 1);
            return;
        }
        ledger.ifPresent(held -> refuseOtherTable(held, newest.batchId()));
        if (position.latestCommit().isEmpty()) {
            return;
        }
        ledger.ifPresent(
                held -> refuseOtherTable(held, position.latestCommit().get().batchId()));
        long committed = position.latestCommit().get().batchId();
        boolean behind = ledger.isEmpty() || ledger.get().batchId() < committed;
        if (behind && (ledger.isPresent() || tookBatches(committed))) {
            throw new TidemarkException(
                    ErrorCode.SINK_BEHIND,
                    "Cannot start: batch " + committed + " is committed in the checkpoint, but "
                            + parts.sink().description() + " holds "
                            + ledger.map(l -> "only batches up to " + l.batchId())
                                    .orElse("none of this query's")
                            + ". The table was restored, replaced or is another one; bring it back, start with a new"
                            + " checkpointLocation, or go on without what it lacks with --new-sink.");
        }
    }

    /** A table of the same name that is not the one a batch went to holds none of what came before. */
    private void refuseOtherTable(Sink.LedgerEntry ledger, long batchId) {
        if (parts.checkpoint().sidecar().prepared(batchId) instanceof SidecarCheck.Matches<PreparedBatch> prepared
                && prepared.value().tableId() != null
                && !prepared.value().tableId().equals(ledger.tableId())) {
            throw new TidemarkException(
                    ErrorCode.SINK_REWOUND,
                    "Cannot start: " + parts.sink().description() + " is another table (id " + ledger.tableId()
                            + ") than the one that batch " + batchId + " was made for (id "
                            + prepared.value().tableId()
                            + "). It was deleted and made anew; bring the old one back, start with a new"
                            + " checkpointLocation, or go on without what the old one had with --new-sink.");
        }
    }

    /** Whether a sidecar shows that the sink's present table ever took a batch of this query. */
    private boolean tookBatches(long committed) {
        return parts.checkpoint().sidecar().prepared(committed) instanceof SidecarCheck.Matches<PreparedBatch> prepared
                && prepared.value().sinkToken() != null;
    }

    private TidemarkException checkpointBehind(Sink.LedgerEntry ledger, long newest) {
        return new TidemarkException(
                ErrorCode.CHECKPOINT_BEHIND_SINK,
                "Cannot start: " + parts.sink().description() + " holds batch " + ledger.batchId()
                        + " of this query, but the newest batch in the checkpoint is "
                        + (newest < 0 ? "none" : Long.toString(newest))
                        + ". The checkpoint was restored from an older copy; use the newest one, since batches run"
                        + " from this one would be taken for repetitions and dropped. "
                        + doctor());
    }

    private Resumption.Unfinished unfinished(BatchPlan newest, BatchSlice slice) {
        long batchId = newest.batchId();
        boolean sinkHoldsIt =
                parts.sink().ledger().filter(l -> l.batchId() == batchId).isPresent();
        SidecarCheck<PreparedBatch> check = parts.checkpoint().sidecar().prepared(batchId);
        if (check instanceof SidecarCheck.Corrupt<PreparedBatch> corrupt) {
            throw new TidemarkException(
                    ErrorCode.CHECKPOINT_FILE_CORRUPT,
                    "Cannot finish batch " + batchId + " from '" + corrupt.path() + "': " + corrupt.reason()
                            + ". Restore it from a backup, or move it away: the batch is then "
                            + (sinkHoldsIt ? "taken as the sink holds it. " : "run again over its logged range. ")
                            + doctor());
        }
        if (check instanceof SidecarCheck.Foreign<PreparedBatch> foreign) {
            LOG.warn("{} belongs to another past ({}); it is set aside.", foreign.path(), foreign.reason());
            parts.checkpoint().sidecar().setPreparedAside(batchId, parts.ownership()::verify);
        }
        if (!(check instanceof SidecarCheck.Matches<PreparedBatch> found)) {
            return sinkHoldsIt ? new Resumption.Unfinished.Observe(slice) : runAgain(slice);
        }
        BatchCommitter.Prepared prepared = new BatchCommitter.Prepared(found.value(), found.hash());
        boolean stateIsWhole = files.areWhole(found.value().stateFiles());
        if (sinkHoldsIt) {
            boolean ours = parts.sink().ledger().orElseThrow().preparedHash().equals(found.hash());
            if (ours && stateIsWhole) {
                return new Resumption.Unfinished.Adopt(slice, prepared, true);
            }
            LOG.warn(
                    "The sink holds batch {}, but {}; {} is set aside.",
                    batchId,
                    ours ? "its state is gone or damaged" : "not from its prepared file",
                    found.path());
            parts.checkpoint().sidecar().setPreparedAside(batchId, parts.ownership()::verify);
            return new Resumption.Unfinished.Observe(slice);
        }
        String token = found.value().sinkToken();
        if (token != null && stateIsWhole && parts.sink().isIntact(token)) {
            return new Resumption.Unfinished.Adopt(slice, prepared, false);
        }
        LOG.warn(
                "Batch {} is prepared, but what it staged is gone or damaged; it is run again from its source.",
                batchId);
        return runAgain(slice);
    }

    private Resumption.Unfinished runAgain(BatchSlice slice) {
        return new Resumption.Unfinished.RunAgain(
                slice, parts.checkpoint().sidecar().nextAttempt(slice.batchId()));
    }

    private static String describe(Resumption.Unfinished unfinished) {
        if (unfinished instanceof Resumption.Unfinished.Adopt adopt) {
            return adopt.sinkHoldsIt()
                    ? "the sink holds it, only its commit entry is missing"
                    : "it is prepared and will be committed without reading its source";
        }
        return unfinished instanceof Resumption.Unfinished.Observe
                ? "another writer put it into the sink; it is read once for its watermark"
                : "it runs again over exactly the logged range";
    }
}
