package io.tidemark.state.memory;

import io.tidemark.state.StagedState;
import io.tidemark.state.StateIterator;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A use of one version: its layers, which others may share, and a layer of its own for what is changed. */
final class MemoryStateStore implements StateStore {
    private final MemoryStateStores stores;
    private final StateStoreId id;
    private final StateVersion version;
    private final String attempt;
    private final KeyOrder order;
    private final Table.View view;
    private final boolean cached;
    private final Layer own = new Layer();
    private long size;
    private boolean ended;

    MemoryStateStore(
            MemoryStateStores stores,
            StateStoreId id,
            StateVersion version,
            String attempt,
            KeyOrder order,
            Table.View view,
            boolean cached) {
        this.stores = stores;
        this.id = id;
        this.version = version;
        this.attempt = attempt;
        this.order = order;
        this.view = view;
        this.cached = cached;
        this.size = view.size();
    }

    @Override
    public StateStoreId id() {
        return id;
    }

    @Override
    public StateVersion version() {
        return version;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return find(order.key(key));
    }

    private byte @Nullable [] find(Key key) {
        requireOpen();
        byte[] value = own.get(key);
        return value == null ? loaded(key) : value == Layer.GONE ? null : value;
    }

    /** Returns the value in the loaded version. */
    private byte @Nullable [] loaded(Key key) {
        for (Layer layer : view.newestFirst()) {
            byte[] value = layer.get(key);
            if (value != null) {
                return value == Layer.GONE ? null : value;
            }
        }
        return null;
    }

    @Override
    public void put(byte[] key, byte[] value) {
        Key place = order.key(key);
        if (find(place) == null) {
            size++;
        }
        own.put(place, value);
    }

    @Override
    public void remove(byte[] key) {
        Key place = order.key(key);
        if (find(place) == null) {
            return;
        }
        size--;
        if (loaded(place) == null) {
            own.remove(place); // it came and went in this batch
        } else {
            own.put(place, Layer.GONE);
        }
    }

    @Override
    public StateIterator iterator() {
        return iterator(null, null);
    }

    @Override
    public StateIterator prefixScan(byte[] prefix) {
        if (!order.hasPrefix()) {
            throw new IllegalStateException("the keys of store " + id + " have no prefix");
        }
        Key from = order.prefix(prefix);
        return iterator(from, from.behind());
    }

    @Override
    public StateIterator rangeScan(byte @Nullable [] from, byte @Nullable [] until) {
        throw new IllegalStateException("the keys of store " + id + " have no range");
    }

    private StateIterator iterator(@Nullable Key from, @Nullable Key until) {
        requireOpen();
        List<NavigableMap<Key, byte[]>> layers = new ArrayList<>();
        layers.add(new TreeMap<>(LayerIterator.range(own.entries, from, until))); // it may be written to meanwhile
        view.newestFirst().forEach(layer -> layers.add(layer.entries));
        return new LayerIterator(layers, from, until);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public StagedState commit() {
        requireOpen();
        long next = version.number() + 1;
        StagedState staged = new StagedState(id, next, List.of(stores.files().stage(id, next, attempt, own)), null);
        stores.keep(staged, own, size);
        end();
        return staged;
    }

    @Override
    public void abort() {
        end();
    }

    private void end() {
        if (!ended) {
            ended = true;
            view.close();
        }
    }

    private void requireOpen() {
        if (ended) {
            throw new IllegalStateException("the use of store " + id + " has ended");
        }
    }

    @Override
    public SortedMap<String, Long> metrics() {
        TreeMap<String, Long> metrics = new TreeMap<>();
        metrics.put("loadedMapCacheHitCount", cached ? 1L : 0L);
        metrics.put("loadedMapCacheMissCount", cached ? 0L : 1L);
        metrics.put("stateOnCurrentVersionSizeBytes", memoryBytes());
        return metrics;
    }

    @Override
    public long memoryBytes() {
        return view.table().bytes() + own.bytes();
    }

    @Override
    public void close() {
        abort();
    }
}
