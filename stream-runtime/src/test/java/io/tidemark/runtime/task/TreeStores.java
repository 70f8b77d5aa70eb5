package io.tidemark.runtime.task;

import io.tidemark.runtime.operator.SortedStore;
import io.tidemark.state.StagedState;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.StateStores;
import io.tidemark.state.StateVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Versions of stores in sorted maps: opening copies a version, staging keeps the copy under the attempt's name, and only what
 * the batch commits becomes the next version. Keeps a diary of who opened, staged and gave up.
 */
final class TreeStores implements StateStores {
    private final TreeMap<String, TreeMap<byte[], byte[]>> versions = new TreeMap<>();
    private final TreeMap<String, TreeMap<byte[], byte[]>> stagedFiles = new TreeMap<>();
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
        TreeMap<byte[], byte[]> found = versions.get(name(id, version.number()));
        if (found == null && version.number() > 0) {
            throw new IllegalStateException("no version " + version.number() + " of " + id);
        }
        diary.add("open " + id + " at " + version.number());
        return new Store(id, version, attempt, found);
    }

    private static String name(StateStoreId id, long version) {
        return id.directory() + "/" + version;
    }

    @Override
    public synchronized void committed(List<StagedState> states) {
        for (StagedState state : states) {
            StagedState.File file = state.files().get(0);
            versions.put(file.target(), Objects.requireNonNull(stagedFiles.get(file.staged())));
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
                        .append(StageWorld.value(k))
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

    private final class Store extends SortedStore {
        private final String attempt;
        private boolean ended;

        Store(StateStoreId id, StateVersion version, String attempt, @Nullable SortedMap<byte[], byte[]> loaded) {
            super(id, version, loaded);
            this.attempt = attempt;
        }

        @Override
        public StagedState commit() {
            synchronized (TreeStores.this) {
                ended = true;
                String staged = attempt + "/" + id();
                stagedFiles.put(staged, entries());
                diary.add("stage " + id());
                if (failCommits > 0) {
                    failCommits--;
                    throw new IllegalStateException("the disk sneezed");
                }
                long next = version().number() + 1;
                return new StagedState(
                        id(),
                        next,
                        List.of(new StagedState.File(
                                staged, name(id(), next), entries().size(), 0)),
                        null);
            }
        }

        @Override
        public void abort() {
            synchronized (TreeStores.this) {
                ended = true;
                diary.add("abort " + id());
            }
        }

        @Override
        public SortedMap<String, Long> metrics() {
            return new TreeMap<>(Map.of("treeEntries", size()));
        }

        @Override
        public long memoryBytes() {
            return size() * 16;
        }

        @Override
        public void close() {
            if (!ended) {
                abort();
            }
        }
    }
}
