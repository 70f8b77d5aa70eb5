package io.tidemark.state.memory;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sorted entries: a whole version, or what one version changed, where {@link #GONE} hides a key of the layers below. */
final class Layer {
    /** The value of a key that was removed; compared by identity. */
    static final byte[] GONE = new byte[0];

    /** What an entry costs beside its bytes: a tree's node, the key, and the heads of its arrays. */
    private static final int ENTRY_BYTES = 40 + 24 + 16 + 16;

    final TreeMap<Key, byte[]> entries = new TreeMap<>();
    private long bytes;

    byte @Nullable [] get(Key key) {
        return entries.get(key);
    }

    void put(Key key, byte[] value) {
        byte[] before = entries.put(key, value);
        bytes += before == null ? cost(key, value) : value.length - before.length;
    }

    void remove(Key key) {
        byte[] before = entries.remove(key);
        if (before != null) {
            bytes -= cost(key, before);
        }
    }

    /** Makes the changes of {@code newer} part of this whole version. */
    void merge(Layer newer) {
        newer.entries.forEach((key, value) -> {
            if (value == GONE) {
                remove(key);
            } else {
                put(key, value);
            }
        });
    }

    long bytes() {
        return bytes;
    }

    private static long cost(Key key, byte[] value) {
        int order = key.order() == key.row() ? 0 : 16 + key.order().length;
        return (long) ENTRY_BYTES + key.row().length + order + value.length;
    }
}
