package io.tidemark.ops.drill.mutants;

import static io.tidemark.ops.drill.crash.storage.StorageModel.HDFS;
import static io.tidemark.ops.drill.crash.storage.StorageModel.KILL;
import static io.tidemark.ops.drill.crash.storage.StorageModel.OBJECT_STORE;
import static io.tidemark.ops.drill.crash.storage.StorageModel.STRICT_POWER_LOSS;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.connector.Source;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.format.SidecarFile;
import io.tidemark.ops.drill.crash.storage.StorageModel;
import io.tidemark.ops.drill.mutants.Change.Around;
import io.tidemark.ops.drill.mutants.Change.Interceptor;
import io.tidemark.ops.drill.mutants.Change.Skip;
import io.tidemark.ops.drill.mutants.Change.Without;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The mistakes that somebody could make in the protocol. */
final class Catalogue {
    private static final String STORAGE = "io.tidemark.checkpoint.storage.";
    private static final String CHECKPOINT = "io.tidemark.checkpoint.";
    private static final String BATCH = "io.tidemark.runtime.batch.";
    private static final String KAFKA = "io.tidemark.connectors.kafka.";
    private static final String DELTA = "io.tidemark.connectors.delta.";

    private static final Finder FENCE = new FenceFinder(20);

    private final List<Mutant> mutants = new ArrayList<>();

    private Catalogue() {
        durability();
        outcomes();
        order();
        recovery();
        table();
        cleaning();
        fencing();
        sources();
    }

    /** Returns all mutants, names unique. */
    static List<Mutant> all() {
        return List.copyOf(new Catalogue().mutants);
    }

    private void durability() {
        add(
                "no-file-sync",
                "a file gets its name before its bytes are synced",
                on("stateless", STRICT_POWER_LOSS),
                new Without(STORAGE + "LocalOutput", "publish", "sync"));
        add(
                "no-directory-sync",
                "the directory of a new name is not synced",
                on("stateless", STRICT_POWER_LOSS),
                skip(STORAGE + "LocalStorage", "syncPublished", 1));
        add(
                "no-sync-of-new-directories",
                "a directory is made and the one above it not synced",
                on("stateless", STRICT_POWER_LOSS),
                new Without(STORAGE + "LocalStorage", "makeDirectories", "syncDirectory"));
        add(
                "no-hsync",
                "a file on HDFS is closed and renamed without hsync",
                on("stateless", HDFS),
                new Without(STORAGE + "RenamePublisher$RenamedOutput", "publish", "hsync"));
        EarlyNames early = new EarlyNames();
        add(
                "named-before-written",
                "a file gets its name before its bytes",
                on("stateless", KILL),
                after(STORAGE + "LocalStorage", "openOutput", 4, early::name),
                before(STORAGE + "LocalStorage", "publish", 4, early::publish));
        add(
                "failed-directory-sync-ignored",
                "a directory that cannot be synced counts as synced",
                on("stateless", STRICT_POWER_LOSS),
                before(STORAGE + "LocalStorage", "syncPublished", 1, (self, arguments) -> {
                    Object disk = Reach.field(self, "disk");
                    try {
                        Reach.call(disk, "syncDirectory", ((Path) arguments[0]).getParent());
                    } catch (IOException e) {
                        return Skip.VOID; // the mistake
                    }
                    return Skip.VOID;
                }));
    }

    private void outcomes() {
        String output = STORAGE + "ConditionalPublisher$ConditionalOutput";
        add(
                "own-upload-taken-for-lost",
                "an upload whose answer is lost counts as another's",
                on("stateless", OBJECT_STORE),
                before(output, "readBack", 1, (self, arguments) -> {
                    throw new FileAlreadyExistsException("taken");
                }));
        add(
                "failed-upload-taken-for-done",
                "an upload that failed is not read back",
                on("stateless", OBJECT_STORE),
                before(output, "readBack", 1, (self, arguments) -> {
                    String failure = String.valueOf(((IOException) arguments[0]).getMessage());
                    return failure.startsWith("412") ? null : Skip.VOID;
                }));
        add(
                "own-rename-taken-for-lost",
                "a rename that was retried below counts as another's",
                on("stateless", HDFS),
                after(STORAGE + "RenamePublisher", "isGone", 3, (self, arguments, gone) -> false));
        add(
                "failed-rename-taken-for-done",
                "a rename that failed is not looked after",
                on("stateless", HDFS),
                after(STORAGE + "RenamePublisher", "isGone", 3, (self, arguments, gone) -> true));
        add(
                "unknown-commit-taken-for-won",
                "a commit to the table with an unknown outcome counts as done",
                on("stateless", KILL),
                after(DELTA + "DeltaTable", "commit", 3, (self, arguments, attempt) -> {
                    Object outcome = Reach.field(attempt, "outcome");
                    return String.valueOf(outcome).equals("UNKNOWN")
                            ? Reach.likewise(
                                    Objects.requireNonNull(attempt),
                                    Enum.valueOf(
                                            ((Enum<?>) Objects.requireNonNull(outcome)).getDeclaringClass(), "WON"),
                                    null,
                                    null)
                            : attempt;
                }));
        add(
                "unknown-commit-tried-blindly",
                "after an unknown outcome the query's transaction is not looked up",
                on("stateless", KILL),
                after(DELTA + "BatchCommitter", "readLedger", 2, (self, arguments, base) -> {
                    Reach.set(self, "newestBatch", -1L);
                    return base;
                }));
    }

    private void order() {
        add(
                "commit-before-sink",
                "commits/N is written before the table has the batch",
                on("stateless", KILL),
                before(BATCH + "BatchCommitter", "commitSink", 2, (self, arguments) -> {
                    Object batch = Reach.field(arguments[1], "batch");
                    Reach.call(self, "commitLog", arguments[0], batch);
                    return null;
                }),
                skipRepeated(CHECKPOINT + "StoredCommitLog", "append"));
        DelayedCall commit = new DelayedCall("append");
        add(
                "plan-before-commit",
                "offsets/N+1 is written before commits/N",
                on("stateless", KILL),
                before(
                        CHECKPOINT + "StoredCommitLog",
                        "append",
                        1,
                        (self, arguments) -> commit.hold(self, arguments[0], Skip.VOID)),
                after(CHECKPOINT + "StoredOffsetLog", "append", 1, (self, arguments, returned) -> {
                    commit.release();
                    return returned;
                }));
        DelayedCall prepare = new DelayedCall("prepare");
        add(
                "sink-before-prepared",
                "prepared/N is written after the table has the batch",
                on("stateless", KILL),
                before(
                        CHECKPOINT + "StoredSidecar",
                        "prepare",
                        1,
                        (self, arguments) -> prepare.hold(self, arguments[0], new Skip(hash(arguments[0])))),
                after(BATCH + "BatchCommitter", "commitSink", 2, (self, arguments, returned) -> {
                    prepare.release();
                    return returned;
                }));
    }

    private void recovery() {
        add(
                "unfinished-batch-skipped",
                "a planned batch without a commit counts as done",
                on("stateless", KILL),
                after(CHECKPOINT + "CheckpointPosition", "isUnfinished", 0, (self, arguments, unfinished) -> false));
        add(
                "range-read-anew",
                "a planned batch is run up to where its source ends by now",
                on("stateless", KILL),
                after(
                        BATCH + "Recovery",
                        "unfinished",
                        2,
                        (self, arguments, unfinished) ->
                                isA("RunAgain", unfinished) ? toTheEnd(self, unfinished) : unfinished));
        add(
                "foreign-prepared-adopted",
                "a prepared batch of another past is taken for the present one's",
                on("stateless", KILL),
                skipReturning(CHECKPOINT + "StoredSidecar", "setOrphansAside", 2, List.of()),
                after(CHECKPOINT + "StoredSidecar", "mismatch", 4, (self, arguments, reason) -> Optional.empty()));
        add(
                "prepared-unverified",
                "a prepared batch is finished without a look at what it staged",
                on("stateless", KILL),
                skipReturning(DELTA + "DeltaSink", "isIntact", 1, true));
        add(
                "prepared-taken-for-committed",
                "a prepared batch counts as one that the table has",
                on("stateless", KILL),
                after(
                        BATCH + "Recovery",
                        "unfinished",
                        2,
                        (self, arguments, unfinished) -> isAdoption(unfinished)
                                ? Reach.likewise(
                                        Objects.requireNonNull(unfinished),
                                        Reach.field(unfinished, "slice"),
                                        Reach.field(unfinished, "prepared"),
                                        true)
                                : unfinished));
        add(
                "prepared-run-again",
                "a prepared batch is run again instead of finished",
                on("windowed", KILL),
                after(
                        BATCH + "Recovery",
                        "unfinished",
                        2,
                        (self, arguments, unfinished) ->
                                unfinished == null || !isAdoption(unfinished) ? unfinished : runAgain(unfinished)));
        Adoption adoption = new Adoption();
        add(
                "state-not-named-on-adoption",
                "a prepared batch is finished without its state files",
                on("windowed", KILL),
                new Around(BATCH + "BatchExecution", "adopt", 2, adoption),
                before(CHECKPOINT + "StagedFiles", "publish", 1, adoption::skipDuring));
        add(
                "naming-not-idempotent",
                "a state file that has its name already stops the recovery",
                on("windowed", KILL),
                before(CHECKPOINT + "StagedFiles", "link", 2, (self, arguments) -> {
                    Storage storage = (Storage) Reach.field(self, "storage");
                    if (Objects.requireNonNull(storage)
                            .status((String) arguments[1])
                            .isPresent()) {
                        throw new IOException("'" + arguments[1] + "' has its name already");
                    }
                    return null;
                }));
        add(
                "newest-version-removed",
                "the newest version of state goes with what attempts have left",
                on("windowed", KILL),
                before(BATCH + "QueryState", "removeAbove", 2, (self, arguments) -> {
                    arguments[0] = (Long) arguments[0] - 1;
                    return null;
                }));
        add(
                "watermark-not-logged",
                "the watermark is not in commits/N",
                on("no-data", KILL),
                before(BATCH + "QueryState", "commit", 2, (self, arguments) -> {
                    arguments[0] = 0L;
                    return null;
                }));
        add(
                "no-data-batch-forgotten",
                "a batch without data that was due is not run after a restart",
                on("no-data", KILL),
                after(BATCH + "Recovery", "resume", 0, (self, arguments, resumption) -> {
                    Reach.set(Reach.field(resumption, "state"), "noDataBatchWanted", false);
                    return resumption;
                }));
    }

    private void table() {
        add(
                "transaction-not-written",
                "a commit to the table does not say which batch it is",
                on("stateless", KILL),
                before(DELTA + "DeltaTable", "commit", 3, (self, arguments) -> {
                    List<?> actions = (List<?>) arguments[1];
                    arguments[1] = actions.isEmpty() ? actions : actions.subList(1, actions.size());
                    return null;
                }));
        add(
                "transaction-not-read",
                "the newest batch in the table is not looked up",
                on("stateless", KILL),
                after(DELTA + "DeltaTable", "transactionOf", 2, (self, arguments, batch) -> Optional.empty()));
        add(
                "live-staged-files-removed",
                "data files of a prepared batch go with the leftovers",
                on("stateless", KILL),
                before(DELTA + "DeltaSink", "removeLeftovers", 2, (self, arguments) -> {
                    arguments[0] = List.of();
                    return null;
                }));
    }

    private void cleaning() {
        add(
                "purged-too-much",
                "the plan before the newest one is purged too",
                on("stateless", KILL),
                before(CHECKPOINT + "StoredCheckpoint", "purge", 2, (self, arguments) -> {
                    Object offsets = Reach.field(self, "offsets");
                    Reach.call(offsets, "purgeBefore", arguments[0]);
                    return null;
                }));
        add(
                "temporary-files-left",
                "what a dead run was writing is not removed",
                on("stateless", KILL),
                skip(CHECKPOINT + "StoredOwnership", "removeTemporaryFiles", 1));
        add(
                "staged-files-left",
                "staged state files are not removed",
                on("windowed", KILL),
                skip(CHECKPOINT + "StoredSidecar", "removeStagedThrough", 2),
                skip(CHECKPOINT + "StoredSidecar", "removeStagedAttempts", 2));
        add(
                "others-files-removed",
                "a query removes what another query has staged",
                on("stateless", KILL),
                after(
                        DELTA + "Leftovers",
                        "isOfBatchUpTo",
                        3,
                        (self, arguments, own) -> Objects.equals(own, true)
                                || !String.valueOf(arguments[2]).startsWith(String.valueOf(arguments[0]))));
        add(
                "data-files-left",
                "data files of dead attempts are not removed",
                on("stateless", KILL),
                skip(DELTA + "DeltaSink", "removeLeftovers", 2));
    }

    private void fencing() {
        add(
                "fence-unchecked",
                "the epoch is not read again before something is published",
                FENCE,
                skip(CHECKPOINT + "StoredOwnership", "verify", 0));
        add(
                "exclusive-creation-replaces",
                "a file that must not be there yet replaces another",
                FENCE,
                before(STORAGE + "LocalStorage", "write", 4, (self, arguments) -> {
                    arguments[3] = Storage.IfExists.REPLACE;
                    return null;
                }));
    }

    private void sources() {
        add(
                "topic-id-ignored",
                "a topic that was deleted and created again is taken for the old one",
                new RetentionFinder("recreated-longer/true/read_committed/P4"),
                after(KAFKA + "Surveyor$Survey", "recreatedAs", 2, (self, arguments, id) -> null));
        add(
                "loss-not-recorded",
                "rows that were lost are not written down",
                new RetentionFinder("start-expired/false/read_uncommitted/P4"),
                skip(CHECKPOINT + "StoredSidecar", "recordLoss", 1));
    }

    private static boolean isAdoption(@Nullable Object unfinished) {
        return isA("Adopt", unfinished);
    }

    private static boolean isA(String name, @Nullable Object unfinished) {
        return unfinished != null && unfinished.getClass().getSimpleName().equals(name);
    }

    /** Returns the batch with the ends that its sources have now. */
    private static Object toTheEnd(@Nullable Object recovery, @Nullable Object unfinished) throws Exception {
        Object slice = Objects.requireNonNull(Reach.field(unfinished, "slice"));
        List<?> sources = (List<?>) Objects.requireNonNull(Reach.call(Reach.field(recovery, "parts"), "sources"));
        List<?> ends = (List<?>) Objects.requireNonNull(Reach.field(slice, "ends"));
        List<Object> newest = new ArrayList<>();
        for (int k = 0; k < sources.size(); k++) {
            Optional<?> end = (Optional<?>) ends.get(k);
            Source source = (Source) sources.get(k);
            Optional<Offset> now =
                    end.flatMap(planned -> source.latestOffset((Offset) planned, ReadLimit.ALL_AVAILABLE));
            newest.add(now.isPresent() ? now : end);
        }
        Object moved = Reach.likewise(
                slice,
                Reach.field(slice, "batchId"),
                Reach.field(slice, "metadata"),
                Reach.field(slice, "starts"),
                newest,
                Reach.field(slice, "seals"));
        return Reach.likewise(Objects.requireNonNull(unfinished), moved, Reach.field(unfinished, "preparedAttempt"));
    }

    private static Object runAgain(Object adoption) throws Exception {
        Class<?> type = Class.forName(BATCH + "Resumption$Unfinished$RunAgain");
        var constructor = type.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return constructor.newInstance(Reach.field(adoption, "slice"), 1);
    }

    private static String hash(@Nullable Object prepared) {
        return SidecarFile.hash(SidecarFile.encode((PreparedBatch) Objects.requireNonNull(prepared)));
    }

    private void add(String name, String story, Finder finder, Change... changes) {
        mutants.add(new Mutant(name, story, finder, List.of(changes)));
    }

    private static Finder on(String shape, StorageModel model) {
        return new CrashPointFinder(shape, model);
    }

    private static Change skip(String type, String method, int parameters) {
        return before(type, method, parameters, (self, arguments) -> Skip.VOID);
    }

    private static Change skipReturning(String type, String method, int parameters, Object result) {
        return before(type, method, parameters, (self, arguments) -> new Skip(result));
    }

    /** Leaves out the calls for a batch that was through already. */
    private static Change skipRepeated(String type, String method) {
        return before(type, method, 1, (self, arguments) -> {
            Object newest = Reach.field(self, "newest");
            return newest != null && Reach.field(newest, "batchId").equals(Reach.field(arguments[0], "batchId"))
                    ? Skip.VOID
                    : null;
        });
    }

    private static Change before(String type, String method, int parameters, Before before) {
        return new Around(type, method, parameters, before);
    }

    private static Change after(String type, String method, int parameters, After after) {
        return new Around(type, method, parameters, after);
    }

    /** An interceptor that acts at the beginning. */
    interface Before extends Interceptor {
        @Override
        @Nullable
        Skip before(@Nullable Object self, @Nullable Object[] arguments) throws Exception;
    }

    /** An interceptor that acts at the end. */
    interface After extends Interceptor {
        @Override
        @Nullable
        Object after(@Nullable Object self, @Nullable Object[] arguments, @Nullable Object returned) throws Exception;
    }
}
