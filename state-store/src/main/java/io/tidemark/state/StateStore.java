package io.tidemark.state;

import io.tidemark.state.codec.RowBlock;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One version of one store, opened to make the next. Keys and values are rows as {@link
 * io.tidemark.state.codec.RowEncoder} writes them, without the provider's own framing; neither is ever absent.
 *
 * <p>Reads see the writes made through the same store before. One thread. It ends by {@link #commit} or {@link #abort};
 * closing it before either aborts.
 *
 * <p>Failures are {@link io.tidemark.api.error.TidemarkException}s of the 7xxx range that name store, version and file.
 */
public interface StateStore extends AutoCloseable {
    StateStoreId id();

    /** Returns the version that was loaded. */
    StateVersion version();

    /** Returns the value of a key, or null. */
    byte @Nullable [] get(byte[] key);

    /** Returns the values of many keys, in their order; absent where there is none. Keys may repeat. */
    default RowBlock multiGet(RowBlock keys) {
        RowBlock.Builder values = new RowBlock.Builder(keys.count(), 64 * keys.count());
        for (int i = 0; i < keys.count(); i++) {
            byte[] value = get(keys.copy(i));
            if (value == null) {
                values.addAbsent();
            } else {
                values.add(value);
            }
        }
        return values.build();
    }

    void put(byte[] key, byte[] value);

    /** Puts many entries, in their order. Both blocks have the same count and no absent rows. */
    default void putAll(RowBlock keys, RowBlock values) {
        for (int i = 0; i < keys.count(); i++) {
            put(keys.copy(i), values.copy(i));
        }
    }

    /** Removes a key; nothing happens if it is not there. */
    void remove(byte[] key);

    /** Removes many keys, each if it is there. */
    default void removeAll(RowBlock keys) {
        for (int i = 0; i < keys.count(); i++) {
            remove(keys.copy(i));
        }
    }

    /** Walks over all entries, in no order that means anything. */
    StateIterator iterator();

    /**
     * Walks over the entries whose key begins with the columns of {@code prefix}, in bytewise order of the rest.
     *
     * @param prefix a row of the first columns alone
     * @throws IllegalStateException unless the store's keys are {@link KeyEncoding.PrefixScan}
     */
    StateIterator prefixScan(byte[] prefix);

    /**
     * Walks over the entries of a {@link KeyEncoding.RangeScan} store in the order of the leading columns.
     *
     * @param from a row of the ordering columns alone to begin at, or null for the first
     * @param until a row of the ordering columns alone to end before, or null for no end
     */
    StateIterator rangeScan(byte @Nullable [] from, byte @Nullable [] until);

    /** Returns how many entries there are, own writes included; -1 where the provider does not count. */
    long size();

    /**
     * Makes the next version durable under a staged name and ends the use of this store. The files' final names are
     * given by whoever commits the batch.
     */
    StagedState commit();

    /** Ends the use of this store; the loaded version stays as it was. */
    void abort();

    /** Returns Spark's custom metrics of this use ({@code rocksdbGetLatency} …); after {@link #commit} they are whole. */
    SortedMap<String, Long> metrics();

    /** Returns how many bytes of memory the store holds, a fair share of what is shared included. */
    long memoryBytes();

    @Override
    void close();
}
