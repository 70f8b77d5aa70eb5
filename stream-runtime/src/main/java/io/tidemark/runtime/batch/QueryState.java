package io.tidemark.runtime.batch;

import io.tidemark.checkpoint.StagedFiles;
import io.tidemark.checkpoint.format.CommitMetadata;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.runtime.operator.OperatorWatermarks;
import io.tidemark.runtime.operator.StatefulOperator;
import io.tidemark.runtime.task.StateRun;
import io.tidemark.state.StagedState;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreProviders;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.StateStores;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.StateVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state of a running query: its stores, which version of them a batch finds, and what becomes of the versions it
 * makes. Batch N finds version N and makes N+1; a version has its final names before the sink takes the batch, and counts
 * once {@code commits/N} stands. Used by the query's thread, but for {@link #maintain}.
 */
final class QueryState implements AutoCloseable {
    private static final String CHECKPOINT_FORMAT = "spark.sql.streaming.stateStore.checkpointFormatVersion";

    private final QueryParts parts;
    private final StagedFiles files;
    private final WatermarkPropagation propagation;
    private final int partitions;
    private final boolean namesVersions;
    private final @Nullable LocalWorkspace workspace;
    private final @Nullable StateStores stores;
    private SortedMap<Long, List<List<String>>> uniqueIds;
    private boolean described;

    /**
     * Opens the stores as the recorded settings say; nothing for a plan without state.
     *
     * @param conf what the offset log records of the settings
     */
    QueryState(QueryParts parts, StagedFiles files, SortedMap<String, String> conf) {
        this.parts = parts;
        this.files = files;
        this.propagation = new WatermarkPropagation(parts.plan(), parts.conf().multipleStatefulOperators());
        this.partitions = LoggedConf.partitions(conf);
        SortedMap<Long, List<List<String>>> committed = parts.checkpoint()
                .commits()
                .latest()
                .map(commit -> commit.metadata().stateUniqueIds())
                .orElse(null);
        boolean fresh = parts.checkpoint().commits().latest().isEmpty();
        this.namesVersions = fresh ? parts.conf().stateCheckpointFormat() == 2 : committed != null;
        this.uniqueIds = committed == null ? Collections.emptySortedMap() : committed;
        if (parts.plan().operators().isEmpty()) {
            this.workspace = null;
            this.stores = null;
            return;
        }
        TreeMap<String, String> settings = new TreeMap<>(parts.conf().all());
        settings.putAll(conf);
        settings.put(CHECKPOINT_FORMAT, namesVersions ? "2" : "1");
        String parent = parts.conf().stateLocalDirectory();
        LocalWorkspace local = LocalWorkspace.create(
                parent.isBlank() ? parts.conf().localDirectory().toString() : parent);
        try {
            this.stores = StateStoreProviders.open(new StateStoresContext(
                    parts.checkpoint().storage(), parts.checkpoint().layout().root(), local.path(), settings));
        } catch (RuntimeException e) {
            local.close();
            throw e;
        }
        this.workspace = local;
    }

    WatermarkPropagation propagation() {
        return propagation;
    }

    /** Returns whether the plan has state at all. */
    boolean isThere() {
        return stores != null;
    }

    int partitions() {
        return partitions;
    }

    /**
     * Returns what the batch's tasks run with.
     *
     * @param previousWatermark the query's watermark in the batch before
     */
    StateRun at(BatchSlice slice, long previousWatermark) {
        OperatorWatermarks watermarks =
                propagation.of(previousWatermark, slice.metadata().batchWatermarkMs());
        return new StateRun(stores, id -> version(id, slice.batchId()), watermarks, partitions);
    }

    private StateVersion version(StateStoreId id, long number) {
        if (!namesVersions || number == 0) {
            return new StateVersion(number);
        }
        StatefulOperator operator = parts.plan().operators().get(Math.toIntExact(id.operatorId()));
        int store =
                operator.stores().stream().map(StateStoreSpec::name).toList().indexOf(id.name());
        return new StateVersion(
                number, uniqueIds.get(id.operatorId()).get(id.partition()).get(store));
    }

    /** Writes the files that say which operators the checkpoint belongs to, where there are none; once a run is enough. */
    void describeOperators() {
        if (!described) {
            new OperatorFiles(parts.checkpoint(), parts.plan().operators()).createMissing(partitions);
            described = true;
        }
    }

    /** Returns the staged versions as {@code prepared/N} announces them. */
    static List<PreparedBatch.StagedFile> announced(List<StagedState> states) {
        List<PreparedBatch.StagedFile> announced = new ArrayList<>();
        for (StagedState state : states) {
            for (StagedState.File file : state.files()) {
                announced.add(new PreparedBatch.StagedFile(
                        file.staged(), file.target(), new FileDigest(file.length(), file.crc32c())));
            }
        }
        return announced;
    }

    /** Returns the commit that makes the staged versions the newest. */
    CommitMetadata commit(long nextWatermark, List<StagedState> states) {
        if (!namesVersions || states.isEmpty()) {
            return new CommitMetadata(nextWatermark);
        }
        TreeMap<Long, TreeMap<Integer, TreeMap<Integer, String>>> ids = new TreeMap<>();
        for (StagedState state : states) {
            StateStoreId id = state.store();
            StatefulOperator operator = parts.plan().operators().get(Math.toIntExact(id.operatorId()));
            int store = operator.stores().stream()
                    .map(StateStoreSpec::name)
                    .toList()
                    .indexOf(id.name());
            if (state.uniqueId() == null) {
                throw new IllegalStateException(id + " was staged without the id that the commit log must name");
            }
            ids.computeIfAbsent(id.operatorId(), o -> new TreeMap<>())
                    .computeIfAbsent(id.partition(), p -> new TreeMap<>())
                    .put(store, state.uniqueId());
        }
        TreeMap<Long, List<List<String>>> lists = new TreeMap<>();
        ids.forEach((operator, byPartition) -> lists.put(
                operator,
                byPartition.values().stream()
                        .map(byStore -> List.copyOf(byStore.values()))
                        .toList()));
        return new CommitMetadata(nextWatermark, lists);
    }

    /** Hears that {@code commits/N} stands. */
    void committed(CommitMetadata commit, List<StagedState> states) {
        if (commit.stateUniqueIds() != null) {
            uniqueIds = commit.stateUniqueIds();
        }
        if (stores != null && !states.isEmpty()) {
            stores.committed(states);
        }
    }

    /**
     * Returns whether every store has {@code version} whole on disk; false where the commit log would have to say which
     * files make it up.
     */
    boolean isWhole(long version) {
        if (stores == null) {
            return true;
        }
        if (namesVersions) {
            return false;
        }
        return new WholeVersion(stores, parts.plan().operators(), partitions).isThere(version);
    }

    /**
     * Removes what attempts that are no more left of versions above {@code newest}.
     *
     * @param kept files of a prepared batch, relative to the checkpoint
     */
    void removeAbove(long newest, Set<String> kept) {
        if (stores != null) {
            TreeSet<String> directories = new TreeSet<>();
            for (StatefulOperator operator : parts.plan().operators()) {
                for (StateStoreSpec store : operator.stores()) {
                    for (int partition = 0; partition < partitions; partition++) {
                        directories.add(new StateStoreId(operator.id(), partition, store.name()).directory());
                    }
                }
            }
            files.removeAbove(newest, directories, kept);
        }
    }

    /** Uploads snapshots and removes old versions; in the background. */
    void maintain(long committedBatch) {
        if (stores != null) {
            stores.maintain(committedBatch + 1, parts.conf().minBatchesToRetain(), parts.ownership()::verify);
        }
    }

    @Override
    public void close() {
        try (LocalWorkspace local = workspace;
                StateStores open = stores) {
            // closed in this order: the stores, then the files they worked on
        }
    }
}
