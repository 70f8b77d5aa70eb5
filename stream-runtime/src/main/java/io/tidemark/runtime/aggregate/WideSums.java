package io.tidemark.runtime.aggregate;

import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.Selection;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sums of unscaled decimals in 128 bits a group, two's complement in two longs. More than 38 digits are held for a while, for
 * later values may bring the sum back; a sum that leaves 128 bits is lost for good.
 */
final class WideSums {
    private static final int LONG_BITS = 64;

    private long[] high = {};
    private long[] low = {};
    private final GroupFlags lost = new GroupFlags();

    void grow(int groups) {
        high = Arrays.copyOf(high, groups);
        low = Arrays.copyOf(low, groups);
        lost.grow(groups);
    }

    /** Adds the values of rows that are not null. */
    void add(int[] groups, DecimalVector input, Selection rows) {
        int @Nullable [] at = rows.positions();
        if (input.decimalType().fitsLong()) {
            long[] values = input.longs();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                add(groups[row], values[row] >> (LONG_BITS - 1), values[row]);
            }
            return;
        }
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            BigInteger value = input.unscaled(row);
            add(groups[row], value.shiftRight(LONG_BITS).longValue(), value.longValue());
        }
    }

    private void add(int group, long valueHigh, long valueLow) {
        long sumLow = low[group] + valueLow;
        long carry = Long.compareUnsigned(sumLow, valueLow) < 0 ? 1 : 0;
        long before = high[group];
        long sumHigh = before + valueHigh + carry;
        if (((before ^ sumHigh) & (valueHigh ^ sumHigh)) < 0) {
            lost.set(group);
        }
        low[group] = sumLow;
        high[group] = sumHigh;
    }

    /** Marks a sum as lost: a partial sum of it was. */
    void lose(int group) {
        lost.set(group);
    }

    /** Returns the sum, null if it is lost or not below {@code bound} in magnitude. */
    @Nullable
    BigInteger sum(int group, BigInteger bound) {
        if (lost.isSet(group)) {
            return null;
        } else if (high[group] == low[group] >> (LONG_BITS - 1)) {
            BigInteger small = BigInteger.valueOf(low[group]);
            return small.abs().compareTo(bound) < 0 ? small : null;
        }
        BigInteger sum = BigInteger.valueOf(high[group])
                .shiftLeft(LONG_BITS)
                .add(BigInteger.valueOf(low[group] >>> 1).shiftLeft(1))
                .add(BigInteger.valueOf(low[group] & 1));
        return sum.abs().compareTo(bound) < 0 ? sum : null;
    }

    long memoryBytes() {
        return 16L * high.length + lost.memoryBytes();
    }
}
