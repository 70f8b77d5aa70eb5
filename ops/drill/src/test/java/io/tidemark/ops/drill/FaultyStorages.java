package io.tidemark.ops.drill;

import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.checkpoint.storage.StorageProviders;
import io.tidemark.testkit.FaultyStorage;
import java.util.SortedMap;

/** The product's storages, of which one operation is hit as a plan says. */
final class FaultyStorages implements StorageProvider {
    private final StorageProvider real = new StorageProviders();
    private final FaultyStorage.Plan plan;

    FaultyStorages(FaultyStorage.Plan plan) {
        this.plan = plan;
    }

    @Override
    public boolean serves(String scheme) {
        return real.serves(scheme);
    }

    @Override
    public Storage open(String location, SortedMap<String, String> conf) {
        return new FaultyStorage(real.open(location, conf), plan);
    }

    @Override
    public Storage openCheckpoint(String location, SortedMap<String, String> conf) {
        return new FaultyStorage(real.openCheckpoint(location, conf), plan);
    }
}
