package io.tidemark.ops.drill.crash.storage;

import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.storage.LocalDisk.LocalFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;

/** One directory of a simulated disk, written to call by call as a careless program would. */
final class SimulatedDiskProbe {
    private static final Path DIRECTORY = Path.of("/simulated");

    private final DiskStorage storage;
    private final SimulatedDisk disk;

    SimulatedDiskProbe(StorageModel model) {
        this.storage = (DiskStorage) model.create();
        this.disk = storage.disk();
    }

    enum Sync {
        YES,
        NO
    }

    void write(String name, byte[] content, Sync sync) throws IOException {
        try (LocalFile file = disk.create(DIRECTORY.resolve(name))) {
            file.write(content, 0, content.length);
            if (sync == Sync.YES) {
                file.sync();
            }
        }
        disk.syncDirectory(DIRECTORY);
    }

    void rename(String from, String to) throws IOException {
        disk.rename(DIRECTORY.resolve(from), DIRECTORY.resolve(to));
    }

    void syncDirectory() throws IOException {
        disk.syncDirectory(DIRECTORY);
    }

    int seeds() {
        return storage.seeds(storage.journal().size() - 1, SimulatedStorage.Moment.AFTER);
    }

    Optional<byte[]> afterPowerLoss(String name, long seed) throws IOException {
        Storage after = storage.restart(storage.stop(seed)).provider().open("/simulated", new TreeMap<>());
        return after.read(DIRECTORY.resolve(name).toString());
    }
}
