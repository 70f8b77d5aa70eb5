package io.tidemark.connectors.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * The order in which Scala 2.13's mutable hash map iterates. Spark writes Kafka offsets in it, and two offsets are equal
 * only if their texts are, so ours have to follow.
 */
final class ScalaHashOrder {
    private static final int FIRST_CAPACITY = 16;

    private ScalaHashOrder() {}

    /**
     * Returns the distinct keys as the map iterates over them.
     *
     * @param puts the keys in the order they are put; a key put again counts for the growth of the table
     * @param hash the key's hash code before mixing
     */
    static <K> List<K> of(List<K> puts, ToIntFunction<K> hash) {
        int capacity = FIRST_CAPACITY;
        Set<K> keys = new LinkedHashSet<>();
        for (K key : puts) {
            if (keys.size() + 1 >= capacity / 4 * 3) {
                capacity *= 2;
            }
            keys.add(key);
        }
        int mask = capacity - 1;
        Map<K, Integer> mixed = new HashMap<>();
        keys.forEach(k -> mixed.put(k, mix(hash.applyAsInt(k))));
        List<K> order = new ArrayList<>(keys);
        order.sort((a, b) -> { // stable: ties stay in the order of arrival
            int ha = mixed.getOrDefault(a, 0);
            int hb = mixed.getOrDefault(b, 0);
            int byBucket = Integer.compare(ha & mask, hb & mask);
            return byBucket != 0 ? byBucket : Integer.compare(ha, hb);
        });
        return order;
    }

    private static int mix(int hash) {
        return hash ^ (hash >>> 16);
    }
}
