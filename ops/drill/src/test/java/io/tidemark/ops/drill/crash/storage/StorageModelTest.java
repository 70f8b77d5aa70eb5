package io.tidemark.ops.drill.crash.storage;

import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.storage.StorageContract;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;

/** Each simulated storage is one that the product can work with. */
class StorageModelTest {
    abstract static class OfModel extends StorageContract {
        private final String root;
        private final Storage storage;

        OfModel(StorageModel model) {
            SimulatedStorage simulated = model.create();
            root = simulated.checkpoint();
            storage = simulated.provider().openCheckpoint(root, new TreeMap<>());
        }

        @Override
        protected Storage storage() {
            return storage;
        }

        @Override
        protected String root() {
            return root;
        }

        @Override
        protected int racedFiles() {
            return 100;
        }
    }

    @Nested
    class Kill extends OfModel {
        Kill() {
            super(StorageModel.KILL);
        }
    }

    @Nested
    class StrictPowerLoss extends OfModel {
        StrictPowerLoss() {
            super(StorageModel.STRICT_POWER_LOSS);
        }
    }

    @Nested
    class WeakPowerLoss extends OfModel {
        WeakPowerLoss() {
            super(StorageModel.WEAK_POWER_LOSS);
        }
    }

    @Nested
    class Hdfs extends OfModel {
        Hdfs() {
            super(StorageModel.HDFS);
        }
    }

    @Nested
    class ObjectStore extends OfModel {
        ObjectStore() {
            super(StorageModel.OBJECT_STORE);
        }
    }
}
