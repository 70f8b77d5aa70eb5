package io.tidemark.ops.drill.crash.storage;

import io.tidemark.api.storage.StorageProvider;
import io.tidemark.checkpoint.storage.StorageProviders;
import java.util.List;

/** The product's local storage on a disk in memory. */
final class DiskStorage extends LifeStorage<DiskTree> {
    private static final String ROOT = "simulated";

    private final StorageModel model;
    private final SimulatedDisk disk;
    private final StorageProvider provider;

    private DiskStorage(StorageModel model, DiskTree tree) {
        super(tree, DiskTree::copy);
        this.model = model;
        this.disk = new SimulatedDisk(life());
        this.provider = StorageProviders.on(disk);
    }

    static DiskStorage empty(StorageModel model) {
        DiskTree tree = new DiskTree();
        tree.createDirectory(DiskTree.ROOT, ROOT, tree.next());
        return new DiskStorage(model, tree.withoutProcess());
    }

    @Override
    DiskStorage begin(DiskTree tree) {
        return new DiskStorage(model, tree);
    }

    SimulatedDisk disk() {
        return disk;
    }

    @Override
    public String checkpoint() {
        return "/" + ROOT + "/checkpoint";
    }

    @Override
    public String table() {
        return "/" + ROOT + "/table";
    }

    @Override
    public StorageProvider provider() {
        return provider;
    }

    @Override
    public int seeds(int index, Moment moment) {
        return model == StorageModel.WEAK_POWER_LOSS ? at(index, moment).subsets() : 1;
    }

    @Override
    DiskTree surviving(DiskTree tree, long seed) {
        return switch (model) {
            case STRICT_POWER_LOSS -> tree.synced();
            case WEAK_POWER_LOSS -> tree.someOfUnsynced(seed);
            case KILL, OBJECT_STORE, HDFS -> tree.withoutProcess();
        };
    }

    @Override
    String digest(DiskTree tree) {
        return tree.digest();
    }

    @Override
    public List<Moment> moments(Call call) {
        return model == StorageModel.KILL ? Life.tornMoments(call) : List.of(Moment.BEFORE, Moment.AFTER);
    }
}
