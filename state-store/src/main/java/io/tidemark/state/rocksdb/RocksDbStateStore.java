package io.tidemark.state.rocksdb;

import io.tidemark.state.StagedState;
import io.tidemark.state.StateIterator;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateVersion;
import io.tidemark.state.codec.MalformedRowException;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.format.StateFileException;
import io.tidemark.state.rocksdb.StoreCopy.StagedChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One use of a store: reads from a local copy of the version that was opened, with the use's own writes in front. What was
 * looked up is remembered, so that a write to the same key knows whether the store grows. One thread.
 */
final class RocksDbStateStore implements StateStore {
    private static final int KEYS_AT_ONCE = 128;

    private final StoreSlot slot;
    private final StoreCopy copy;
    private final long generation;
    private final StateVersion version;
    private final KeyFraming framing;
    private final Staging staging;
    private final UseMetrics metrics;
    private final FramedKeys framed = new FramedKeys();

    private PendingWrites writes = new PendingWrites();
    private @Nullable PendingIndex index;
    private @Nullable LookedUp lookedUp;
    private byte[] scratch = new byte[256];
    private long heapBytes;
    private long keys; // of the database; -1 if nobody counts
    private @Nullable StagedChangelog changelog; // begun early by a use that writes through
    private @Nullable SortedMap<String, Long> report;
    private long memoryAtEnd;
    private boolean ended;

    RocksDbStateStore(
            StoreSlot slot,
            StoreCopy copy,
            StateVersion version,
            KeyFraming framing,
            Staging staging,
            UseMetrics metrics) {
        this.slot = slot;
        this.copy = copy;
        this.generation = copy.generation;
        this.version = version;
        this.framing = framing;
        this.staging = staging;
        this.metrics = metrics;
        this.heapBytes = staging.heapBytes();
        this.keys = copy.keys;
        metrics.begin(copy.db);
    }

    /** Where a use's changelog goes, and how much it may keep on the heap before it writes through. */
    interface Staging {
        long heapBytes();

        /** Begins the changelog of the version after the one that was opened. */
        StagedChangelog begin();

        /** Returns what the newest snapshot of the store cost, once. */
        UseMetrics.SnapshotMetrics snapshotMetrics();
    }

    @Override
    public StateStoreId id() {
        return slot.id();
    }

    @Override
    public StateVersion version() {
        return version;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        check();
        long begin = metrics.now();
        int length = frame(key, 0, key.length);
        int entry = writes.find(scratch, 0, length);
        byte[] value = null;
        if (entry >= 0 && writes.valueLength(entry) != PendingWrites.UNTOUCHED) {
            if (writes.valueLength(entry) >= 0) {
                int start = writes.valueStart(entry);
                value = Arrays.copyOfRange(writes.values(), start + 1, start + writes.valueLength(entry));
            }
        } else if (entry < 0 || writes.before(entry) != PendingWrites.MISSING) {
            byte[] stored = copy.db.get(scratch, 0, length);
            if (entry < 0 && keys >= 0) {
                writes.learn(writes.findOrAdd(scratch, 0, length), stored != null);
            }
            value = stored == null ? null : valueRow(stored);
        }
        metrics.gets++;
        metrics.getNanos += metrics.now() - begin;
        return value;
    }

    @Override
    public RowBlock multiGet(RowBlock rows) {
        check();
        writeThroughIfLarge(); // before, not after: what is read now is often written next, and then known
        long begin = metrics.now();
        int count = rows.count();
        framed.frame(framing, rows);
        int[] order = framed.sorted();
        int[] entries = sortedEntries(rows, order);
        boolean empty = copy.keys == 0 && !copy.dirty;
        Values values = new Values(count);
        List<byte[]> missed = new ArrayList<>(KEYS_AT_ONCE);
        int[] missedRows = new int[KEYS_AT_ONCE];
        int[] missedEntries = new int[KEYS_AT_ONCE];
        for (int i = 0; i < count; i++) {
            int row = order[i];
            int entry = entries[i];
            int known = writes.valueLength(entry);
            if (known >= 0) {
                values.add(row, writes.values(), writes.valueStart(entry), known);
            } else if (known == PendingWrites.REMOVED || writes.before(entry) == PendingWrites.MISSING) {
                values.addAbsent(row);
            } else if (empty) {
                writes.learn(entry, false);
                values.addAbsent(row);
            } else {
                int start = framed.start(row);
                int length = framed.length(row);
                missedRows[missed.size()] = row;
                missedEntries[missed.size()] = entry;
                missed.add(Arrays.copyOfRange(framed.data(), start, start + length));
                if (missed.size() == KEYS_AT_ONCE) {
                    lookUp(missed, missedRows, missedEntries, values);
                }
            }
        }
        lookUp(missed, missedRows, missedEntries, values);
        metrics.gets += count;
        metrics.getNanos += metrics.now() - begin;
        return values.build();
    }

    /**
     * Finds or makes the entries of the rows that were framed, by their place in the order of the keys. They are remembered:
     * whoever looks keys up most often writes to the same keys next.
     */
    private int[] sortedEntries(RowBlock rows, int[] order) {
        int count = rows.count();
        int[] entries = new int[count];
        boolean first = writes.count() == 0;
        if (first) {
            writes.expect(count, framed.bytes());
        }
        for (int i = 0; i < count; i++) {
            int start = framed.start(order[i]);
            int length = framed.length(order[i]);
            if (!first) {
                entries[i] = writes.findOrAdd(framed.data(), start, length);
            } else if (i > 0 && writes.compareKey(entries[i - 1], framed.data(), start, length) == 0) {
                entries[i] = entries[i - 1];
            } else {
                entries[i] = writes.addLast(framed.data(), start, length);
            }
        }
        lookedUp = new LookedUp(rows, order, entries);
        return entries;
    }

    /** What the last look-up found out: which entries rows have, in the order of the keys. */
    private record LookedUp(RowBlock rows, int[] order, int[] entries) {}

    private void lookUp(List<byte[]> missed, int[] rows, int[] entries, Values values) {
        if (missed.isEmpty()) {
            return;
        }
        List<byte @Nullable []> stored = copy.db.multiGet(missed);
        for (int i = 0; i < missed.size(); i++) {
            byte[] value = stored.get(i);
            if (entries[i] >= 0) {
                writes.learn(entries[i], value != null);
            }
            if (value == null) {
                values.addAbsent(rows[i]);
            } else {
                checkValue(value, 0, value.length);
                values.add(rows[i], value, 0, value.length);
            }
        }
        missed.clear();
    }

    @Override
    public void put(byte[] key, byte[] value) {
        check();
        int length = frame(key, 0, key.length);
        writes.putRow(writes.findOrAdd(scratch, 0, length), value, 0, value.length);
        metrics.puts++;
        writeThroughIfLarge();
    }

    @Override
    public void putAll(RowBlock keyRows, RowBlock values) {
        check();
        long begin = metrics.now();
        LookedUp known = lookedUp;
        if (known != null && known.rows == keyRows && distinct(known.entries)) {
            for (int i = 0; i < known.entries.length; i++) {
                int row = known.order[i];
                writes.putRow(known.entries[i], values.data(), values.start(row), values.length(row));
            }
        } else {
            for (int row = 0; row < keyRows.count(); row++) {
                int length = frame(keyRows.data(), keyRows.start(row), keyRows.length(row));
                int entry = writes.findOrAdd(scratch, 0, length);
                writes.putRow(entry, values.data(), values.start(row), values.length(row));
            }
        }
        metrics.puts += keyRows.count();
        metrics.putNanos += metrics.now() - begin;
        writeThroughIfLarge();
    }

    /** Of equal keys the last row counts, which the order of the keys says nothing of. */
    private static boolean distinct(int[] sortedEntries) {
        for (int i = 1; i < sortedEntries.length; i++) {
            if (sortedEntries[i] == sortedEntries[i - 1]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void remove(byte[] key) {
        check();
        removeFramed(frame(key, 0, key.length));
        writeThroughIfLarge();
    }

    @Override
    public void removeAll(RowBlock keyRows) {
        check();
        long begin = metrics.now();
        for (int row = 0; row < keyRows.count(); row++) {
            removeFramed(frame(keyRows.data(), keyRows.start(row), keyRows.length(row)));
        }
        metrics.putNanos += metrics.now() - begin;
        writeThroughIfLarge();
    }

    private void removeFramed(int length) {
        writes.remove(writes.findOrAdd(scratch, 0, length));
        metrics.puts++;
    }

    private int frame(byte[] row, int start, int length) {
        int bound = framing.bound(length);
        if (scratch.length < bound) {
            scratch = new byte[bound * 2];
        }
        return framing.frame(row, start, length, scratch, 0);
    }

    @Override
    public StateIterator iterator() {
        check();
        return new UnorderedEntries(copy.db.cursor(null, null), writes, this::keyRow, this::valueRow);
    }

    @Override
    public StateIterator prefixScan(byte[] prefix) {
        if (!(framing instanceof KeyFraming.Split split) || split.inOrder()) {
            throw new IllegalStateException("the keys of store " + id() + " are not made for prefix scans");
        }
        byte[] from = framing.prefix(prefix);
        return range(from, OrderedEntries.after(from));
    }

    @Override
    public StateIterator rangeScan(byte @Nullable [] from, byte @Nullable [] until) {
        if (!(framing instanceof KeyFraming.Split split) || !split.inOrder()) {
            throw new IllegalStateException("the keys of store " + id() + " are not made for range scans");
        }
        return range(from == null ? new byte[0] : framing.prefix(from), until == null ? null : framing.prefix(until));
    }

    private StateIterator range(byte[] from, byte @Nullable [] until) {
        check();
        PendingIndex entries = index;
        if (entries == null || entries.writes() != writes) {
            entries = new PendingIndex(writes);
            index = entries;
        }
        return new OrderedEntries(
                copy.db.cursor(from, until), writes, entries.range(from, until), this::keyRow, this::valueRow);
    }

    private byte[] keyRow(byte[] key) {
        try {
            return framing.unframe(key);
        } catch (MalformedRowException e) {
            throw StateFileException.corrupt(id().directory(), "a key in it cannot be read: " + e.getMessage(), e);
        }
    }

    private byte[] valueRow(byte[] value) {
        checkValue(value, 0, value.length);
        return Arrays.copyOfRange(value, 1, value.length);
    }

    private void checkValue(byte[] value, int start, int length) {
        if (length < 1 || value[start] != KeyFraming.ROW) {
            throw StateFileException.corrupt(id().directory(), "a value in it does not begin with 00");
        }
    }

    @Override
    public long size() {
        check();
        if (keys < 0) {
            return -1;
        }
        Replay.Presence.resolve(copy.db, writes, version.number() == 0 && !copy.dirty);
        return keys + writes.growth();
    }

    /** Bounds the heap: a use that has written much lets the database have it, if nobody else reads there. */
    private void writeThroughIfLarge() {
        if (writes.bytes() <= heapBytes) {
            return;
        } else if (!slot.writeThrough(copy)) {
            heapBytes *= 2; // another use reads the version: keep on
            return;
        }
        keys = size();
        changelog().write(writes);
        long begin = metrics.now();
        copy.db.write(writes);
        metrics.writeNanos += metrics.now() - begin;
        writes = new PendingWrites();
        index = null;
        lookedUp = null;
    }

    private StagedChangelog changelog() {
        StagedChangelog begun = changelog;
        if (begun == null) {
            begun = staging.begin();
            changelog = begun;
        }
        return begun;
    }

    @Override
    public StagedState commit() {
        check();
        if (generation != copy.generation) {
            throw new IllegalStateException(
                    "store " + id() + " has gone on: another attempt has made the version after " + version.number());
        }
        long size = size();
        long begin = metrics.now();
        StagedState state;
        boolean through = changelog != null;
        StagedChangelog log = changelog();
        log.write(writes);
        state = log.publish();
        metrics.changelogNanos += metrics.now() - begin;
        if (through) {
            copy.db.write(writes);
        }
        report = metrics.report(copy.db, staging.snapshotMetrics());
        end(new StagedChange(state, through ? null : writes, size));
        return state;
    }

    @Override
    public void abort() {
        if (!ended) {
            StagedChangelog begun = changelog;
            if (begun != null) {
                begun.close();
            }
            end(null);
        }
    }

    private void end(@Nullable StagedChange change) {
        memoryAtEnd = memoryBytes();
        ended = true;
        writes = new PendingWrites();
        index = null;
        lookedUp = null;
        slot.release(copy, change);
    }

    @Override
    public SortedMap<String, Long> metrics() {
        SortedMap<String, Long> whole = report;
        if (whole == null) {
            whole = ended ? new TreeMap<>() : metrics.report(copy.db, UseMetrics.SnapshotMetrics.NONE);
        }
        return whole;
    }

    @Override
    public long memoryBytes() {
        return ended ? memoryAtEnd : copy.db.memoryBytes() + writes.bytes();
    }

    @Override
    public void close() {
        abort();
    }

    private void check() {
        if (ended) {
            throw new IllegalStateException("this use of store " + id() + " has ended");
        }
    }

    /** Values by row, in whatever order they are found. */
    private static final class Values {
        private final int[] starts;
        private final int[] lengths;
        private byte[] data;
        private int used;

        Values(int count) {
            starts = new int[count];
            lengths = new int[count];
            data = new byte[Math.max(64, count * 32)];
        }

        /** Adds {@code 00 row} without the first byte. */
        void add(int row, byte[] from, int start, int length) {
            int size = length - 1;
            if (size > data.length - used) {
                long wanted = Math.max((long) used + size, data.length * 2L);
                if ((long) used + size > Integer.MAX_VALUE - 16) {
                    throw new IllegalStateException("the values of one lookup exceed 2 GiB");
                }
                data = Arrays.copyOf(data, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
            }
            System.arraycopy(from, start + 1, data, used, size);
            starts[row] = used;
            lengths[row] = size;
            used += size;
        }

        void addAbsent(int row) {
            lengths[row] = -1;
        }

        RowBlock build() {
            return new RowBlock(data, starts, lengths, starts.length);
        }
    }
}
