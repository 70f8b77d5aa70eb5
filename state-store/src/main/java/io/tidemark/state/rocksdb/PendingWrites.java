package io.tidemark.state.rocksdb;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What a use of a store has looked up and written, by key, in a few arrays: a hash table with open addressing over entries
 * that are numbered in the order in which their keys were first met. An entry has the value it shall have, or that it is
 * removed, or that it was only looked up; and whether the database has its key, where that is known. Entries that come in the
 * order of their keys stay out of the table until somebody looks for a key, and need not be sorted. One thread.
 */
final class PendingWrites {
    /** The value's length of an entry that is removed. */
    static final int REMOVED = -1;

    /** The value's length of an entry that was only looked up. */
    static final int UNTOUCHED = -2;

    static final byte UNKNOWN = 0;
    static final byte PRESENT = 1;
    static final byte MISSING = 2;

    private static final int ENTRY_BYTES = 4 + 4 + 4 + 4 + 4 + 1 + 8;

    private byte[] keys = new byte[1 << 10];
    private byte[] values = new byte[1 << 10];
    private int keysUsed;
    private int valuesUsed;
    private int[] keyStarts = new int[32];
    private int[] keyLengths = new int[32];
    private int[] valueStarts = new int[32];
    private int[] valueLengths = new int[32];
    private int[] hashes = new int[32];
    private byte[] before = new byte[32];
    private int[] table = new int[64]; // entry + 1; 0 is free
    private int hashed; // how many of the entries are in the table
    private boolean inOrder = true; // each key is above the one before
    private int count;
    private int writes;
    private int unknown;
    private @Nullable KeyOrder sorter;

    /** Returns how many entries there are. */
    int count() {
        return count;
    }

    /** Returns how many of them are written or removed. */
    int writes() {
        return writes;
    }

    /** Returns of how many written entries nobody knows whether the database has them. */
    int unknown() {
        return unknown;
    }

    long bytes() {
        return (long) keysUsed + valuesUsed + (long) count * ENTRY_BYTES;
    }

    byte[] keys() {
        return keys;
    }

    byte[] values() {
        return values;
    }

    int keyStart(int entry) {
        return keyStarts[entry];
    }

    int keyLength(int entry) {
        return keyLengths[entry];
    }

    int valueStart(int entry) {
        return valueStarts[entry];
    }

    /** Returns the value's length, {@link #REMOVED} or {@link #UNTOUCHED}. */
    int valueLength(int entry) {
        return valueLengths[entry];
    }

    byte[] copyKey(int entry) {
        return Arrays.copyOfRange(keys, keyStarts[entry], keyStarts[entry] + keyLengths[entry]);
    }

    byte[] copyValue(int entry) {
        return Arrays.copyOfRange(values, valueStarts[entry], valueStarts[entry] + valueLengths[entry]);
    }

    /** Returns the entries that are written or removed by now. */
    BitSet written() {
        BitSet written = new BitSet(count);
        for (int entry = 0; entry < count; entry++) {
            written.set(entry, valueLengths[entry] != UNTOUCHED);
        }
        return written;
    }

    byte before(int entry) {
        return before[entry];
    }

    /** Returns the entry of a key, or -1. */
    int find(byte[] data, int start, int length) {
        hashAll();
        return find(data, start, length, hash(data, start, length));
    }

    private int find(byte[] data, int start, int length, int hash) {
        int mask = table.length - 1;
        for (int slot = hash & mask; table[slot] != 0; slot = (slot + 1) & mask) {
            int entry = table[slot] - 1;
            if (hashes[entry] == hash
                    && keyLengths[entry] == length
                    && Arrays.equals(keys, keyStarts[entry], keyStarts[entry] + length, data, start, start + length)) {
                return entry;
            }
        }
        return -1;
    }

    /** Returns the entry of a key, made as {@link #UNTOUCHED} and {@link #UNKNOWN} if there is none. */
    int findOrAdd(byte[] data, int start, int length) {
        hashAll();
        int hash = hash(data, start, length);
        int entry = find(data, start, length, hash);
        if (entry < 0) {
            inOrder &= count == 0 || compareKey(count - 1, data, start, length) < 0;
            entry = append(data, start, length);
            hashes[entry] = hash;
            insert(entry);
            hashed = count;
        }
        return entry;
    }

    /** Makes an entry of a key that is above all others, as {@link #findOrAdd} does. */
    int addLast(byte[] data, int start, int length) {
        return append(data, start, length);
    }

    private void hashAll() {
        if (hashed == count) {
            return;
        }
        if (table.length < 2 * keyStarts.length) {
            table = new int[2 * keyStarts.length];
            hashed = 0;
        }
        for (; hashed < count; hashed++) {
            hashes[hashed] = hash(keys, keyStarts[hashed], keyLengths[hashed]);
            insert(hashed);
        }
    }

    private int append(byte[] data, int start, int length) {
        if (count == keyStarts.length) {
            grow(count * 2);
        }
        keys = room(keys, keysUsed, length);
        System.arraycopy(data, start, keys, keysUsed, length);
        int entry = count++;
        keyStarts[entry] = keysUsed;
        keyLengths[entry] = length;
        valueLengths[entry] = UNTOUCHED;
        before[entry] = UNKNOWN;
        keysUsed += length;
        return entry;
    }

    private void insert(int entry) {
        int mask = table.length - 1;
        int slot = hashes[entry] & mask;
        while (table[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        table[slot] = entry + 1;
    }

    /** Makes room for entries with keys of some bytes in all. */
    void expect(int entries, int keyBytes) {
        if (count + entries > keyStarts.length) {
            grow(Math.max(count * 2, Integer.highestOneBit(count + entries - 1) * 2));
        }
        keys = room(keys, keysUsed, keyBytes);
    }

    /** @param size a power of two */
    private void grow(int size) {
        keyStarts = Arrays.copyOf(keyStarts, size);
        keyLengths = Arrays.copyOf(keyLengths, size);
        valueStarts = Arrays.copyOf(valueStarts, size);
        valueLengths = Arrays.copyOf(valueLengths, size);
        hashes = Arrays.copyOf(hashes, size);
        before = Arrays.copyOf(before, size);
        if (hashed > 0) {
            table = new int[size * 2];
            for (int entry = 0; entry < hashed; entry++) {
                insert(entry);
            }
        }
    }

    /** Notes whether the database has an entry's key. */
    void learn(int entry, boolean present) {
        if (before[entry] == UNKNOWN && valueLengths[entry] != UNTOUCHED) {
            unknown--;
        }
        before[entry] = present ? PRESENT : MISSING;
    }

    /** Gives an entry a value as the database holds it. */
    void put(int entry, byte[] data, int start, int length) {
        int at = valueRoom(entry, length); // may replace the array
        System.arraycopy(data, start, values, at, length);
    }

    /** Gives an entry the value {@code 00 row}. */
    void putRow(int entry, byte[] row, int start, int length) {
        int at = valueRoom(entry, length + 1);
        values[at] = KeyFraming.ROW;
        System.arraycopy(row, start, values, at + 1, length);
    }

    private int valueRoom(int entry, int length) {
        touch(entry);
        if (length > Math.max(0, valueLengths[entry])) {
            values = room(values, valuesUsed, length);
            valueStarts[entry] = valuesUsed;
            valuesUsed += length;
        }
        valueLengths[entry] = length;
        return valueStarts[entry];
    }

    void remove(int entry) {
        touch(entry);
        valueLengths[entry] = REMOVED;
    }

    private void touch(int entry) {
        if (valueLengths[entry] == UNTOUCHED) {
            writes++;
            if (before[entry] == UNKNOWN) {
                unknown++;
            }
        }
    }

    /** Returns by how many entries the writes change the size of the database; only if nothing is {@link #unknown}. */
    long growth() {
        if (unknown > 0) {
            throw new IllegalStateException(unknown + " entries may or may not be in the database");
        }
        long growth = 0;
        for (int entry = 0; entry < count; entry++) {
            if (valueLengths[entry] >= 0 && before[entry] == MISSING) {
                growth++;
            } else if (valueLengths[entry] == REMOVED && before[entry] == PRESENT) {
                growth--;
            }
        }
        return growth;
    }

    /** Returns the written entries in the order of their keys, {@link #writes} of them; the array may be longer. */
    int[] sortedWrites() {
        KeyOrder order = sorter();
        int[] entries = order.positions(writes);
        int found = 0;
        for (int entry = 0; entry < count; entry++) {
            if (valueLengths[entry] != UNTOUCHED) {
                entries[found++] = entry;
            }
        }
        return inOrder ? entries : order.sort(keys, keyStarts, keyLengths, entries, found);
    }

    /** Returns the entries in the order of their keys of which {@link #unknown} counts. */
    int[] sortedUnknown() {
        KeyOrder order = sorter();
        int[] entries = order.positions(unknown);
        int found = 0;
        for (int entry = 0; entry < count; entry++) {
            if (valueLengths[entry] != UNTOUCHED && before[entry] == UNKNOWN) {
                entries[found++] = entry;
            }
        }
        return inOrder ? entries : order.sort(keys, keyStarts, keyLengths, entries, found);
    }

    /** Sorts the first {@code count} of some entries, an array of {@code order}'s, by their keys. */
    void sort(KeyOrder order, int[] entries, int count) {
        order.sort(keys, keyStarts, keyLengths, entries, count);
    }

    private KeyOrder sorter() {
        KeyOrder order = sorter;
        if (order == null) {
            order = new KeyOrder();
            sorter = order;
        }
        return order;
    }

    /** Compares an entry's key with a key elsewhere, bytewise unsigned. */
    int compareKey(int entry, byte[] data, int start, int length) {
        return Arrays.compareUnsigned(
                keys, keyStarts[entry], keyStarts[entry] + keyLengths[entry], data, start, start + length);
    }

    private static byte[] room(byte[] array, int used, int more) {
        long wanted = (long) used + more;
        if (wanted <= array.length) {
            return array;
        } else if (wanted > Integer.MAX_VALUE - 16) {
            throw new IllegalStateException("one use of a state store holds more than 2 GiB of writes");
        }
        return Arrays.copyOf(array, (int) Math.min(Math.max(wanted, array.length * 2L), Integer.MAX_VALUE - 16));
    }

    private static int hash(byte[] data, int start, int length) {
        int end = start + length;
        int words = start + (length & ~7);
        long hash = length;
        for (int i = start; i < words; i += 8) {
            hash = (hash ^ (long) LONGS.get(data, i)) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> 32;
        }
        for (int i = words; i < end; i++) {
            hash = (hash ^ data[i]) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> 32;
        }
        hash *= 0xd6e8feb86659fd93L;
        return (int) (hash >>> 32);
    }

    private static final java.lang.invoke.VarHandle LONGS =
            java.lang.invoke.MethodHandles.byteArrayViewVarHandle(long[].class, java.nio.ByteOrder.LITTLE_ENDIAN);
}
