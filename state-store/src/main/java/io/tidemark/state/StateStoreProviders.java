package io.tidemark.state;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.state.memory.MemoryStateStores;
import io.tidemark.state.rocksdb.RocksDbStateStores;

/** Finds the provider of state that a query's settings name. */
public final class StateStoreProviders {
    private static final String KEY = "spark.sql.streaming.stateStore.providerClass";

    private static final String ROCKSDB_CLASS =
            "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider";

    private StateStoreProviders() {}

    /**
     * Opens the stores of a query with the provider whose Spark class {@value #KEY} names in the context's settings.
     *
     * @throws TidemarkException {@code STATE_FORMAT_UNSUPPORTED} if there is no such provider
     */
    public static StateStores open(StateStoresContext context) {
        String provider = context.conf().get(KEY);
        if (ROCKSDB_CLASS.equals(provider)) {
            return new RocksDbStateStores(context);
        }
        if (MemoryStateStores.PROVIDER_CLASS.equals(provider)) {
            return new MemoryStateStores(context);
        }
        throw new TidemarkException(
                ErrorCode.STATE_FORMAT_UNSUPPORTED,
                "Cannot keep state with " + KEY + "=" + provider + ": there is no such provider here.");
    }
}
