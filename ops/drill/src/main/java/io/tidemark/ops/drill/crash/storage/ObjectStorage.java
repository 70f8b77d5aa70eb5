package io.tidemark.ops.drill.crash.storage;

import io.tidemark.api.storage.StorageProvider;
import io.tidemark.ops.drill.crash.storage.SimulatedObjectStore.Conditions;
import java.util.List;
import java.util.Map;

/** The product's storage on S3 over a simulated bucket. What the store has answered stays; there is nothing else. */
final class ObjectStorage extends LifeStorage<ObjectKeys> {
    private final Conditions conditions;
    private final Map<String, String> settings;
    private final StorageProvider provider;

    private ObjectStorage(ObjectKeys objects, Conditions conditions) {
        super(objects, ObjectKeys::copy);
        this.conditions = conditions;
        this.settings = Map.of(
                "fs.s3a.impl",
                SimulatedObjectStore.class.getName(),
                "fs.s3a.impl.disable.cache",
                "true",
                Conditions.KEY,
                conditions.name(),
                SimulatedServers.KEY,
                SimulatedServers.add(life()));
        this.provider = new ConfiguredProvider(settings);
    }

    static ObjectStorage empty(Conditions conditions) {
        return new ObjectStorage(new ObjectKeys(), conditions);
    }

    @Override
    ObjectStorage begin(ObjectKeys objects) {
        return new ObjectStorage(objects, conditions);
    }

    /** Returns what leads Hadoop to this storage. */
    Map<String, String> settings() {
        return settings;
    }

    @Override
    public String checkpoint() {
        return "s3a://simulated/checkpoint";
    }

    @Override
    public String table() {
        return "s3a://simulated/table";
    }

    @Override
    public StorageProvider provider() {
        return provider;
    }

    @Override
    public int seeds(int index, Moment moment) {
        return 1;
    }

    @Override
    ObjectKeys surviving(ObjectKeys objects, long seed) {
        return objects;
    }

    @Override
    String digest(ObjectKeys objects) {
        return objects.digest();
    }

    @Override
    public List<Moment> moments(Call call) {
        boolean stores = call.name().equals("complete-upload")
                || (call.name().equals("put") && !call.path().endsWith("/"));
        return stores ? List.of(Moment.BEFORE, Moment.AFTER, Moment.LATE) : List.of(Moment.BEFORE, Moment.AFTER);
    }
}
