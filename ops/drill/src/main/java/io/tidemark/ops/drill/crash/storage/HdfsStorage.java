package io.tidemark.ops.drill.crash.storage;

import io.tidemark.api.storage.StorageProvider;
import io.tidemark.ops.drill.crash.storage.HdfsNames.Node;
import java.util.List;
import java.util.Map;

/** The product's storage on HDFS over a simulated name node. */
final class HdfsStorage extends LifeStorage<HdfsNames> {
    private static final int PROCESS_DIES = 0;
    private static final int ALL_THAT_WAS_SENT = 1;

    private final Map<String, String> settings;
    private final StorageProvider provider;

    private HdfsStorage(HdfsNames names) {
        super(names, HdfsNames::copy);
        this.settings = Map.of(
                "fs.hdfs.impl",
                SimulatedHdfs.class.getName(),
                "fs.hdfs.impl.disable.cache",
                "true",
                "fs.AbstractFileSystem.hdfs.impl",
                SimulatedHdfsContext.class.getName(),
                SimulatedServers.KEY,
                SimulatedServers.add(life()));
        this.provider = new ConfiguredProvider(settings);
    }

    static HdfsStorage empty() {
        return new HdfsStorage(new HdfsNames());
    }

    @Override
    HdfsStorage begin(HdfsNames names) {
        return new HdfsStorage(names);
    }

    /** Returns what leads Hadoop to this storage. */
    Map<String, String> settings() {
        return settings;
    }

    @Override
    public String checkpoint() {
        return "hdfs://simulated/checkpoint";
    }

    @Override
    public String table() {
        return "hdfs://simulated/table";
    }

    @Override
    public StorageProvider provider() {
        return provider;
    }

    /** Three fates: the process dies; so it does, and a lease recovery keeps all it had sent; the data nodes lose power. */
    @Override
    public int seeds(int index, Moment moment) {
        return 3;
    }

    @Override
    HdfsNames surviving(HdfsNames names, long seed) {
        int fate = (int) Math.floorMod(seed, 3L);
        return names.surviving(file -> content(file, fate));
    }

    private static Content content(Node file, int fate) {
        return switch (fate) {
            case PROCESS_DIES -> file.visible();
            case ALL_THAT_WAS_SENT -> file.bytes();
            default -> file.bytes().prefix(file.synced()); // dfs.datanode.synconclose is off unless somebody sets it
        };
    }

    @Override
    String digest(HdfsNames names) {
        return names.digest();
    }

    @Override
    public List<Moment> moments(Call call) {
        return call.name().equals("hsync") ? Life.tornMoments(call) : List.of(Moment.BEFORE, Moment.AFTER);
    }
}
