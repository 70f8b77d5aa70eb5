package io.tidemark.state.memory;

import io.tidemark.state.StateIterator;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** Walks over several layers as one, in the order of keys: of one key the newest layer counts. */
final class LayerIterator implements StateIterator {
    private final List<Cursor> cursors = new ArrayList<>();
    private Map.@Nullable Entry<Key, byte[]> entry;

    /**
     * @param newestFirst the layers, none of which changes while this is used
     * @param from where to begin, or null
     * @param until where to end before, or null
     */
    LayerIterator(List<NavigableMap<Key, byte[]>> newestFirst, @Nullable Key from, @Nullable Key until) {
        for (NavigableMap<Key, byte[]> layer : newestFirst) {
            cursors.add(new Cursor(range(layer, from, until).entrySet().iterator()));
        }
    }

    static NavigableMap<Key, byte[]> range(NavigableMap<Key, byte[]> layer, @Nullable Key from, @Nullable Key until) {
        NavigableMap<Key, byte[]> tail = from == null ? layer : layer.tailMap(from, true);
        return until == null ? tail : tail.headMap(until, false);
    }

    @Override
    public boolean next() {
        do {
            entry = null;
            for (Cursor cursor : cursors) {
                if (cursor.head != null
                        && (entry == null || cursor.head.getKey().compareTo(entry.getKey()) < 0)) {
                    entry = cursor.head;
                }
            }
            if (entry == null) {
                return false;
            }
            for (Cursor cursor : cursors) {
                if (cursor.head != null && cursor.head.getKey().compareTo(entry.getKey()) == 0) {
                    cursor.advance();
                }
            }
        } while (entry.getValue() == Layer.GONE);
        return true;
    }

    @Override
    public byte[] key() {
        return current().getKey().row();
    }

    @Override
    public byte[] value() {
        return current().getValue();
    }

    private Map.Entry<Key, byte[]> current() {
        if (entry == null) {
            throw new IllegalStateException("there is no entry here");
        }
        return entry;
    }

    @Override
    public void close() {
        cursors.clear();
    }

    private static final class Cursor {
        private final Iterator<Map.Entry<Key, byte[]>> entries;
        private Map.@Nullable Entry<Key, byte[]> head;

        Cursor(Iterator<Map.Entry<Key, byte[]>> entries) {
            this.entries = entries;
            advance();
        }

        void advance() {
            head = entries.hasNext() ? entries.next() : null;
        }
    }
}
