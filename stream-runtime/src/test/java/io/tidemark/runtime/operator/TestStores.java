package io.tidemark.runtime.operator;

import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;

/** Where a harness keeps state. */
interface TestStores extends AutoCloseable {
    /** Opens a version that was finished before, or version 0. */
    StateStore open(StateStoreSpec spec, StateStoreId id, long version);

    /** Commits a store and makes the next version real. */
    void finish(StateStore store) throws Exception;

    /** Forgets what is kept outside of durable files, as a restart does. */
    void restart();

    @Override
    void close();
}
