package io.tidemark.state.rocksdb;

import io.tidemark.state.StagedState;
import io.tidemark.state.StateVersion;
import io.tidemark.state.format.LineageEntry;
import io.tidemark.state.format.SnapshotMetadata.RemoteFile;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A local database and which version of a store it is. Everything but {@link #db} and {@link #generation} is guarded by the
 * {@link StoreSlot} it is in.
 */
final class StoreCopy {
    final LocalDb db;

    /** Counts up whenever the database becomes another version: a use that began before is of no more interest. */
    volatile long generation;

    /** The version the database holds, unless it is {@link #dirty}; always a committed one. */
    StateVersion version;

    /** How many keys that version has; -1 if nobody counts. */
    long keys;

    /** The newest version of which there is a snapshot that this copy stands on, 0 if there is none. */
    long snapshot;

    /** By their local names, the SST files of that snapshot. */
    SortedMap<String, RemoteFile> uploaded = new TreeMap<>();

    /** In checkpoint format 2, the versions from that snapshot to this one. */
    List<LineageEntry> lineage = new ArrayList<>();

    /** Names the last attempt that had this open. */
    String attempt = "";

    int uses;
    boolean dirty; // a use has written through, so that the database is no version at all
    boolean retired; // to be closed when the last use ends
    final List<StagedChange> staged = new ArrayList<>();

    /** What became version {@code version + 1} and is not written to the database yet. */
    @Nullable
    StagedChange confirmed;

    StoreCopy(LocalDb db, StateVersion version, long keys) {
        this.db = db;
        this.version = version;
        this.keys = keys;
    }

    /**
     * A successor of the copy's version that was staged.
     *
     * @param writes what makes it; null if the database has it already
     * @param keys how many keys it has
     */
    record StagedChange(StagedState state, @Nullable PendingWrites writes, long keys) {
        StateVersion version() {
            return new StateVersion(state.version(), state.uniqueId());
        }

        boolean is(StagedState other) {
            return state.version() == other.version()
                    && !other.files().isEmpty()
                    && state.files().get(0).equals(other.files().get(0));
        }
    }

    boolean usable() {
        return !retired && !dirty && !db.broken();
    }

    /** Makes the confirmed successor the version of the database. */
    void advance() {
        StagedChange change = confirmed;
        if (change == null) {
            throw new IllegalStateException("there is nothing to go on to");
        }
        generation++;
        confirmed = null;
        if (change.writes() != null) {
            db.write(change.writes());
        }
        version = change.version();
        keys = change.keys();
        if (version.uniqueId() != null) {
            lineage.add(new LineageEntry(version.number(), version.uniqueId()));
        }
        dirty = false;
        staged.clear();
    }
}
