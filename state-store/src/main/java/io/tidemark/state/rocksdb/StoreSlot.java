package io.tidemark.state.rocksdb;

import io.tidemark.state.StagedState;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateVersion;
import io.tidemark.state.format.LineageEntry;
import io.tidemark.state.format.SnapshotMetadata.RemoteFile;
import io.tidemark.state.rocksdb.StoreCopy.StagedChange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The local copies of one store: one as a rule, another where a use has written through and a second use wants the version
 * before. Safe for use by many threads; a load holds the others of the same store up.
 */
final class StoreSlot {
    private final StateStoreId id;
    private final List<StoreCopy> copies = new ArrayList<>(); // guarded by this
    private long cleanedBefore = -1; // guarded by this; the oldest version that may be left, -1 if nobody looked

    StoreSlot(StateStoreId id) {
        this.id = id;
    }

    StateStoreId id() {
        return id;
    }

    /** Returns a copy that holds {@code version}, for a use that ends by {@link #release}; loads one if there is none. */
    synchronized StoreCopy acquire(StateVersion version, String attempt, Function<StateVersion, StoreCopy> load) {
        StoreCopy found = kept(version);
        if (found == null) {
            for (StoreCopy idle : List.copyOf(copies)) {
                if (idle.uses == 0 && (idle.staged.isEmpty() || idle.version.number() != version.number())) {
                    retire(idle); // before the new one needs its memory and its place on disk
                }
            }
            found = load.apply(version);
            copies.add(found);
        }
        found.uses++;
        found.attempt = attempt;
        return found;
    }

    private @Nullable StoreCopy kept(StateVersion version) {
        for (StoreCopy copy : copies) {
            if (copy.usable() && copy.version.equals(version)) {
                return copy;
            }
        }
        for (StoreCopy copy : copies) {
            StagedChange next = copy.confirmed;
            if (copy.usable() && next != null && next.version().equals(version)) {
                try {
                    copy.advance();
                } catch (RuntimeException e) {
                    retire(copy);
                    throw e;
                }
                return copy;
            }
        }
        return null;
    }

    /** Returns the versions that lead to a copy's, in checkpoint format 2. */
    synchronized List<LineageEntry> lineage(StoreCopy copy) {
        return List.copyOf(copy.lineage);
    }

    /** Ends a use. */
    synchronized void release(StoreCopy copy, @Nullable StagedChange change) {
        copy.uses--;
        if (change != null && !copy.retired) {
            copy.staged.add(change);
        }
        boolean useless = copy.db.broken() || (copy.dirty && copy.staged.isEmpty());
        if (copy.uses == 0 && (copy.retired || useless)) {
            close(copy);
        }
    }

    /** Lets the only use of a copy write to the database before it commits; false if it is not the only one. */
    synchronized boolean writeThrough(StoreCopy copy) {
        if (copy.uses > 1 || !copy.staged.isEmpty() || copy.confirmed != null || copy.retired) {
            return copy.dirty;
        }
        copy.dirty = true;
        return true;
    }

    /** Hears which successor became real. */
    synchronized void committed(StagedState state) {
        for (StoreCopy copy : List.copyOf(copies)) {
            StagedChange winner = null;
            for (StagedChange change : copy.staged) {
                if (change.is(state)) {
                    winner = change;
                }
            }
            if (winner != null) {
                copy.confirmed = winner;
                copy.staged.clear();
                if (winner.writes() == null) {
                    copy.advance();
                }
            } else if (copy.version.number() < state.version()) {
                retire(copy);
            }
        }
    }

    /** Drops every copy that is past {@code version}, and every successor that is. */
    synchronized void rolledBack(long version) {
        for (StoreCopy copy : List.copyOf(copies)) {
            copy.staged.removeIf(change -> change.state().version() > version);
            if (copy.confirmed != null && copy.confirmed.state().version() > version) {
                copy.confirmed = null;
            }
            if (copy.dirty || copy.version.number() > version) {
                retire(copy);
            }
        }
    }

    /** Returns the copy that holds the newest committed version, for work in the background that ends by release. */
    synchronized @Nullable StoreCopy newest() {
        StoreCopy newest = null;
        for (StoreCopy copy : copies) {
            if (copy.confirmed != null && copy.uses == 0 && copy.usable()) {
                copy.advance();
            }
            if (copy.usable() && (newest == null || copy.version.number() > newest.version.number())) {
                newest = copy;
            }
        }
        if (newest != null) {
            newest.uses++;
        }
        return newest;
    }

    /** Returns whether a snapshot of a copy is to be stored. */
    synchronized boolean isDue(StoreCopy copy, long committedVersion, RocksDbConf conf) {
        long number = copy.version.number();
        return copy.usable() && number <= committedVersion && number - copy.snapshot >= conf.minDeltasForSnapshot();
    }

    /**
     * Copies the database of a copy to a folder if a snapshot is due.
     *
     * @return what the copy is of, or null if none is due
     */
    synchronized @Nullable Snapshot checkpoint(StoreCopy copy, long committedVersion, RocksDbConf conf, Path target) {
        if (!isDue(copy, committedVersion, conf)) {
            return null;
        }
        copy.db.flush(false);
        copy.db.checkpoint(target);
        return new Snapshot(copy.version, copy.keys, copy.attempt, target, new TreeMap<>(copy.uploaded));
    }

    /** Hears that a snapshot is stored, with its SST files by their local names. */
    synchronized void stored(StoreCopy copy, StateVersion snapshot, SortedMap<String, RemoteFile> tables) {
        copy.snapshot = snapshot.number();
        copy.uploaded = tables;
        copy.lineage.removeIf(entry -> entry.version() < snapshot.number());
    }

    /**
     * A copy of a database at a version.
     *
     * @param attempt that opened it last: names what is made from it
     * @param uploaded the SST files of the snapshot before, by their local names
     */
    record Snapshot(
            StateVersion version, long keys, String attempt, Path directory, SortedMap<String, RemoteFile> uploaded) {}

    synchronized long cleanedBefore() {
        return cleanedBefore;
    }

    synchronized void cleanedBefore(long version) {
        cleanedBefore = version;
    }

    synchronized void close() {
        List.copyOf(copies).forEach(this::retire);
    }

    private void retire(StoreCopy copy) {
        copy.retired = true;
        if (copy.uses == 0) {
            close(copy);
        }
    }

    private void close(StoreCopy copy) {
        if (copies.remove(copy)) {
            copy.db.close();
            LocalFolder.delete(copy.db.directory());
        }
    }
}
