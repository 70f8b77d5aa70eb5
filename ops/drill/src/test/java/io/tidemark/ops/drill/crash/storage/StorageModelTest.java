package io.tidemark.ops.drill.crash.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.storage.StorageContract;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Call;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Moment;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Each simulated storage is one that the product can work with. */
class StorageModelTest {
    abstract static class OfModel extends StorageContract {
        private static final byte[] OLD = "0123456789".getBytes(UTF_8);
        private static final byte[] NEW = "abcdefghijklmno".getBytes(UTF_8);
        private static final int DRAWN = 20; // beside the seeds that a model numbers itself

        private final StorageModel model;
        private final String root;
        private final Storage storage;

        OfModel(StorageModel model) {
            this.model = model;
            SimulatedStorage simulated = model.create();
            root = simulated.checkpoint();
            storage = open(simulated);
        }

        private static Storage open(SimulatedStorage simulated) {
            return simulated.provider().openCheckpoint(simulated.checkpoint(), new TreeMap<>());
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

        @Test
        void whateverStopsAReplacementLeavesTheOldFileOrTheNewOne() throws IOException {
            SimulatedStorage before = model.create();
            String file = root + "/sources/0/0";
            open(before).createExclusive(file, OLD);
            SimulatedStorage replacing = before.restart(before.stop(0));
            open(replacing).replace(file, NEW);
            List<Call> journal = replacing.journal();
            int images = 0;
            for (Call call : journal) {
                for (Moment moment : replacing.moments(call)) {
                    for (long seed = -DRAWN; seed < replacing.seeds(call.index(), moment); seed++) {
                        SimulatedStorage after = replacing.restart(replacing.crash(call.index(), moment, seed));
                        Optional<byte[]> left = open(after).read(file);
                        boolean done = call.index() == journal.size() - 1 && moment == Moment.AFTER;
                        assertThat(left)
                                .as("%s %s, seed %d", moment, call, seed)
                                .isPresent();
                        assertThat(left.get()).isIn(done ? List.of(NEW) : List.of(OLD, NEW));
                        open(after).createExclusive(root + "/next", NEW);
                        images++;
                    }
                }
            }
            assertThat(images).isGreaterThan(journal.size());
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
