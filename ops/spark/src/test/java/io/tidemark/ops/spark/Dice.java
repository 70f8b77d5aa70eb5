package io.tidemark.ops.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** Draws from a seed, and draws what was used least more often; keeps a count of what it used. */
final class Dice {
    private final Random random;
    private final TreeMap<String, Integer> made;
    private final List<String> uses = new ArrayList<>();

    /** @param made how often each thing was used before; what is used from here on is added */
    Dice(long seed, TreeMap<String, Integer> made) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.made = made;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    int between(int first, int last) {
        return first + random.nextInt(last - first + 1);
    }

    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    long whole() {
        return random.nextLong();
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Returns the one that was used least, and counts it. */
    String rarest(String kind, List<String> choices) {
        int least = choices.stream()
                .mapToInt(choice -> used(kind + " " + choice))
                .min()
                .orElseThrow();
        String one = of(choices.stream()
                .filter(choice -> used(kind + " " + choice) == least)
                .toList());
        return use(kind, one);
    }

    /** Returns the one of two that was used less; the caller counts it. */
    String rarer(String kind, List<String> choices) {
        String one = of(choices);
        String other = of(choices);
        return used(kind + " " + one) <= used(kind + " " + other) ? one : other;
    }

    String use(String kind, String name) {
        made.merge(kind + " " + name, 1, Integer::sum);
        uses.add(kind + " " + name);
        return name;
    }

    /** What was used, in order. */
    List<String> uses() {
        return List.copyOf(uses);
    }

    private int used(String name) {
        return made.getOrDefault(name, 0);
    }
}
