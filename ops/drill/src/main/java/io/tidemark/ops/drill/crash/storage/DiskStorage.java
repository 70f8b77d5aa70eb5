package io.tidemark.ops.drill.crash.storage;

import io.tidemark.api.storage.StorageProvider;
import io.tidemark.checkpoint.storage.StorageProviders;
import java.util.List;

/** The product's local storage on a disk in memory. */
final class DiskStorage implements SimulatedStorage {
    private static final String ROOT = "simulated";

    private final StorageModel model;
    private final Life<DiskTree> life;
    private final SimulatedDisk disk;
    private final StorageProvider provider;

    private DiskStorage(StorageModel model, DiskTree tree) {
        this.model = model;
        this.life = new Life<>(tree, DiskTree::copy);
        this.disk = new SimulatedDisk(life);
        this.provider = StorageProviders.on(disk);
    }

    static DiskStorage empty(StorageModel model) {
        DiskTree tree = new DiskTree();
        tree.createDirectory(DiskTree.ROOT, ROOT, tree.next());
        return new DiskStorage(model, tree.withoutProcess());
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
    public List<Call> journal() {
        return life.journal();
    }

    @Override
    public void arm(Fault fault) {
        life.arm(fault);
    }

    @Override
    public boolean faultMet() {
        return life.faultMet();
    }

    @Override
    public CrashImage crash(int index, Moment moment, long seed) {
        return new Image(surviving(at(index, moment), seed));
    }

    @Override
    public int seeds(int index, Moment moment) {
        return model == StorageModel.WEAK_POWER_LOSS ? at(index, moment).subsets() : 1;
    }

    private DiskTree at(int index, Moment moment) {
        DiskTree tree = life.first().copy();
        life.replay(tree, index, moment);
        return tree;
    }

    private DiskTree surviving(DiskTree tree, long seed) {
        return switch (model) {
            case STRICT_POWER_LOSS -> tree.synced();
            case WEAK_POWER_LOSS -> tree.someOfUnsynced(seed);
            case KILL, OBJECT_STORE, HDFS -> tree.withoutProcess();
        };
    }

    @Override
    public List<Moment> moments(Call call) {
        return model == StorageModel.KILL ? Life.tornMoments(call) : List.of(Moment.BEFORE, Moment.AFTER);
    }

    @Override
    public CrashImage stop(long seed) {
        synchronized (life) {
            return new Image(surviving(life.now(), seed));
        }
    }

    @Override
    public SimulatedStorage restart(CrashImage image) {
        return new DiskStorage(model, ((Image) image).tree);
    }

    private record Image(DiskTree tree) implements CrashImage {
        @Override
        public String digest() {
            return tree.digest();
        }
    }
}
