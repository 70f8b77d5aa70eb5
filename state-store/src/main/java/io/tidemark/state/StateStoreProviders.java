package io.tidemark.state;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;

/** Finds the provider of state that a query's settings name. */
public final class StateStoreProviders {
    private static final String KEY = "spark.sql.streaming.stateStore.providerClass";

    private StateStoreProviders() {}

    /**
     * Opens the stores of a query with the provider whose Spark class {@value #KEY} names in the context's settings.
     *
     * @throws TidemarkException {@code STATE_FORMAT_UNSUPPORTED} if there is no such provider
     */
    public static StateStores open(StateStoresContext context) {
        throw new TidemarkException(
                ErrorCode.STATE_FORMAT_UNSUPPORTED,
                "Cannot keep state with " + KEY + "=" + context.conf().get(KEY) + ": there is no such provider here.");
    }
}
