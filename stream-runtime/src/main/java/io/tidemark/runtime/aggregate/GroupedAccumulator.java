package io.tidemark.runtime.aggregate;

/** Counts groups and has the arrays of its subclasses grow ahead of them. */
abstract class GroupedAccumulator implements Accumulator {
    private static final int LEAST = 16;

    private int capacity;

    @Override
    public final void grow(int groups) {
        if (groups > capacity) {
            int doubled = (int) Math.min(Integer.MAX_VALUE - 64L, 2L * capacity);
            capacity = Math.max(LEAST, Math.max(groups, doubled));
            resize(capacity);
        }
    }

    /** Makes room for {@code newCapacity} groups, the new ones with the initial buffer. */
    abstract void resize(int newCapacity);
}
