package io.tidemark.state;

import io.tidemark.api.storage.Storage;
import io.tidemark.state.format.StateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a query's loop does with its stores, for tests: opens a version, stages the next, gives the files their names, tells
 * the stores. {@link #restart} is another process on the same checkpoint, which knows nothing but the files.
 */
public final class StateHost implements AutoCloseable {
    private final Function<StateStoresContext, StateStores> provider;
    private final Storage storage;
    private final Path checkpoint;
    private final Path local;
    private final SortedMap<String, String> conf = new TreeMap<>();
    private StateStores stores;
    private int processes;
    private int attempts;

    public StateHost(Function<StateStoresContext, StateStores> provider, Storage storage, Path folder) {
        this.provider = provider;
        this.storage = storage;
        this.checkpoint = folder.resolve("checkpoint");
        this.local = folder.resolve("local");
        this.conf.put("spark.sql.streaming.stateStore.minDeltasForSnapshot", "3");
        this.stores = start();
    }

    /** Sets what the next process finds in its conf. */
    public StateHost with(String key, String value) {
        conf.put(key, value);
        restart();
        return this;
    }

    private StateStores start() {
        return provider.apply(
                new StateStoresContext(storage, checkpoint.toString(), local.resolve("process" + processes++), conf));
    }

    public StateStores stores() {
        return stores;
    }

    public Path checkpoint() {
        return checkpoint;
    }

    /** Ends the process, as a crash would as far as files go, and starts another. */
    public void restart() {
        stores.close();
        stores = start();
    }

    /** Opens a version under the name of a new attempt. */
    public StateStore open(StateStoreSpec spec, StateStoreId id, StateVersion version) {
        return stores.open(spec, id, version, version.number() + "/run" + processes + "-0-0-" + attempts++);
    }

    public StateStore open(StateStoreSpec spec, StateStoreId id, long version) {
        return open(spec, id, new StateVersion(version));
    }

    /** Makes the version after {@code version} of a store and commits it. */
    public StateVersion batch(StateStoreSpec spec, StateStoreId id, StateVersion version, Consumer<StateStore> work) {
        StagedState state;
        try (StateStore store = open(spec, id, version)) {
            work.accept(store);
            state = store.commit();
        }
        name(state);
        stores.committed(List.of(state));
        return new StateVersion(state.version(), state.uniqueId());
    }

    public StateVersion batch(StateStoreSpec spec, StateStoreId id, long version, Consumer<StateStore> work) {
        return batch(spec, id, new StateVersion(version), work);
    }

    /** Gives staged files their final names, in place of what an attempt that came to nothing left there. */
    public void name(StagedState state) {
        for (StagedState.File file : state.files()) {
            StateFiles.delete(storage, checkpoint.toString(), file.target());
            try {
                storage.link(checkpoint + "/" + file.staged(), checkpoint + "/" + file.target());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Returns all entries of a version of a store of one long to one long. */
    public SortedMap<Long, Long> content(StateStoreSpec spec, StateStoreId id, StateVersion version) {
        try (StateStore store = open(spec, id, version)) {
            return content(store);
        }
    }

    public static SortedMap<Long, Long> content(StateStore store) {
        SortedMap<Long, Long> content = new TreeMap<>();
        try (StateIterator entries = store.iterator()) {
            while (entries.next()) {
                Long before = content.put(Rows.field(entries.key(), 0), Rows.field(entries.value(), 0));
                if (before != null) {
                    throw new AssertionError("key " + Rows.field(entries.key(), 0) + " is shown twice");
                }
            }
        }
        return content;
    }

    @Override
    public void close() {
        stores.close();
    }
}
