package io.tidemark.runtime.operator;

import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.state.StagedState;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreProviders;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.StateStores;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.StateVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/** Stores of a real provider on local disk. */
final class ProvidedStores implements TestStores {
    private static final String CLASSES = "org.apache.spark.sql.execution.streaming.state.";

    private final Storage storage = LocalStorage.create();
    private final Path root;
    private final StateStoresContext context;
    private StateStores stores;

    private ProvidedStores(Path directory, String providerClass) {
        root = directory.resolve("checkpoint");
        TreeMap<String, String> conf = new TreeMap<>();
        conf.put("spark.sql.streaming.stateStore.providerClass", CLASSES + providerClass);
        conf.put("spark.sql.streaming.stateStore.minDeltasForSnapshot", "3");
        context = new StateStoresContext(storage, root.toString(), directory.resolve("local"), conf);
        stores = StateStoreProviders.open(context);
    }

    static ProvidedStores rocksDb(Path directory) {
        return new ProvidedStores(directory, "RocksDBStateStoreProvider");
    }

    static ProvidedStores memory(Path directory) {
        return new ProvidedStores(directory, "HDFSBackedStateStoreProvider");
    }

    @Override
    public StateStore open(StateStoreSpec spec, StateStoreId id, long version) {
        return stores.open(spec, id, new StateVersion(version), version + "/" + id.operatorId() + "-" + id.partition());
    }

    @Override
    public void finish(StateStore store) throws Exception {
        StagedState state = store.commit();
        for (StagedState.File file : state.files()) {
            storage.delete(root + "/" + file.target());
            storage.link(root + "/" + file.staged(), root + "/" + file.target());
        }
        store.close();
        stores.committed(List.of(state));
    }

    @Override
    public void restart() {
        stores.close();
        stores = StateStoreProviders.open(context);
    }

    @Override
    public void close() {
        stores.close();
    }
}
