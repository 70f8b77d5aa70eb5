package io.tidemark.state.memory;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.state.StagedState;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.StateStores;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.StateVersion;
import io.tidemark.state.format.ChecksumWriter;
import io.tidemark.state.format.StateFileName.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Stores that are in memory as a whole. A version is loaded once, from its files; after that each batch adds its change.
 * In the background a snapshot is written once more versions have come behind
 * the last one than {@link #MIN_DELTAS} says, 10 by default.
 *
 * <p>Checkpoint format 2 has no place in this provider, in Spark neither.
 */
public final class MemoryStateStores implements StateStores {
    /** Spark's name of the provider. */
    public static final String PROVIDER_CLASS =
            "org.apache.spark.sql.execution.streaming.state.HDFSBackedStateStoreProvider";

    /** Spark's conf for how many deltas may stand behind a snapshot before the next is due. */
    public static final String MIN_DELTAS = "spark.sql.streaming.stateStore.minDeltasForSnapshot";

    private final DeltaFiles files;
    private final ChecksumWriter checksums;
    private final int minDeltas;
    private final Map<StateStoreId, Kept> kept = new TreeMap<>();

    public MemoryStateStores(StateStoresContext context) {
        files = new DeltaFiles(context);
        checksums = new ChecksumWriter(context);
        String text = context.conf().getOrDefault(MIN_DELTAS, "10");
        if (!text.matches("[0-9]{1,9}")) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONF,
                    "Cannot use " + MIN_DELTAS + "=" + text + ": it is no number of deltas. Set it to 10 or so.");
        }
        minDeltas = Integer.parseInt(text);
    }

    /** What is kept of a store. */
    private static final class Kept {
        private @Nullable Table table;
        /** Staged, not yet committed; by the staged name of the delta. */
        private final Map<String, Pending> pending = new HashMap<>();
    }

    private record Pending(long version, Layer changes, long sizeAfter) {}

    DeltaFiles files() {
        return files;
    }

    @Override
    public StateStore open(StateStoreSpec spec, StateStoreId id, StateVersion version, String attempt) {
        if (version.uniqueId() != null) {
            throw new TidemarkException(
                    ErrorCode.STATE_FORMAT_UNSUPPORTED,
                    "Cannot open version " + version.number() + " of state '" + id
                            + "' by its unique id: the provider that keeps state in memory has none, in Spark neither."
                            + " The checkpoint's conf names the wrong provider.");
        }
        KeyOrder order = KeyOrder.of(spec);
        Table table;
        synchronized (kept) {
            table = kept.computeIfAbsent(id, absent -> new Kept()).table;
        }
        Optional<Table.View> view = table == null ? Optional.empty() : table.view(version.number());
        boolean cached = view.isPresent();
        if (!cached) {
            table = new Table(version.number(), files.load(id, version.number(), order));
            view = table.view(version.number());
            keep(id, table);
        }
        return new MemoryStateStore(this, id, version, attempt, order, view.orElseThrow(), cached);
    }

    /** Keeps a table that was just loaded, unless a later version is kept. */
    private void keep(StateStoreId id, Table table) {
        synchronized (kept) {
            Kept of = kept.get(id);
            if (of != null && (of.table == null || of.table.newest() <= table.newest())) {
                of.table = table;
            }
        }
    }

    /** Remembers what a version changed until it is committed or another is. */
    void keep(StagedState staged, Layer changes, long sizeAfter) {
        synchronized (kept) {
            Kept of = kept.get(staged.store());
            if (of != null) {
                of.pending.put(name(staged), new Pending(staged.version(), changes, sizeAfter));
            }
        }
    }

    private static String name(StagedState staged) {
        return staged.files().get(0).staged();
    }

    @Override
    public void committed(List<StagedState> states) {
        checksums.committed(states);
        synchronized (kept) {
            for (StagedState state : states) {
                Kept of = kept.get(state.store());
                if (of == null) {
                    continue;
                }
                Pending pending = of.pending.get(name(state));
                of.pending.values().removeIf(other -> other.version() <= state.version());
                if (of.table != null && pending != null && of.table.newest() == state.version() - 1) {
                    of.table.append(pending.changes(), pending.sizeAfter());
                } else if (of.table != null && of.table.newest() != state.version()) {
                    of.table = null; // it is not this past that it was made from
                }
            }
        }
    }

    @Override
    public void rolledBack(long version) {
        synchronized (kept) {
            for (Kept of : kept.values()) {
                of.pending.clear();
                if (of.table != null && of.table.newest() > version) {
                    of.table = null;
                }
            }
        }
    }

    @Override
    public void maintain(long committedVersion, int minBatchesToRetain, Runnable stillOwner) {
        checksums.write(stillOwner);
        Map<StateStoreId, Kept> all;
        synchronized (kept) {
            all = new TreeMap<>(kept);
        }
        for (Map.Entry<StateStoreId, Kept> entry : all.entrySet()) {
            StateStoreId id = entry.getKey();
            Table table;
            synchronized (kept) {
                table = entry.getValue().table;
            }
            long snapshot =
                    files.list(id).newestUpTo(Kind.SNAPSHOT, committedVersion).orElse(0L);
            if (table != null && committedVersion - snapshot > minDeltas) {
                snapshot(id, committedVersion, table, stillOwner);
            }
            files.cleanUp(id, committedVersion - minBatchesToRetain + 1, stillOwner);
        }
    }

    private void snapshot(StateStoreId id, long version, Table table, Runnable stillOwner) {
        Optional<Table.View> found = table.view(version);
        if (found.isPresent()) {
            try (Table.View view = found.get()) {
                files.snapshot(id, version, whole(view), stillOwner);
            }
        }
    }

    private static Layer whole(Table.View view) {
        if (view.newestFirst().size() == 1) {
            return view.newestFirst().get(0);
        }
        Layer whole = new Layer();
        for (int i = view.newestFirst().size() - 1; i >= 0; i--) {
            whole.merge(view.newestFirst().get(i));
        }
        return whole;
    }

    @Override
    public void close() {
        synchronized (kept) {
            kept.clear();
        }
    }
}
