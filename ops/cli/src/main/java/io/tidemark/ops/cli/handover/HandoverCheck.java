package io.tidemark.ops.cli.handover;

import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.checkpoint.CheckpointInspector;
import io.tidemark.checkpoint.CheckpointLayout;
import io.tidemark.checkpoint.CheckpointReport;
import io.tidemark.checkpoint.CheckpointReport.BatchReport;
import io.tidemark.checkpoint.CheckpointReport.BatchState;
import io.tidemark.checkpoint.storage.StorageProviders;
import io.tidemark.ops.cli.doctor.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Holds a checkpoint against what Spark needs to go on from it: nobody runs on it, the newest batch is committed or only
 * planned, the offsets around it and every partition of state are there, and no checksum belongs to another file.
 */
public final class HandoverCheck {
    /** In the token of a sink with a table; of those only one that replaces by key takes update mode. */
    private static final String STAGED_FILES = "\"files\":";

    private final Storage storage;
    private final CheckpointLayout layout;
    private final List<String> obstacles = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private HandoverCheck(Storage storage, CheckpointLayout layout) {
        this.storage = storage;
        this.layout = layout;
    }

    /**
     * Looks at the checkpoint at {@code location}.
     *
     * @throws io.tidemark.api.error.TidemarkException {@code FILE_NOT_READABLE} if there is none
     */
    public static HandoverReport check(Storage storage, String location) throws IOException {
        HandoverCheck check = new HandoverCheck(storage, new CheckpointLayout(storage.qualify(location)));
        CheckpointReport report = CheckpointInspector.inspect(storage, location);
        check.owner();
        report.problems().forEach(p -> check.obstacles.add(p.file() + ": " + p.problem() + ". " + p.cure()));
        check.batches(report.batches());
        check.table(report);
        check.strayChecksums(layoutDirectories(check.layout));
        return new HandoverReport(check.obstacles, check.notes);
    }

    private static List<String> layoutDirectories(CheckpointLayout layout) {
        return List.of(layout.root(), layout.offsets(), layout.commits());
    }

    private void owner() throws IOException {
        if (storage.status(layout.lock()).isEmpty()) {
            return;
        }
        Optional<StorageLock> lock = storage.tryLock(layout.lock());
        if (lock.isEmpty()) {
            obstacles.add("A Tidemark process runs the query. Stop it; it finishes the batch in flight first.");
        } else {
            lock.get().close();
        }
    }

    private void batches(List<BatchReport> batches) throws IOException {
        if (batches.isEmpty()) {
            notes.add("Nothing was planned yet: Spark begins at its startingOffsets.");
            return;
        }
        BatchReport newest = batches.get(batches.size() - 1);
        long committed = newest.state() == BatchState.COMMITTED ? newest.batchId() : newest.batchId() - 1;
        if (newest.state() == BatchState.PREPARED) {
            obstacles.add("Batch " + newest.batchId()
                    + " is prepared but not committed, and only Tidemark can finish it. Run the pipeline once more with"
                    + " --trigger available-now.");
        } else if (newest.state() == BatchState.PLANNED) {
            notes.add("Batch " + newest.batchId() + " is only planned: Spark runs it over the same rows.");
        } else if (newest.state() == BatchState.COMMITTED) {
            notes.add("Spark goes on with batch " + (newest.batchId() + 1) + ".");
        }
        Set<Long> planned = new TreeSet<>();
        batches.stream().filter(b -> b.plan() != null).forEach(b -> planned.add(b.batchId()));
        if (newest.batchId() > 0 && !planned.contains(newest.batchId() - 1)) {
            obstacles.add("offsets/" + (newest.batchId() - 1)
                    + " is missing, and Spark reads it to know where the newest batch begins. Run one more"
                    + " batch first.");
        }
        replacedRows(batches);
        Optional<BatchReport> last =
                batches.stream().filter(b -> b.batchId() == committed).findFirst();
        if (last.isPresent() && last.get().commit() != null) {
            if (last.get().commit().stateUniqueIds() != null) {
                notes.add("The state's files have unique ids: set"
                        + " spark.sql.streaming.stateStore.checkpointFormatVersion=2 (the hand-over job does).");
            }
            StateFilesCheck state = new StateFilesCheck(storage, layout.root());
            obstacles.addAll(state.missing(committed, last.get().commit()));
            strayChecksums(state.directories());
        }
    }

    /** What the table holds must be what the logs say: Spark would believe the logs. */
    private void table(CheckpointReport report) {
        if (report.batches().isEmpty()) {
            return;
        }
        BatchReport newest = report.batches().get(report.batches().size() - 1);
        long committed = newest.state() == BatchState.COMMITTED ? newest.batchId() : newest.batchId() - 1;
        try (Table table = Table.of(report, new StorageProviders()).orElse(null)) {
            if (table == null) {
                notes.add("The table was not asked: the checkpoint does not say where it is.");
                return;
            }
            long held = table.newestBatch();
            if (held > newest.batchId()) {
                obstacles.add(table.describe() + ", and the checkpoint knows none above " + newest.batchId() + ". "
                        + doctor());
            } else if (held > committed) {
                obstacles.add(table.describe() + ", and commits/" + held
                        + " is missing: Spark would drop that batch's rows and move its state. Run the pipeline once"
                        + " more with --trigger available-now.");
            } else if (held >= 0 && held < committed) {
                obstacles.add(table.describe() + ", and batch " + committed + " is committed. " + doctor());
            }
            table.ledger().setBack().ifPresent(back -> obstacles.add(back.what() + ". " + doctor()));
        } catch (TidemarkException e) {
            obstacles.add("The table cannot be asked: " + e.getMessage());
        }
    }

    private String doctor() {
        return "'tidemark checkpoint doctor " + layout.root() + "' says more.";
    }

    private void replacedRows(List<BatchReport> batches) {
        boolean replaced = batches.stream()
                .anyMatch(b -> b.sealed() != null
                        && b.sealed().plan().outputMode().equals(OutputMode.UPDATE.displayName())
                        && b.prepared() != null
                        && b.prepared().sinkToken() != null
                        && b.prepared().sinkToken().contains(STAGED_FILES));
        if (replaced) {
            obstacles.add(
                    "The query replaces rows of its table by key (mergeKeys), which no sink of Spark does. Stay on"
                            + " Tidemark, or append and deduplicate when reading.");
        }
    }

    /** A checksum whose file is gone makes Spark fail when it writes a file of that name. */
    private void strayChecksums(List<String> directories) throws IOException {
        for (String directory : directories) {
            Set<String> names = new TreeSet<>();
            for (FileStatus file : storage.list(directory)) {
                names.add(file.name());
            }
            for (String name : names) {
                boolean checksum = name.startsWith(".") && name.endsWith(".crc");
                if (checksum && !names.contains(name.substring(1, name.length() - ".crc".length()))) {
                    obstacles.add(layout.relative(directory + "/" + name)
                            + ": its file is gone, and Spark fails when it writes one of that name. Delete it.");
                }
            }
        }
    }
}
