package io.tidemark.state.rocksdb;

import io.tidemark.api.TimeSource;
import io.tidemark.api.error.Remedy;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.state.StagedState;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.StateStores;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.StateVersion;
import io.tidemark.state.format.ChecksumWriter;
import io.tidemark.state.format.LineageEntry;
import io.tidemark.state.format.StateCompression;
import io.tidemark.state.rocksdb.StoreSlot.Snapshot;
import io.tidemark.state.rocksdb.UseMetrics.SnapshotMetrics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * State in RocksDB, with a changelog for every version and snapshots in the background: Spark's RocksDB provider with
 * changelog checkpointing on, whose files this reads, and which reads these. Files of its mode without changelogs are read
 * too.
 *
 * <p>New state names its files by version alone (checkpoint format 1) unless {@code
 * spark.sql.streaming.stateStore.checkpointFormatVersion=2} is set; what exists goes on in its own format. The ids of
 * format 2 are made from the name of the attempt, so that nothing random is stored.
 */
public final class RocksDbStateStores implements StateStores {
    private final StateStoresContext context;
    private final RocksDbConf conf;
    private final StateCompression compression;
    private final NativeMemory memory;
    private final LocalFolder folder;
    private final StateLoader loader;
    private final SnapshotUploader uploader;
    private final VersionCleaner cleaner;
    private final ChecksumWriter checksums;
    private final ConcurrentSkipListMap<StateStoreId, StoreSlot> slots = new ConcurrentSkipListMap<>();
    private final ConcurrentMap<StateStoreId, SnapshotMetrics> snapshotMetrics = new ConcurrentHashMap<>();
    private final Object maintenance = new Object();
    private volatile boolean closed;

    /** @throws TidemarkException {@code INVALID_CONF} or {@code STATE_FORMAT_UNSUPPORTED} for settings that cannot be */
    public RocksDbStateStores(StateStoresContext context) {
        this.context = context;
        this.conf = RocksDbConf.of(context.conf());
        this.compression = StateCompression.of(context.conf());
        this.folder = new LocalFolder(context.localDirectory());
        folder.prepare();
        this.memory = NativeMemory.acquire(conf);
        this.loader = new StateLoader(context, conf, memory, folder);
        this.uploader = new SnapshotUploader(context, new UseMetrics(TimeSource.system()));
        this.cleaner = new VersionCleaner(context, conf);
        this.checksums = new ChecksumWriter(context);
    }

    @Override
    public StateStore open(StateStoreSpec spec, StateStoreId id, StateVersion version, String attempt) {
        if (closed) {
            throw new IllegalStateException("these state stores are closed");
        }
        KeyFraming framing = KeyFraming.of(spec);
        UseMetrics metrics = new UseMetrics(TimeSource.system());
        StoreSlot slot = slots.computeIfAbsent(id, StoreSlot::new);
        StoreCopy copy = slot.acquire(version, attempt, wanted -> loader.load(id, wanted, metrics));
        return new RocksDbStateStore(slot, copy, version, framing, staging(slot, copy, version, attempt), metrics);
    }

    private RocksDbStateStore.Staging staging(StoreSlot slot, StoreCopy copy, StateVersion version, String attempt) {
        StateStoreId id = slot.id();
        List<LineageEntry> lineage = slot.lineage(copy);
        boolean named = version.uniqueId() != null || (version.number() == 0 && conf.uniqueIds());
        StateVersion next = new StateVersion(version.number() + 1, named ? uniqueId(id, version, attempt) : null);
        return new RocksDbStateStore.Staging() {
            @Override
            public long heapBytes() {
                return conf.heapBytesPerUse();
            }

            @Override
            public StagedChangelog begin() {
                return new StagedChangelog(context, compression, id, next, lineage, attempt);
            }

            @Override
            public SnapshotMetrics snapshotMetrics() {
                SnapshotMetrics newest = snapshotMetrics.remove(id);
                return newest == null ? SnapshotMetrics.NONE : newest;
            }
        };
    }

    private static String uniqueId(StateStoreId id, StateVersion version, String attempt) {
        String name = attempt + "\n" + id + "\n" + version.number();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    @Override
    public void committed(List<StagedState> states) {
        checksums.committed(states);
        for (StagedState state : states) {
            StoreSlot slot = slots.get(state.store());
            if (slot != null) {
                slot.committed(state);
            }
        }
    }

    @Override
    public void rolledBack(long version) {
        slots.values().forEach(slot -> slot.rolledBack(version));
    }

    /**
     * {@inheritDoc}
     *
     * <p>A store that cannot be maintained does not keep the others from it; the first failure is thrown in the end.
     */
    @Override
    public void maintain(long committedVersion, int minBatchesToRetain, Runnable stillOwner) {
        synchronized (maintenance) {
            checksums.write(stillOwner);
            TidemarkException first = null;
            for (StoreSlot slot : slots.values()) {
                if (closed) {
                    return;
                }
                try {
                    upload(slot, committedVersion, stillOwner);
                    cleaner.clean(slot, committedVersion, minBatchesToRetain, stillOwner);
                } catch (TidemarkException e) {
                    if (e.code().remedy() == Remedy.STOP_THIS_RUN) {
                        throw e;
                    }
                    first = first == null ? e : first;
                }
            }
            if (first != null) {
                throw first;
            }
        }
    }

    private void upload(StoreSlot slot, long committedVersion, Runnable stillOwner) {
        StoreCopy copy = slot.newest();
        if (copy == null) {
            return;
        }
        Path directory = folder.fresh(slot.id().directory() + "-snapshot");
        try {
            if (!slot.isDue(copy, committedVersion, conf)) {
                return;
            }
            copy.db.flush(conf.compactOnCommit()); // most of it while the next batch may open the store
            Snapshot snapshot = slot.checkpoint(copy, committedVersion, conf, directory);
            if (snapshot != null) {
                SnapshotUploader.Stored stored = uploader.upload(slot.id(), snapshot, stillOwner);
                slot.stored(copy, snapshot.version(), stored.tables());
                snapshotMetrics.put(slot.id(), stored.metrics());
            }
        } finally {
            slot.release(copy, null);
            LocalFolder.delete(directory);
        }
    }

    @Override
    public void close() {
        closed = true;
        synchronized (maintenance) {
            slots.values().forEach(StoreSlot::close);
            memory.close();
            folder.remove();
        }
    }
}
