package io.tidemark.ops.drill.crash.storage;

import java.util.Locale;

/** What of the finished and unfinished calls survives the end of a process or of its machine. */
public enum StorageModel {
    /** {@code kill -9} on a local disk: finished calls stay, one that was under way took place in part. */
    KILL,
    /** Power loss, the strictest reading of POSIX: synced bytes under names of synced directories, nothing else. */
    STRICT_POWER_LOSS,
    /** Power loss as disks are: any subset of what was not synced, zeros at ends, names without their bytes and the reverse. */
    WEAK_POWER_LOSS,
    /** An object store with conditional puts: a put is there whole or not at all; nothing is renamed. */
    OBJECT_STORE,
    /** HDFS: renames that never replace; of an unclosed file its name and the bytes synced before. */
    HDFS;

    /** Returns the name as command lines and reports spell it, {@code strict-power-loss}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns an empty storage of this model. */
    public SimulatedStorage create() {
        return switch (this) {
            case KILL, STRICT_POWER_LOSS, WEAK_POWER_LOSS -> DiskStorage.empty(this);
            case HDFS -> HdfsStorage.empty();
            case OBJECT_STORE -> ObjectStorage.empty(SimulatedObjectStore.Conditions.KEPT);
        };
    }
}
