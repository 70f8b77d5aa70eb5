package io.tidemark.checkpoint;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.format.BatchIds;
import io.tidemark.checkpoint.format.RepairPlan;
import io.tidemark.checkpoint.format.RepairPlan.PutBack;
import io.tidemark.checkpoint.format.RepairPlan.SetAside;
import io.tidemark.checkpoint.format.RepairPlan.Step;
import io.tidemark.checkpoint.format.RepairPlan.Tool;
import io.tidemark.checkpoint.format.RepairPlan.Write;
import io.tidemark.checkpoint.format.SealedPlan.SinkRecord;
import io.tidemark.checkpoint.format.SidecarFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes a checkpoint that no query runs on, so that a crash at any point can be finished and everything can be had back.
 *
 * <p>First the whole {@link RepairPlan} is made durable as {@code _tidemark/repair}; queries refuse to start while it
 * stands there. Then step follows step; what a step takes away or replaces gets a second, durable name in {@code
 * _tidemark/undo/NUMBER} first. At last the plan moves there too. Only the owner of the checkpoint may do any of this.
 */
public final class Repairs {
    private final Storage storage;
    private final CheckpointLayout layout;

    public Repairs(Storage storage, CheckpointLayout layout) {
        this.storage = storage;
        this.layout = layout;
    }

    /**
     * Returns the repair that was begun and not finished.
     *
     * @throws io.tidemark.checkpoint.format.ControlFileException if its plan cannot be read
     */
    public Optional<RepairPlan> unfinished() {
        try {
            return storage.read(layout.repair()).map(content -> SidecarFile.decodeRepair(layout.repair(), content));
        } catch (IOException e) {
            throw StorageFailures.of("read", layout.repair(), e);
        }
    }

    /** @throws TidemarkException {@code CHECKPOINT_REPAIR_UNFINISHED} if a repair was begun and not finished */
    public void refuseUnfinished() {
        unfinished().ifPresent(plan -> {
            String command = "'tidemark checkpoint " + (plan.tool() == Tool.REWIND ? "rewind " : "doctor --apply ")
                    + layout.root() + "'";
            throw new TidemarkException(
                    ErrorCode.CHECKPOINT_REPAIR_UNFINISHED,
                    "Cannot start on checkpoint '" + layout.root() + "': "
                            + (plan.tool() == Tool.REWIND
                                    ? "a rewind to batch " + plan.toBatch()
                                    : "repair " + plan.number())
                            + " was begun and not finished. " + command + " finishes it.");
        });
    }

    /** Writes down what is to be done; from now on no query starts until {@link #finish} is through. */
    public RepairPlan begin(
            Tool tool, String attemptUuid, @Nullable Long toBatch, @Nullable SinkRecord sink, List<Step> steps) {
        RepairPlan plan = new RepairPlan(nextNumber(), tool, attemptUuid, toBatch, sink, steps);
        try {
            storage.createExclusive(layout.repair(), SidecarFile.encode(plan));
        } catch (IOException e) {
            throw StorageFailures.of("store", layout.repair(), e);
        }
        return plan;
    }

    /** Takes back a plan of which no step is done. */
    public void abandon() {
        try {
            storage.delete(layout.repair());
        } catch (IOException e) {
            throw StorageFailures.of("delete", layout.repair(), e);
        }
    }

    /**
     * Does what is left of a plan that was begun. May be repeated.
     *
     * @param stillOwner fails if a later owner has claimed the checkpoint; asked before each step
     */
    public void finish(RepairPlan plan, Runnable stillOwner) {
        for (Step step : plan.steps()) {
            stillOwner.run();
            try {
                apply(plan.number(), step);
            } catch (IOException e) {
                throw StorageFailures.of("repair", path(step.path()), e);
            }
        }
        stillOwner.run();
        String kept = layout.undo(plan.number()) + "/plan";
        try {
            storage.link(layout.repair(), kept);
            storage.delete(layout.repair());
        } catch (IOException e) {
            throw StorageFailures.of("store", kept, e);
        }
    }

    private void apply(long number, Step step) throws IOException {
        if (step instanceof SetAside) {
            setAside(number, step.path());
        } else if (step instanceof Write write) {
            byte[] content = write.content().getBytes(StandardCharsets.UTF_8);
            Optional<byte[]> present = storage.read(path(step.path()));
            if (present.isEmpty() || !Arrays.equals(present.get(), content)) {
                if (present.isPresent()) {
                    keep(number, step.path());
                }
                storage.replace(path(step.path()), content);
            }
        } else if (step instanceof PutBack putBack) {
            if (!isSame(path(step.path()), path(putBack.from()))) {
                setAside(number, step.path());
                storage.link(path(putBack.from()), path(step.path()));
            }
        }
    }

    private void setAside(long number, String relative) throws IOException {
        if (storage.status(path(relative)).isPresent()) {
            keep(number, relative);
            storage.delete(path(relative));
        }
    }

    private void keep(long number, String relative) throws IOException {
        storage.link(path(relative), layout.undo(number) + "/files/" + relative);
    }

    private boolean isSame(String one, String other) throws IOException {
        Optional<byte[]> first = storage.read(one);
        Optional<byte[]> second = storage.read(other);
        return first.isPresent() && second.isPresent() && Arrays.equals(first.get(), second.get());
    }

    /** Returns the numbers of all finished repairs, ascending. */
    public List<Long> finished() {
        return numbers().stream()
                .filter(number -> exists(layout.undo(number) + "/plan"))
                .toList();
    }

    /** Returns a finished repair, or empty. */
    public Optional<RepairPlan> finished(long number) {
        String path = layout.undo(number) + "/plan";
        try {
            return storage.read(path).map(content -> SidecarFile.decodeRepair(path, content));
        } catch (IOException e) {
            throw StorageFailures.of("read", path, e);
        }
    }

    /** Returns the steps that bring back what stood there before a finished repair, in the order to do them. */
    public List<Step> undoing(RepairPlan done) {
        List<Step> steps = new ArrayList<>();
        List<Step> backwards = new ArrayList<>(done.steps());
        Collections.reverse(backwards);
        for (Step step : backwards) {
            String kept = layout.undo(done.number()) + "/files/" + step.path();
            if (exists(kept)) {
                steps.add(new PutBack(step.path(), layout.relative(kept)));
            } else if (!(step instanceof SetAside)) {
                steps.add(new SetAside(step.path()));
            }
        }
        return steps;
    }

    private long nextNumber() {
        List<Long> numbers = numbers();
        return numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1) + 1;
    }

    private List<Long> numbers() {
        try {
            return storage.list(layout.undo()).stream()
                    .map(FileStatus::name)
                    .filter(BatchIds::isCanonical)
                    .map(BatchIds::parse)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw StorageFailures.of("list", layout.undo(), e);
        }
    }

    private boolean exists(String path) {
        try {
            return storage.status(path).isPresent();
        } catch (IOException e) {
            throw StorageFailures.of("look at", path, e);
        }
    }

    private String path(String relative) {
        return layout.root() + "/" + relative;
    }
}
