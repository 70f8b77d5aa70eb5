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
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** Stores in memory, each version a sorted map, that count what is asked of them. */
final class VersionedStores implements TestStores {
    private final TreeMap<StateStoreId, TreeMap<Long, TreeMap<byte[], byte[]>>> versions = new TreeMap<>();
    long reads;
    long writes;
    long scans;

    @Override
    public StateStore open(StateStoreSpec spec, StateStoreId id, long version) {
        return new Store(spec, id, version);
    }

    @Override
    public void finish(StateStore store) {
        store.commit();
    }

    @Override
    public void restart() {}

    @Override
    public void close() {}

    private TreeMap<byte[], byte[]> loaded(StateStoreId id, long version) {
        TreeMap<byte[], byte[]> entries =
                versions.getOrDefault(id, new TreeMap<>()).get(version);
        if (entries == null && version > 0) {
            throw new AssertionError(id + " has no version " + version);
        }
        return entries;
    }

    private final class Store extends SortedStore {
        private final StateStoreSpec spec;

        Store(StateStoreSpec spec, StateStoreId id, long version) {
            super(id, new StateVersion(version), loaded(id, version));
            this.spec = spec;
        }

        @Override
        public byte[] get(byte[] key) {
            reads++;
            return super.get(key);
        }

        @Override
        public void put(byte[] key, byte[] value) {
            writes++;
            super.put(key, value);
        }

        @Override
        public void putAll(RowBlock keys, RowBlock values) {
            if (keys.count() != values.count()) {
                throw new AssertionError(keys.count() + " keys, " + values.count() + " values");
            }
            super.putAll(keys, values);
        }

        @Override
        public StateIterator iterator() {
            scans++;
            return super.iterator();
        }

        @Override
        public StateIterator prefixScan(byte[] prefix) {
            RowSlices slices = new RowSlices(spec.keySchema(), ((KeyEncoding.PrefixScan) spec.encoding()).columns());
            return walk(entries().entrySet().stream()
                    .filter(e -> Arrays.equals(slices.front(e.getKey()), prefix))
                    .toList());
        }

        @Override
        public StagedState commit() {
            long next = version().number() + 1;
            versions.computeIfAbsent(id(), k -> new TreeMap<>()).put(next, entries());
            return new StagedState(id(), next, List.of(), null);
        }

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }
}
