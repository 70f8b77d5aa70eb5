package io.tidemark.checkpoint.format;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * The order in which a Scala 2.13 immutable {@code HashMap} or {@code HashSet} iterates: a function of its keys' hashes
 * alone. Spark writes some members, and the columns of some keys, in that order.
 */
public final class ScalaMapOrder {
    private static final int SMALL = 4; // maps of up to four keys keep insertion order
    private static final int BITS = 5;
    private static final int HASH_BITS = 32;

    private ScalaMapOrder() {}

    /** Returns {@code keys} in that order; up to four stay as they come. */
    public static <K> List<K> of(Collection<K> keys, ToIntFunction<K> hash) {
        List<K> all = new ArrayList<>(keys);
        if (all.size() <= SMALL) {
            return all;
        }
        List<K> ordered = new ArrayList<>(all.size());
        walk(all, key -> improve(hash.applyAsInt(key)), 0, ordered);
        return ordered;
    }

    private static <K> void walk(List<K> keys, ToIntFunction<K> hash, int shift, List<K> ordered) {
        if (shift >= HASH_BITS) { // equal hashes: in order of arrival
            ordered.addAll(keys);
            return;
        }
        TreeMap<Integer, List<K>> groups = new TreeMap<>();
        for (K key : keys) {
            groups.computeIfAbsent((hash.applyAsInt(key) >>> shift) & 31, group -> new ArrayList<>())
                    .add(key);
        }
        for (List<K> group : groups.values()) {
            if (group.size() == 1) {
                ordered.add(group.get(0));
            }
        }
        for (List<K> group : groups.values()) {
            if (group.size() > 1) {
                walk(group, hash, shift + BITS, ordered);
            }
        }
    }

    private static int improve(int hash) {
        int h = hash;
        h += ~(h << 9);
        h ^= h >>> 14;
        h += h << 4;
        return h ^ (h >>> 10);
    }
}
