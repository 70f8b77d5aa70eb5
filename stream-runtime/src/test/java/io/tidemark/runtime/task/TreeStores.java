package io.tidemark.runtime.task;

import io.tidemark.state.StagedState;
import io.tidemark.state.StateIterator;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.StateStores;
import io.tidemark.state.StateVersion;
import io.tidemark.state.codec.RowBlock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Versions of stores in sorted maps: opening copies a version, staging keeps the copy under the attempt's name, and only what
 * the batch commits becomes the next version. Keeps a diary of who opened, staged and gave up.
 */
final class TreeStores implements StateStores {
    private final TreeMap<String, TreeMap<ByteBuffer, byte[]>> versions = new TreeMap<>();
    private final TreeMap<String, TreeMap<ByteBuffer, byte[]>> stagedFiles = new TreeMap<>();
    private final Set<String> attempts = new HashSet<>();
    private final List<String> diary = new ArrayList<>();
    private int failCommits;

    /** Makes the next {@code times} attempts to stage a version fail, after it was staged. */
    synchronized void failCommits(int times) {
        failCommits = times;
    }

    @Override
    public synchronized StateStore open(StateStoreSpec spec, StateStoreId id, StateVersion version, String attempt) {
        if (!attempts.add(attempt + " " + id)) {
            throw new IllegalStateException("two attempts are called " + attempt);
        }
        TreeMap<ByteBuffer, byte[]> found =
                version.number() == 0 ? new TreeMap<>() : versions.get(name(id, version.number()));
        if (found == null) {
            throw new IllegalStateException("no version " + version.number() + " of " + id);
        }
        diary.add("open " + id + " at " + version.number());
        return new Store(id, version, attempt, new TreeMap<>(found));
    }

    private static String name(StateStoreId id, long version) {
        return id.directory() + "/" + version;
    }

    @Override
    public synchronized void committed(List<StagedState> states) {
        for (StagedState state : states) {
            StagedState.File file = state.files().get(0);
            versions.put(file.target(), java.util.Objects.requireNonNull(stagedFiles.get(file.staged())));
        }
        stagedFiles.clear();
        diary.clear();
    }

    synchronized long count(String entry) {
        return diary.stream().filter(entry::equals).count();
    }

    synchronized long countAll(String prefix) {
        return diary.stream().filter(line -> line.startsWith(prefix)).count();
    }

    /** Returns everything of a version of all stores of an operator, as text. */
    synchronized String dump(long operator, long version) {
        StringBuilder text = new StringBuilder();
        versions.forEach((name, entries) -> {
            if (name.startsWith("state/" + operator + "/") && name.endsWith("/" + version)) {
                entries.forEach((k, v) -> text.append(name)
                        .append(' ')
                        .append(StageWorld.value(k.array()))
                        .append('=')
                        .append(StageWorld.value(v))
                        .append('\n'));
            }
        });
        return text.toString();
    }

    @Override
    public void rolledBack(long version) {}

    @Override
    public void maintain(long committedVersion, int minBatchesToRetain, Runnable stillOwner) {}

    @Override
    public void close() {}

    private final class Store implements StateStore {
        private final StateStoreId id;
        private final StateVersion version;
        private final String attempt;
        private final TreeMap<ByteBuffer, byte[]> entries;
        private boolean ended;

        Store(StateStoreId id, StateVersion version, String attempt, TreeMap<ByteBuffer, byte[]> entries) {
            this.id = id;
            this.version = version;
            this.attempt = attempt;
            this.entries = entries;
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
            return entries.get(ByteBuffer.wrap(key));
        }

        @Override
        public RowBlock multiGet(RowBlock keys) {
            RowBlock.Builder values = new RowBlock.Builder(keys.count(), 8);
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
            entries.put(ByteBuffer.wrap(key), value);
        }

        @Override
        public void putAll(RowBlock keys, RowBlock values) {
            for (int i = 0; i < keys.count(); i++) {
                put(keys.copy(i), values.copy(i));
            }
        }

        @Override
        public void remove(byte[] key) {
            entries.remove(ByteBuffer.wrap(key));
        }

        @Override
        public void removeAll(RowBlock keys) {
            for (int i = 0; i < keys.count(); i++) {
                remove(keys.copy(i));
            }
        }

        @Override
        public StateIterator iterator() {
            var entry = new TreeMap<>(entries).entrySet().iterator();
            return new StateIterator() {
                private java.util.Map.@Nullable Entry<ByteBuffer, byte[]> at;

                @Override
                public boolean next() {
                    at = entry.hasNext() ? entry.next() : null;
                    return at != null;
                }

                @Override
                public byte[] key() {
                    return java.util.Objects.requireNonNull(at).getKey().array();
                }

                @Override
                public byte[] value() {
                    return java.util.Objects.requireNonNull(at).getValue();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public StateIterator prefixScan(byte[] prefix) {
            throw new IllegalStateException("plain keys");
        }

        @Override
        public StateIterator rangeScan(byte @Nullable [] from, byte @Nullable [] until) {
            throw new IllegalStateException("plain keys");
        }

        @Override
        public long size() {
            return entries.size();
        }

        @Override
        public StagedState commit() {
            synchronized (TreeStores.this) {
                ended = true;
                String staged = attempt + "/" + id;
                stagedFiles.put(staged, entries);
                diary.add("stage " + id);
                if (failCommits > 0) {
                    failCommits--;
                    throw new IllegalStateException("the disk sneezed");
                }
                long next = version.number() + 1;
                return new StagedState(
                        id, next, List.of(new StagedState.File(staged, name(id, next), entries.size(), 0)), null);
            }
        }

        @Override
        public void abort() {
            synchronized (TreeStores.this) {
                ended = true;
                diary.add("abort " + id);
            }
        }

        @Override
        public SortedMap<String, Long> metrics() {
            return new TreeMap<>(java.util.Map.of("treeEntries", (long) entries.size()));
        }

        @Override
        public long memoryBytes() {
            return entries.size() * 16L;
        }

        @Override
        public void close() {
            if (!ended) {
                abort();
            }
        }
    }
}
