package io.tidemark.runtime.operator;

import io.tidemark.state.KeyEncoding;
import io.tidemark.state.StagedState;
import io.tidemark.state.StateIterator;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.StateVersion;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowSlices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Stores in memory, each version a sorted map, that count what is asked of them. */
final class VersionedStores implements TestStores {
    private final TreeMap<StateStoreId, TreeMap<Long, TreeMap<byte[], byte[]>>> versions = new TreeMap<>();
    long reads;
    long writes;
    long scans;

    @Override
    public StateStore open(StateStoreSpec spec, StateStoreId id, long version) {
        return new Store(spec, id, version, new TreeMap<>(entries(id, version)));
    }

    @Override
    public void finish(StateStore store) {
        store.commit();
    }

    @Override
    public void restart() {}

    @Override
    public void close() {}

    private TreeMap<byte[], byte[]> entries(StateStoreId id, long version) {
        TreeMap<byte[], byte[]> entries =
                versions.computeIfAbsent(id, k -> new TreeMap<>()).get(version);
        if (entries == null && version > 0) {
            throw new AssertionError(id + " has no version " + version);
        }
        return entries == null ? new TreeMap<>(Arrays::compareUnsigned) : entries;
    }

    private final class Store implements StateStore {
        private final StateStoreSpec spec;
        private final StateStoreId id;
        private final long version;
        private final TreeMap<byte[], byte[]> entries;

        private Store(StateStoreSpec spec, StateStoreId id, long version, TreeMap<byte[], byte[]> entries) {
            this.spec = spec;
            this.id = id;
            this.version = version;
            this.entries = entries;
        }

        @Override
        public StateStoreId id() {
            return id;
        }

        @Override
        public StateVersion version() {
            return new StateVersion(version);
        }

        @Override
        public byte[] get(byte[] key) {
            reads++;
            return entries.get(key);
        }

        @Override
        public RowBlock multiGet(RowBlock keys) {
            RowBlock.Builder values = new RowBlock.Builder(keys.count(), 0);
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

        @Override
        public void put(byte[] key, byte[] value) {
            writes++;
            entries.put(key, value);
        }

        @Override
        public void putAll(RowBlock keys, RowBlock values) {
            if (keys.count() != values.count()) {
                throw new AssertionError(keys.count() + " keys, " + values.count() + " values");
            }
            for (int i = 0; i < keys.count(); i++) {
                put(keys.copy(i), values.copy(i));
            }
        }

        @Override
        public void remove(byte[] key) {
            entries.remove(key);
        }

        @Override
        public void removeAll(RowBlock keys) {
            for (int i = 0; i < keys.count(); i++) {
                remove(keys.copy(i));
            }
        }

        @Override
        public StateIterator iterator() {
            scans++;
            return walk(new ArrayList<>(entries.entrySet()));
        }

        @Override
        public StateIterator prefixScan(byte[] prefix) {
            RowSlices slices = new RowSlices(spec.keySchema(), ((KeyEncoding.PrefixScan) spec.encoding()).columns());
            return walk(entries.entrySet().stream()
                    .filter(e -> Arrays.equals(slices.front(e.getKey()), prefix))
                    .toList());
        }

        private StateIterator walk(List<Map.Entry<byte[], byte[]>> found) {
            Iterator<Map.Entry<byte[], byte[]>> rest = found.iterator();
            return new StateIterator() {
                private Map.Entry<byte[], byte[]> at;

                @Override
                public boolean next() {
                    at = rest.hasNext() ? rest.next() : null;
                    return at != null;
                }

                @Override
                public byte[] key() {
                    return at.getKey();
                }

                @Override
                public byte[] value() {
                    return at.getValue();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public StateIterator rangeScan(byte[] from, byte[] until) {
            throw new AssertionError("no operator scans ranges");
        }

        @Override
        public long size() {
            return entries.size();
        }

        @Override
        public StagedState commit() {
            versions.get(id).put(version + 1, entries);
            return new StagedState(id, version + 1, List.of(), null);
        }

        @Override
        public void abort() {}

        @Override
        public SortedMap<String, Long> metrics() {
            return new TreeMap<>();
        }

        @Override
        public long memoryBytes() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
