package io.tidemark.runtime.operator;

import io.tidemark.state.StateIterator;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store that is a sorted map; what becomes of it, and walks along a part of it, a subclass says. */
public abstract class SortedStore implements StateStore {
    private final StateStoreId id;
    private final StateVersion version;
    private final TreeMap<byte[], byte[]> entries;

    /** @param loaded the entries of {@code version}, which are copied; null for none */
    protected SortedStore(StateStoreId id, StateVersion version, @Nullable SortedMap<byte[], byte[]> loaded) {
        this.id = id;
        this.version = version;
        this.entries = new TreeMap<>(Arrays::compareUnsigned);
        if (loaded != null) {
            entries.putAll(loaded);
        }
    }

    /** Returns what is in the store now, by unsigned bytes of the key. */
    protected final TreeMap<byte[], byte[]> entries() {
        return entries;
    }

    @Override
    public final StateStoreId id() {
        return id;
    }

    @Override
    public final StateVersion version() {
        return version;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return entries.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        entries.put(key, value);
    }

    @Override
    public final void remove(byte[] key) {
        entries.remove(key);
    }

    @Override
    public StateIterator iterator() {
        return walk(entries.entrySet());
    }

    /** Walks over entries as they are now. */
    protected static StateIterator walk(Collection<Map.Entry<byte[], byte[]>> some) {
        List<Map.Entry<byte[], byte[]>> found = new ArrayList<>(some);
        Iterator<Map.Entry<byte[], byte[]>> rest = found.iterator();
        return new StateIterator() {
            private Map.@Nullable Entry<byte[], byte[]> at;

            @Override
            public boolean next() {
                at = rest.hasNext() ? rest.next() : null;
                return at != null;
            }

            private Map.Entry<byte[], byte[]> at() {
                if (at == null) {
                    throw new NoSuchElementException();
                }
                return at;
            }

            @Override
            public byte[] key() {
                return at().getKey();
            }

            @Override
            public byte[] value() {
                return at().getValue();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public StateIterator prefixScan(byte[] prefix) {
        throw new AssertionError("the keys are plain");
    }

    @Override
    public final StateIterator rangeScan(byte @Nullable [] from, byte @Nullable [] until) {
        throw new AssertionError("no operator scans ranges");
    }

    @Override
    public final long size() {
        return entries.size();
    }

    @Override
    public SortedMap<String, Long> metrics() {
        return new TreeMap<>();
    }

    @Override
    public long memoryBytes() {
        return 0;
    }
}
