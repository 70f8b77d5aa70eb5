package io.tidemark.state.rocksdb;

import io.tidemark.state.format.ChangelogReader;
import io.tidemark.state.format.ChangelogReader.Change;
import io.tidemark.state.format.StateFileException;
import java.util.List;

/**
 * Brings a copy forward by changelogs. Of a key that changes often only the last value reaches the database, and keys reach
 * it in order. One thread.
 */
final class Replay {
    private final StoreCopy copy;
    private final long heapBytes;
    private PendingWrites writes = new PendingWrites();
    private boolean emptyDatabase;
    private boolean recount; // by a walk over all, which is quicker than to look for each of many keys

    Replay(StoreCopy copy, long heapBytes) {
        this.copy = copy;
        this.heapBytes = heapBytes;
        this.emptyDatabase = copy.version.number() == 0;
    }

    /** Takes a whole changelog. */
    void apply(String file, byte[] content) {
        try (ChangelogReader reader = ChangelogReader.open(file, content)) {
            while (reader.next()) {
                if (reader.change() == Change.MERGE) {
                    throw StateFileException.unsupported(
                            file,
                            "it appends to a list, as transformWithState does",
                            "State of transformWithState goes on in Spark alone.");
                }
                int entry = writes.findOrAdd(reader.data(), reader.keyStart(), reader.keyLength());
                if (reader.change() == Change.REMOVE) {
                    writes.remove(entry);
                } else {
                    writes.put(entry, reader.data(), reader.valueStart(), reader.valueLength());
                }
                if (writes.bytes() > heapBytes) {
                    recount |= copy.keys >= 0 && !emptyDatabase;
                    flush();
                }
            }
        }
    }

    /** Writes what is left, and counts the keys. */
    void finish() {
        if (copy.keys >= 0 && !emptyDatabase && writes.unknown() > copy.keys / 2) {
            recount = true;
        }
        flush();
        if (recount) {
            copy.keys = copy.db.count();
        }
    }

    private void flush() {
        if (copy.keys >= 0 && !recount) {
            Presence.resolve(copy.db, writes, emptyDatabase);
            copy.keys += writes.growth();
        }
        copy.db.write(writes);
        writes = new PendingWrites();
        emptyDatabase = false;
    }

    /** Finds out which keys a database has. */
    static final class Presence {
        private static final int KEYS = 128;

        private Presence() {}

        /** Looks up every written key of which it is not known; all are missing in an empty database. */
        static void resolve(LocalDb db, PendingWrites writes, boolean empty) {
            int count = writes.unknown();
            if (count == 0) {
                return;
            }
            int[] entries = writes.sortedUnknown();
            for (int from = 0; from < count; from += KEYS) {
                int to = Math.min(count, from + KEYS);
                List<byte[]> values = empty ? List.of() : db.multiGet(LocalDb.keysOf(writes, entries, from, to));
                for (int i = from; i < to; i++) {
                    writes.learn(entries[i], !empty && values.get(i - from) != null);
                }
            }
        }
    }
}
