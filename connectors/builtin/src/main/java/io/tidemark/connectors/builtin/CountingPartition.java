package io.tidemark.connectors.builtin;

import io.tidemark.api.connector.InputPartition;

/**
 * Every {@code step}-th number of {@code [first, until)}, with a timestamp that grows with the number.
 *
 * @param origin the first number of the whole batch, which gets {@code originMillis}
 * @param millisPerValue how much later each next number is
 */
record CountingPartition(
        String format, long first, int step, long until, long origin, long originMillis, double millisPerValue)
        implements InputPartition {
    @Override
    public String describe() {
        return format + " [" + first + ", " + until + ") step " + step;
    }

    long micros(long value) {
        return Math.multiplyExact(originMillis + Math.round((value - origin) * millisPerValue), 1_000L);
    }
}
