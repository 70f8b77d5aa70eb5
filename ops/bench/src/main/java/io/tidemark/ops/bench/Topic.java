package io.tidemark.ops.bench;

import java.util.Locale;

/**
 * A topic, by what decides every byte of it.
 *
 * @param rows 0 for one that is filled while it is read
 * @param users how many values {@code user_id} takes
 */
record Topic(Shape shape, int partitions, long rows, long users, long seed) {
    /** What a record looks like. */
    enum Shape {
        /** Six fields in 180 bytes. */
        NARROW,
        /** A hundred fields. */
        WIDE
    }

    String name() {
        return String.format(Locale.ROOT, "%s-%d-%d", shape.name().toLowerCase(Locale.ROOT), partitions, rows);
    }

    Records records() {
        return shape == Shape.WIDE ? new WideRecords(seed) : new NarrowRecords(users, seed);
    }
}
