package io.tidemark.runtime.batch;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.runtime.operator.StatefulOperator;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.StateStores;
import io.tidemark.state.StateVersion;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether a version of all stores is there, by opening each. Slow; asked only after another engine ran a batch. */
final class WholeVersion {
    private static final Logger LOG = LoggerFactory.getLogger(WholeVersion.class);

    private final StateStores stores;
    private final List<StatefulOperator> operators;
    private final int partitions;

    WholeVersion(StateStores stores, List<StatefulOperator> operators, int partitions) {
        this.stores = stores;
        this.operators = operators;
        this.partitions = partitions;
    }

    boolean isThere(long version) {
        for (StatefulOperator operator : operators) {
            for (StateStoreSpec spec : operator.stores()) {
                for (int partition = 0; partition < (operator.isSinglePartition() ? 1 : partitions); partition++) {
                    StateStoreId id = new StateStoreId(operator.id(), partition, spec.name());
                    if (!opens(spec, id, version)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private boolean opens(StateStoreSpec spec, StateStoreId id, long version) {
        try (StateStore store = stores.open(spec, id, new StateVersion(version), version + "/look")) {
            store.abort();
            return true;
        } catch (TidemarkException e) {
            if (e.code() == ErrorCode.STATE_FILE_MISSING || e.code() == ErrorCode.STATE_FILE_CORRUPT) {
                LOG.info("Version {} of {} is not whole: {}", version, id, e.getMessage());
                return false;
            }
            throw e;
        }
    }
}
