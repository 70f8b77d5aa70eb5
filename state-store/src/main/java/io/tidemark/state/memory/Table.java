package io.tidemark.state.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The versions of one store that are in memory: a whole one, and what the few versions behind it changed. Layers are only
 * read while anybody holds a {@link View}; if nobody does, taking the next view folds the versions up to it into the whole
 * one, which costs what they changed and not what there is. Safe for use by many threads.
 */
final class Table {
    private final Layer base;
    private long baseVersion;
    private long baseSize;
    private final Deque<Change> changes = new ArrayDeque<>();
    private int views;

    Table(long version, Layer base) {
        this.base = base;
        this.baseVersion = version;
        this.baseSize = base.entries.size();
    }

    private record Change(Layer layer, long sizeAfter) {}

    /**
     * One version, which stays readable until closed.
     *
     * @param newestFirst its layers; read only
     * @param size how many entries it has
     */
    record View(Table table, List<Layer> newestFirst, long size) implements AutoCloseable {
        View {
            newestFirst = List.copyOf(newestFirst);
        }

        @Override
        public void close() {
            table.release();
        }
    }

    /** Returns a version, or empty if it is not in memory. */
    synchronized Optional<View> view(long version) {
        if (version < baseVersion || version > newest()) {
            return Optional.empty();
        }
        while (views == 0 && baseVersion < version) {
            Change oldest = changes.remove();
            base.merge(oldest.layer());
            baseVersion++;
            baseSize = oldest.sizeAfter();
        }
        List<Layer> layers = new ArrayList<>();
        layers.add(base);
        long size = baseSize;
        Iterator<Change> change = changes.iterator();
        for (long v = baseVersion; v < version; v++) {
            Change next = change.next();
            layers.add(0, next.layer());
            size = next.sizeAfter();
        }
        views++;
        return Optional.of(new View(this, layers, size));
    }

    synchronized long newest() {
        return baseVersion + changes.size();
    }

    /** Adds the version behind the newest. */
    synchronized void append(Layer changed, long sizeAfter) {
        changes.add(new Change(changed, sizeAfter));
    }

    private synchronized void release() {
        views--;
    }

    synchronized long bytes() {
        long bytes = base.bytes();
        for (Change change : changes) {
            bytes += change.layer().bytes();
        }
        return bytes;
    }
}
