package io.tidemark.ops.cli.doctor;

import io.tidemark.api.connector.Sink.LedgerEntry;
import io.tidemark.api.connector.SinkLedger.SetBack;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.CheckpointLayout;
import io.tidemark.checkpoint.CheckpointPosition;
import io.tidemark.checkpoint.StagedFiles;
import io.tidemark.checkpoint.format.BatchIds;
import io.tidemark.checkpoint.format.BatchPlan;
import io.tidemark.checkpoint.format.CommitFile;
import io.tidemark.checkpoint.format.ControlFileException;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.MetadataFile;
import io.tidemark.checkpoint.format.RepairPlan.SetAside;
import io.tidemark.checkpoint.format.RepairPlan.Step;
import io.tidemark.checkpoint.format.RepairPlan.Write;
import io.tidemark.checkpoint.format.SealedPlan;
import io.tidemark.checkpoint.format.StreamMetadata;
import io.tidemark.ops.cli.doctor.CheckpointFiles.Prepared;
import io.tidemark.state.reader.StateHealth;
import io.tidemark.state.reader.StateInventory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One walk through what a start checks, up to the first thing that it would refuse. What is wrong is judged by the witnesses
 * there are: a sealed plan vouches for the plan and for the commit before it, a prepared batch for its commit, the table's
 * ledger for what was delivered.
 *
 * <p>A repair is offered only if it cannot change what ends up in the table: a file is taken away only if the table does not
 * hold its batch, and written only from what announced its very bytes.
 */
final class Examination {
    private static final int SHOWN = 3; // of the plans that all vouch for the same

    private static final String UNASKED =
            "The table was not asked: the checkpoint does not say where it is. Name it with --table PATH, and look"
                    + " again.";
    private static final String BACKUP =
            "Restore the checkpoint from a backup that is as new as the table. Costs nothing but the search for it.";
    private static final String ANEW =
            "Start the query with a new checkpointLocation and a new table. Costs a full run from"
                    + " startingOffsets, and the rows that its sources no longer have.";

    private final Storage storage;
    private final CheckpointLayout layout;
    private final CheckpointFiles files;
    private final @Nullable Table table;
    private final Rewind rewind;

    Examination(Storage storage, CheckpointLayout layout, @Nullable Table table, Rewind rewind) {
        this.storage = storage;
        this.layout = layout;
        this.files = new CheckpointFiles(storage, layout);
        this.table = table;
        this.rewind = rewind;
    }

    /** Returns the first thing that a start would refuse. */
    Optional<Finding> first() {
        List<String> misnamed = files.misnamed();
        if (!misnamed.isEmpty()) {
            return Optional.of(new Finding(
                    ErrorCode.CHECKPOINT_FILE_CORRUPT,
                    "'" + misnamed.get(0)
                            + "' is named like a batch and not spelled like one; no engine writes such files.",
                    misnamed.stream().map(files::describe).toList(),
                    aside(misnamed),
                    "The file is no part of the log; nothing is lost.",
                    List.of()));
        }
        CheckpointPosition position;
        try {
            position = Checkpoint.open(storage, layout.root()).position();
        } catch (ControlFileException e) {
            return Optional.of(judge(e));
        }
        return sidecars(position)
                .or(() -> table == null ? Optional.empty() : sink(position, table))
                .or(() -> state(position));
    }

    private Finding judge(ControlFileException e) {
        String file = layout.relative(e.file());
        if (file.equals("metadata")) {
            return metadata(e);
        }
        String name = file.substring(file.lastIndexOf('/') + 1);
        if (e.code() == ErrorCode.CHECKPOINT_NOT_EMPTY) {
            return noPlans(e);
        } else if (!BatchIds.isCanonical(name)) {
            return hopeless(e, List.of(files.describe(file)));
        }
        long batch = BatchIds.parse(name);
        if (file.startsWith("_tidemark/sealed/")) {
            return sealed(e, batch);
        } else if (e.code() == ErrorCode.CHECKPOINT_GAP) {
            return file.startsWith("offsets/") ? missingPlan(e, batch) : missingCommit(e, batch);
        } else if (file.startsWith("offsets/")) {
            return damagedPlan(e, batch);
        } else if (file.startsWith("commits/")) {
            return damagedCommit(e, batch);
        }
        return hopeless(e, List.of(files.describe(file)));
    }

    // ---- the query's identity

    private Finding metadata(ControlFileException e) {
        SortedSet<UUID> ids = files.sealedQueryIds();
        List<String> evidence = new ArrayList<>(List.of(files.describe("metadata")));
        if (ids.size() == 1) {
            UUID id = ids.first();
            byte[] content = MetadataFile.encode(new StreamMetadata(id));
            boolean agreed = true;
            SortedSet<Long> all = files.ids(layout.sealed());
            for (long batch : all) {
                Optional<SealedPlan> sealed = files.sealedPlan(batch);
                if (sealed.isPresent()) {
                    agreed &= sealed.get().metadata().equals(FileDigest.of(content));
                    if (batch > all.last() - SHOWN) {
                        evidence.add("_tidemark/sealed/" + batch + " belongs to query "
                                + sealed.get().queryId() + " and vouches for metadata of "
                                + sealed.get().metadata());
                    }
                }
            }
            if (table != null) {
                evidence.add(table.describe());
            }
            if (agreed) {
                return new Finding(
                        e.code(),
                        sentence(e),
                        evidence,
                        List.of(new Write("metadata", new String(content, StandardCharsets.UTF_8))),
                        "The bytes are the ones that every sealed plan vouches for; the table goes on knowing the"
                                + " query.",
                        List.of());
            }
        }
        evidence.add(
                ids.isEmpty()
                        ? "no sealed plan says which query this is"
                        : "the sealed plans do not agree on bytes for it: " + ids);
        return new Finding(
                e.code(),
                sentence(e),
                evidence,
                List.of(),
                "",
                List.of(
                        BACKUP,
                        "If the id is known (the table's log has it as txn.appId), write {\"id\":\"…\"} without a line"
                                + " end into 'metadata'. A wrong id makes the sink take a batch twice.",
                        ANEW));
    }

    private Finding noPlans(ControlFileException e) {
        List<String> evidence = new ArrayList<>(tableSays());
        SortedSet<Long> commits = files.ids(layout.commits());
        evidence.add("offsets/ is empty; commits/ holds " + (commits.isEmpty() ? "nothing" : commits) + ", state/ "
                + files.allState().size() + " files");
        if (commits.isEmpty() && table != null && table.newestBatch() < 0) {
            return new Finding(
                    e.code(),
                    sentence(e),
                    evidence,
                    aside(files.allState()),
                    "No batch was ever committed, and the table holds none: the query begins at batch 0.",
                    List.of());
        }
        return new Finding(e.code(), sentence(e), evidence, List.of(), "", List.of(BACKUP, ANEW));
    }

    // ---- the offset log

    private Finding damagedPlan(ControlFileException e, long batch) {
        List<String> evidence = new ArrayList<>(witnessesOfPlan(batch));
        evidence.addAll(tableSays());
        Optional<FileDigest> present = files.digest(layout.offsets(batch));
        Optional<Prepared> prepared = files.prepared(batch);
        Optional<SealedPlan> sealed = files.sealedPlan(batch);
        boolean readable = files.plan(batch).isPresent();
        boolean vouchedFor =
                sealed.map(s -> s.offsets().equals(present.orElse(null))).orElse(false);
        if (readable && !vouchedFor && files.read(layout.sealed(batch)).isPresent()) {
            boolean preparedAgrees =
                    prepared.isPresent() && prepared.get().batch().offsets().equals(present.orElse(null));
            boolean foreign = table != null
                    && table.ledger()
                            .entry(batch)
                            .filter(entry -> entry.epoch() < 0)
                            .isPresent();
            if (preparedAgrees || foreign) {
                List<String> stale = new ArrayList<>(List.of("_tidemark/sealed/" + batch));
                if (!preparedAgrees) {
                    stale.addAll(files.preparedOf(batch));
                }
                return new Finding(
                        e.code(),
                        sentence(e),
                        evidence,
                        aside(stale),
                        "It is the sealed plan that belongs to another past: "
                                + (preparedAgrees
                                        ? "what was prepared fits the plan that is there."
                                        : "another engine ran this batch."),
                        List.of());
            }
        }
        if (e.code() == ErrorCode.CHECKPOINT_VERSION_UNSUPPORTED
                && sealed.map(s -> s.offsets().equals(present.orElse(null))).orElse(true)) {
            return new Finding(
                    e.code(),
                    sentence(e),
                    evidence,
                    List.of(),
                    "",
                    List.of("A newer engine wrote it: go on with that engine, or with a newer Tidemark.", BACKUP));
        }
        boolean newest = batch == files.ids(layout.offsets()).last();
        boolean committed = files.ids(layout.commits()).contains(batch);
        if (newest && !committed && table != null && table.newestBatch() < batch) {
            return new Finding(
                    e.code(),
                    sentence(e),
                    evidence,
                    planAside(batch),
                    "Batch " + batch
                            + " is in neither log of what is done: it is planned anew, perhaps with other rows, and"
                            + " the rows come after it that it leaves.",
                    List.of());
        }
        return new Finding(e.code(), sentence(e), evidence, List.of(), "", ways(batch - 1));
    }

    private List<String> witnessesOfPlan(long batch) {
        List<String> evidence = new ArrayList<>(List.of(files.describe("offsets/" + batch)));
        files.sealedPlan(batch)
                .ifPresent(s -> evidence.add(
                        "_tidemark/sealed/" + batch + " vouches for offsets/" + batch + " of " + s.offsets()));
        files.prepared(batch)
                .ifPresent(p -> evidence.add(p.path() + " was made for offsets/" + batch + " of "
                        + p.batch().offsets()));
        evidence.add(
                files.ids(layout.commits()).contains(batch)
                        ? "commits/" + batch + " is there"
                        : "there is no commits/" + batch);
        return evidence;
    }

    /** Takes away a plan and all that was made for it. */
    private List<Step> planAside(long batch) {
        List<String> paths = new ArrayList<>(files.stateAbove(batch));
        paths.addAll(files.sidecarsAbove(layout.prepared(), batch - 1));
        paths.addAll(files.sidecarsAbove(layout.sealed(), batch - 1));
        for (long later : files.ids(layout.offsets()).tailSet(batch)) {
            paths.add("offsets/" + later);
        }
        return aside(paths);
    }

    private Finding missingPlan(ControlFileException e, long batch) {
        SortedSet<Long> planned = files.ids(layout.offsets());
        SortedSet<Long> committed = files.ids(layout.commits());
        List<String> evidence = new ArrayList<>(witnessesOfPlan(batch));
        evidence.add("offsets/ holds " + brief(planned) + ", commits/ " + brief(committed));
        evidence.addAll(tableSays());
        long newest = planned.last();
        if (batch > newest && table != null && table.newestBatch() <= newest) {
            List<String> paths = new ArrayList<>();
            paths.addAll(files.sidecarsAbove(layout.prepared(), newest));
            paths.addAll(files.sidecarsAbove(layout.sealed(), newest));
            committed.tailSet(newest + 1).forEach(b -> paths.add("commits/" + b));
            paths.addAll(0, files.stateAbove(newest + 1));
            return new Finding(
                    e.code(),
                    sentence(e),
                    evidence,
                    aside(paths),
                    "The table holds no batch above " + newest + ": the later ones are planned and run anew.",
                    List.of());
        } else if (batch < newest - 1 && planned.contains(newest - 1)) {
            return new Finding(
                    e.code(),
                    sentence(e),
                    evidence,
                    historyAside(batch),
                    "A start needs the newest two plans alone; the older ones go as a purge would have taken them.",
                    List.of());
        }
        return new Finding(e.code(), sentence(e), evidence, List.of(), "", ways(Math.min(batch - 1, newest)));
    }

    /** Takes away what a purge of everything up to {@code batch} would have taken. */
    private List<Step> historyAside(long batch) {
        List<String> paths = new ArrayList<>();
        files.ids(layout.offsets()).headSet(batch + 1).forEach(b -> paths.add("offsets/" + b));
        files.ids(layout.commits()).headSet(batch + 1).forEach(b -> paths.add("commits/" + b));
        SortedSet<Long> sealed = files.ids(layout.sealed()).headSet(batch + 1);
        sealed.forEach(b -> paths.add("_tidemark/sealed/" + b));
        for (long b = 0; b <= batch; b++) {
            paths.addAll(files.preparedOf(b));
        }
        return aside(paths);
    }

    // ---- the commit log

    private Finding damagedCommit(ControlFileException e, long batch) {
        Optional<Finding> written = commitFromPrepared(e, batch);
        if (written.isPresent()) {
            return written.get();
        }
        List<String> evidence = new ArrayList<>(witnessesOfCommit(batch));
        evidence.addAll(tableSays());
        Optional<Prepared> prepared = files.prepared(batch);
        if (files.commit(batch).isPresent() && prepared.isPresent() && table != null) {
            Optional<LedgerEntry> entry = table.ledger().entry(batch);
            if (entry.isPresent()
                    && !entry.get().preparedHash().equals(prepared.get().hash())) {
                return new Finding(
                        e.code(),
                        sentence(e),
                        evidence,
                        aside(files.preparedOf(batch)),
                        "The table has this batch from elsewhere: what was prepared here belongs to another past.",
                        List.of());
            }
        }
        SortedSet<Long> planned = files.ids(layout.offsets());
        SortedSet<Long> later = files.ids(layout.commits()).tailSet(batch + 1);
        if (table != null && later.isEmpty() && table.newestBatch() <= batch) {
            List<String> paths = new ArrayList<>();
            paths.add("commits/" + batch);
            if (planned.last() > batch) {
                planAside(batch + 1).forEach(step -> paths.add(0, step.path()));
            }
            return new Finding(
                    e.code(),
                    sentence(e),
                    evidence,
                    aside(paths),
                    "The start finishes batch " + batch + " again, and the table takes it once"
                            + (prepared.isPresent() ? "." : "; its range is read once more for the watermark."),
                    List.of());
        }
        return new Finding(e.code(), sentence(e), evidence, List.of(), "", ways(batch - 1));
    }

    private List<String> witnessesOfCommit(long batch) {
        List<String> evidence = new ArrayList<>(List.of(files.describe("commits/" + batch)));
        files.prepared(batch)
                .ifPresent(p -> evidence.add(p.path() + " announces commits/" + batch + " of "
                        + p.batch().commitDigest()));
        files.sealedPlan(batch + 1)
                .filter(s -> s.previousCommit() != null)
                .ifPresent(s -> evidence.add("_tidemark/sealed/" + (batch + 1) + " vouches for commits/" + batch
                        + " of " + s.previousCommit()));
        return evidence;
    }

    /** What a prepared batch announces may be written if the table holds that very batch. */
    private Optional<Finding> commitFromPrepared(ControlFileException e, long batch) {
        Optional<Prepared> found = files.prepared(batch);
        if (found.isEmpty() || table == null) {
            return Optional.empty();
        }
        Prepared prepared = found.get();
        FileDigest announced = prepared.batch().commitDigest();
        FileDigest vouched =
                files.sealedPlan(batch + 1).map(SealedPlan::previousCommit).orElse(null);
        Optional<LedgerEntry> entry = table.ledger().entry(batch);
        boolean held = entry.isPresent()
                ? entry.get().preparedHash().equals(prepared.hash())
                : announced.equals(vouched) && table.newestBatch() >= batch;
        boolean fits = files.digest(layout.offsets(batch))
                .filter(d -> d.equals(prepared.batch().offsets()))
                .isPresent();
        if (!held || !fits || (vouched != null && !vouched.equals(announced))) {
            return Optional.empty();
        }
        List<String> evidence = new ArrayList<>(witnessesOfCommit(batch));
        evidence.add(table.ledger().description() + " holds batch " + batch + " from " + prepared.path() + " (SHA-256 "
                + prepared.hash().substring(0, 12) + "…)");
        String content = new String(CommitFile.encode(prepared.batch().commit()), StandardCharsets.UTF_8);
        return Optional.of(new Finding(
                e.code(),
                sentence(e),
                evidence,
                List.of(new Write("commits/" + batch, content)),
                "The bytes are the announced ones, and the table holds the batch: nothing is read or written twice.",
                List.of()));
    }

    private Finding missingCommit(ControlFileException e, long batch) {
        Optional<Finding> written = commitFromPrepared(e, batch);
        if (written.isPresent()) {
            return written.get();
        }
        SortedSet<Long> planned = files.ids(layout.offsets());
        SortedSet<Long> committed = files.ids(layout.commits());
        List<String> evidence = new ArrayList<>(witnessesOfCommit(batch));
        evidence.add("offsets/ holds " + brief(planned) + ", commits/ " + brief(committed));
        evidence.addAll(tableSays());
        boolean laterWhole =
                planned.tailSet(batch + 1).headSet(planned.last()).stream().allMatch(committed::contains)
                        && !committed.tailSet(batch + 1).isEmpty();
        if (laterWhole) {
            List<String> paths = new ArrayList<>();
            committed.headSet(batch).forEach(b -> paths.add("commits/" + b));
            planned.headSet(batch).forEach(b -> paths.add("offsets/" + b));
            if (planned.last() - 1 > batch) {
                paths.add("offsets/" + batch);
            }
            return new Finding(
                    e.code(),
                    sentence(e),
                    evidence,
                    aside(paths),
                    "Later batches are committed: the older ones go as a purge would have taken them.",
                    List.of());
        } else if (table != null
                && table.newestBatch() <= batch
                && committed.tailSet(batch + 1).isEmpty()) {
            return new Finding(
                    e.code(),
                    sentence(e),
                    evidence,
                    planAside(batch + 1),
                    "The table holds no batch above " + batch + ": the later plans are made anew, after batch " + batch
                            + " is finished.",
                    List.of());
        }
        return new Finding(e.code(), sentence(e), evidence, List.of(), "", ways(batch - 1));
    }

    // ---- sidecars

    private Finding sealed(ControlFileException e, long batch) {
        List<String> evidence = new ArrayList<>();
        evidence.add(files.describe("_tidemark/sealed/" + batch));
        evidence.addAll(witnessesOfPlan(batch));
        Optional<Prepared> prepared = files.prepared(batch);
        boolean contradicted = prepared.isPresent()
                && !files.digest(layout.offsets(batch))
                        .filter(d -> d.equals(prepared.get().batch().offsets()))
                        .isPresent();
        if (contradicted || files.plan(batch).isEmpty()) {
            return damagedPlan(e, batch);
        }
        return new Finding(
                e.code(),
                sentence(e),
                evidence,
                aside(List.of("_tidemark/sealed/" + batch)),
                "offsets/" + batch + " can be read"
                        + (prepared.isPresent() ? " and is what the batch was prepared from" : "")
                        + ". Without the sealed plan nobody notices if a topic was created again since, or if the query"
                        + " was changed.",
                List.of());
    }

    private Optional<Finding> sidecars(CheckpointPosition position) {
        if (position.latestPlan().isEmpty()) {
            return Optional.empty();
        }
        long newest = position.latestPlan().get().batchId();
        List<String> unreadable = files.preparedOf(newest);
        if (unreadable.isEmpty() || files.prepared(newest).isPresent()) {
            return Optional.empty();
        }
        boolean unfinished = position.isUnfinished();
        boolean held = table != null && table.newestBatch() >= newest;
        List<String> evidence =
                new ArrayList<>(unreadable.stream().map(files::describe).toList());
        evidence.addAll(tableSays());
        return Optional.of(new Finding(
                ErrorCode.CHECKPOINT_FILE_CORRUPT,
                "What was prepared for batch " + newest + " cannot be read"
                        + (unfinished ? ", and the batch is not finished." : "; the batch is committed."),
                evidence,
                aside(unreadable),
                !unfinished
                        ? "A committed batch needs it no more."
                        : held
                                ? "The table holds the batch; its range is read once more for the watermark."
                                : "The batch runs again over exactly the planned rows.",
                List.of()));
    }

    // ---- the table

    private Optional<Finding> sink(CheckpointPosition position, Table asked) {
        long planned = position.latestPlan().map(BatchPlan::batchId).orElse(-1L);
        long committed = position.latestCommit().map(c -> c.batchId()).orElse(-1L);
        Optional<LedgerEntry> held;
        Optional<SetBack> setBack;
        try {
            held = asked.ledger().newest();
            setBack = asked.ledger().setBack();
        } catch (TidemarkException e) {
            return Optional.of(new Finding(
                    e.code(),
                    String.valueOf(e.getMessage()),
                    List.of(),
                    List.of(),
                    "",
                    List.of("Mend the table first; the checkpoint was not looked at against it.")));
        }
        long newest = held.map(LedgerEntry::batchId).orElse(-1L);
        List<String> evidence = new ArrayList<>(tableSays());
        evidence.add("the newest plan is " + name(planned) + ", the newest commit " + name(committed));
        if (newest > planned) {
            List<String> ways = new ArrayList<>();
            ways.add("Bring back the newest copy of the checkpoint: this one is older than the table. Costs nothing.");
            ways.addAll(ways(committed));
            return Optional.of(new Finding(
                    ErrorCode.CHECKPOINT_BEHIND_SINK,
                    "The table holds batch " + newest + " of this query, and the checkpoint knows none above "
                            + name(planned) + "; batches run from here would be taken for repetitions and dropped.",
                    evidence,
                    List.of(),
                    "",
                    ways));
        }
        if (setBack.isPresent()) {
            evidence.add(setBack.get().what());
            return Optional.of(new Finding(
                    ErrorCode.SINK_REWOUND,
                    "The table was set back behind the query's back: its ledger says batch " + newest
                            + ", its rows are those of batch "
                            + name(setBack.get().newestWhole()) + ".",
                    evidence,
                    List.of(),
                    "",
                    ways(setBack.get().newestWhole())));
        }
        for (long batch : new TreeSet<>(List.of(planned, committed))) {
            Optional<String> wanted = files.prepared(batch)
                    .flatMap(p -> Optional.ofNullable(p.batch().tableId()));
            if (wanted.isPresent()
                    && held.isPresent()
                    && !wanted.get().equals(held.get().tableId())) {
                evidence.add("_tidemark/prepared/" + batch + " was made for the table " + wanted.get());
                return Optional.of(new Finding(
                        ErrorCode.SINK_REWOUND,
                        "The table is another one than batch " + batch + " was made for: its id is "
                                + held.get().tableId() + ".",
                        evidence,
                        List.of(),
                        "",
                        List.of("Bring the old table back; name it with --table if it stands elsewhere.", ANEW)));
            }
        }
        boolean took = held.isPresent()
                || files.prepared(committed)
                        .filter(p -> p.batch().sinkToken() != null)
                        .isPresent();
        if (committed >= 0 && newest < committed && took) {
            List<String> ways = new ArrayList<>();
            ways.add("Bring the table back as it was after batch " + committed
                    + ". Costs nothing but the search for it.");
            ways.addAll(ways(newest));
            return Optional.of(new Finding(
                    ErrorCode.SINK_BEHIND,
                    "Batch " + committed + " is committed, and the table holds "
                            + (newest < 0 ? "none of this query's." : "only batches up to " + newest + "."),
                    evidence,
                    List.of(),
                    "",
                    ways));
        }
        return Optional.empty();
    }

    // ---- state

    private Optional<Finding> state(CheckpointPosition position) {
        if (position.latestCommit().isEmpty()) {
            return Optional.empty();
        }
        long committed = position.latestCommit().get().batchId();
        Optional<Prepared> prepared = files.prepared(committed);
        List<String> altered = prepared.map(p -> altered(p)).orElse(List.of());
        List<StateInventory.Problem> problems = new StateHealth(storage, layout.root()).problems(committed);
        if (altered.isEmpty() && problems.isEmpty()) {
            return Optional.empty();
        }
        List<String> evidence = new ArrayList<>();
        for (String file : altered) {
            evidence.add(files.describe(file));
            prepared.get().batch().stateFiles().stream()
                    .filter(staged -> staged.target().equals(file))
                    .forEach(staged ->
                            evidence.add(prepared.get().path() + " announces " + file + " of " + staged.digest()));
        }
        problems.forEach(p -> evidence.add(p.file() + ": " + p.problem()));
        String file = altered.isEmpty() ? problems.get(0).file() : altered.get(0);
        String problem = "State as batch " + committed + " left it cannot be trusted: '" + file
                + "' is missing, damaged or altered.";
        Optional<Finding> around = aroundDamage(committed, altered, problem, evidence);
        return around.isPresent()
                ? around
                : Optional.of(new Finding(
                        ErrorCode.STATE_FILE_CORRUPT, problem, evidence, List.of(), "", ways(committed - 1)));
    }

    /** Changes are not needed where a whole copy of the same version is sound. */
    private Optional<Finding> aroundDamage(
            long committed, List<String> altered, String problem, List<String> evidence) {
        if (altered.isEmpty()) {
            return Optional.empty();
        }
        List<String> paths = new ArrayList<>();
        altered.stream()
                .filter(f -> files.read(layout.root() + "/" + f).isPresent())
                .forEach(paths::add);
        OverlayStorage without = new OverlayStorage(storage, layout.root());
        try {
            for (String file : altered) {
                without.apply(new SetAside(file));
            }
        } catch (java.io.IOException e) {
            return Optional.empty();
        }
        if (!new StateHealth(without, layout.root()).problems(committed).isEmpty()) {
            return Optional.empty();
        }
        paths.addAll(files.preparedOf(committed));
        return Optional.of(new Finding(
                ErrorCode.STATE_FILE_CORRUPT,
                problem,
                evidence,
                aside(paths),
                "A sound snapshot of the same version is there, and state loads from it.",
                List.of()));
    }

    private List<String> altered(Prepared prepared) {
        boolean delivered = table == null
                || table.ledger()
                        .newest()
                        .filter(held -> held.preparedHash().equals(prepared.hash()))
                        .isPresent();
        if (!delivered) {
            return List.of();
        }
        try (StagedFiles staged = new StagedFiles(Checkpoint.open(storage, layout.root()), () -> {}, 1)) {
            return staged.altered(prepared.batch().stateFiles());
        }
    }

    // ---- what is said

    private Finding hopeless(ControlFileException e, List<String> evidence) {
        return new Finding(e.code(), sentence(e), evidence, List.of(), "", List.of(BACKUP, ANEW));
    }

    private String sentence(ControlFileException e) {
        return "'" + layout.relative(e.file()) + "': " + e.problem() + ".";
    }

    private List<String> tableSays() {
        return List.of(table == null ? UNASKED : table.describe());
    }

    private static String name(long batch) {
        return batch < 0 ? "none" : Long.toString(batch);
    }

    private static String brief(SortedSet<Long> ids) {
        if (ids.size() <= 12) {
            return ids.toString();
        }
        return ids.size() + " batches from " + ids.first() + " to " + ids.last();
    }

    private static List<Step> aside(List<String> paths) {
        return paths.stream().<Step>map(SetAside::new).toList();
    }

    /** What can be done where nothing is safe: the newest batch up to {@code batch} that a rewind reaches, with its cost. */
    private List<String> ways(long batch) {
        List<String> ways = new ArrayList<>();
        if (table == null) {
            ways.add(UNASKED);
        } else {
            ways.add(rewindTo(batch));
        }
        ways.add(BACKUP);
        ways.add(ANEW);
        return ways;
    }

    private String rewindTo(long batch) {
        String first = "";
        for (long to = batch; to >= 0 && to > batch - 100; to--) {
            try {
                Rewind.Outcome outcome = rewind.planOn(storage, to);
                long rows = outcome.table().rowsRemoved();
                return "'tidemark checkpoint rewind " + layout.root() + " --to-batch " + to + "': batches above " + to
                        + " run again. Costs a second read of their rows, which the sources must still have; "
                        + (outcome.table().removed().isEmpty()
                                ? "no file leaves the table."
                                : outcome.table().removed().size() + " files"
                                        + (rows < 0 ? "" : " with " + rows + " rows")
                                        + " leave the table until then.");
            } catch (TidemarkException e) {
                first = first.isEmpty() ? String.valueOf(e.getMessage()) : first;
            }
        }
        return first.isEmpty() ? "No batch is left to rewind to." : "No rewind reaches: " + first;
    }
}
