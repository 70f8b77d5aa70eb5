package io.tidemark.state.memory;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.state.StagedState;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.format.ChangelogReader;
import io.tidemark.state.format.ChangelogReader.Change;
import io.tidemark.state.format.ChangelogWriter;
import io.tidemark.state.format.StagedFileOutput;
import io.tidemark.state.format.StateCompression;
import io.tidemark.state.format.StateDirectory;
import io.tidemark.state.format.StateFileException;
import io.tidemark.state.format.StateFileName;
import io.tidemark.state.format.StateFileName.Kind;
import io.tidemark.state.format.StateFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the in-memory provider: {@code V.delta} is the change to version V, {@code V.snapshot} all of it; keys and
 * values are bare rows. Both can stand for one version.
 */
final class DeltaFiles {
    private static final Logger LOG = LoggerFactory.getLogger(DeltaFiles.class);

    private final StateStoresContext context;
    private final StateCompression compression;

    DeltaFiles(StateStoresContext context) {
        this.context = context;
        this.compression = StateCompression.of(context.conf());
    }

    StateDirectory list(StateStoreId id) {
        return StateDirectory.list(context.storage(), context.root(), id);
    }

    /**
     * Reads a version: the newest snapshot up to it, then all deltas behind. If that snapshot is damaged, an older one
     * and the deltas that led to it do as well.
     */
    Layer load(StateStoreId id, long version, KeyOrder order) {
        List<Long> snapshots = new ArrayList<>(list(id).versions(Kind.SNAPSHOT).headSet(version + 1));
        snapshots.add(0, 0L);
        StateFileException first = null;
        for (int i = snapshots.size() - 1; i >= 0; i--) {
            try {
                Layer loaded = load(id, snapshots.get(i), version, order);
                if (first != null) {
                    LOG.warn(
                            "Version {} of state '{}' was rebuilt from version {} and the deltas behind it: {}",
                            version,
                            id,
                            snapshots.get(i),
                            first.getMessage());
                }
                return loaded;
            } catch (StateFileException e) {
                if (e.code() == ErrorCode.STATE_STORE_FAILED) {
                    throw e;
                }
                first = first == null ? e : first; // what should have been there is what to name
            }
        }
        throw first == null ? new IllegalStateException("nothing to load") : first;
    }

    private Layer load(StateStoreId id, long snapshot, long version, KeyOrder order) {
        Layer layer = new Layer();
        String neededFor = "version " + version + " of state '" + id + "'";
        if (snapshot > 0) {
            read(path(id, snapshot, Kind.SNAPSHOT), neededFor, false, order, layer);
        }
        for (long delta = snapshot + 1; delta <= version; delta++) {
            read(path(id, delta, Kind.DELTA), neededFor, true, order, layer);
        }
        return layer;
    }

    private void read(String file, String neededFor, boolean removals, KeyOrder order, Layer into) {
        byte[] content = StateFiles.read(context.storage(), context.root(), file, neededFor);
        try (ChangelogReader records = ChangelogReader.openDelta(file, content)) {
            while (records.next()) {
                Key key = order.key(records.copyKey());
                if (records.change() == Change.REMOVE) {
                    if (!removals) {
                        throw StateFileException.corrupt(file, "a key in it has no value");
                    }
                    into.remove(key);
                } else {
                    // Spark before 2.3 wrote four bytes too many; a row is a multiple of eight
                    int start = records.valueStart();
                    into.put(key, Arrays.copyOfRange(records.data(), start, start + (records.valueLength() & ~7)));
                }
            }
        } catch (io.tidemark.state.codec.MalformedRowException e) {
            throw StateFileException.corrupt(file, "a key in it is no row: " + e.getMessage(), e);
        }
    }

    /** Writes a delta under a staged name. */
    StagedState.File stage(StateStoreId id, long version, String attempt, Layer changes) {
        String target = path(id, version, Kind.DELTA);
        try (StagedFileOutput out = StagedFileOutput.create(context.storage(), context.root(), attempt, target)) {
            write(out, changes);
            return out.publish();
        } catch (IOException e) {
            throw StateFileException.storage("write", target, e);
        }
    }

    /**
     * Writes a snapshot under its final name, which nobody needs before the next load.
     *
     * @param stillOwner asked when the file is whole
     */
    void snapshot(StateStoreId id, long version, Layer whole, Runnable stillOwner) {
        String target = path(id, version, Kind.SNAPSHOT);
        try (StagedFileOutput out =
                StagedFileOutput.createFinal(context.storage(), context.root(), target, context.conf())) {
            write(out, whole);
            stillOwner.run();
            out.publish();
        } catch (IOException e) {
            throw StateFileException.storage("write", target, e);
        }
    }

    private void write(StagedFileOutput out, Layer layer) throws IOException {
        try (ChangelogWriter writer = ChangelogWriter.open(out, compression, false)) {
            for (Map.Entry<Key, byte[]> entry : layer.entries.entrySet()) {
                if (entry.getValue() == Layer.GONE) {
                    writer.remove(entry.getKey().row());
                } else {
                    writer.put(entry.getKey().row(), entry.getValue());
                }
            }
            writer.finish();
        }
    }

    /**
     * Removes what no version from {@code earliest} on needs: everything below the newest snapshot up to it.
     *
     * @param stillOwner asked once it is known what is to go
     */
    void cleanUp(StateStoreId id, long earliest, Runnable stillOwner) {
        StateDirectory found = list(id);
        long keep = found.newestUpTo(Kind.SNAPSHOT, earliest).orElse(0L);
        List<String> obsolete = new ArrayList<>();
        for (StateFileName file : found.files().keySet()) {
            if (file.version() < keep && (file.kind() == Kind.DELTA || file.kind() == Kind.SNAPSHOT)) {
                obsolete.add(file.text());
            }
        }
        for (String checksum : found.checksums()) {
            String name = checksum.substring(0, checksum.length() - ".crc".length());
            if (StateFileName.parse(name).filter(file -> file.version() < keep).isPresent()) {
                obsolete.add(name);
            }
        }
        if (!obsolete.isEmpty()) {
            stillOwner.run();
        }
        for (String name : obsolete) {
            StateFiles.delete(context.storage(), context.root(), id.directory() + "/" + name);
        }
    }

    private static String path(StateStoreId id, long version, Kind kind) {
        return id.directory() + "/" + new StateFileName(version, kind).text();
    }
}
