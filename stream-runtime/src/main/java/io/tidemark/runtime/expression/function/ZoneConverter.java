package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_SECOND;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Converts between instants and the local time of one zone, both in microseconds. Remembers the period between two
 * changes of the offset that it last saw, so that rows near each other cost an addition. Not thread-safe; make one for each
 * batch.
 */
public final class ZoneConverter {
    /** No offset changes the clock by more, so this far from a change the local time is not ambiguous. */
    private static final long MARGIN_SECONDS = 86_400;

    private final ZoneRules rules;
    private final boolean fixed;
    private long fromSecond;
    private long untilSecond;
    private long offsetSeconds;

    public ZoneConverter(ZoneId zone) {
        rules = zone.getRules();
        fixed = rules.isFixedOffset();
        if (fixed) {
            offsetSeconds = rules.getOffset(Instant.EPOCH).getTotalSeconds();
        } else {
            look(0);
        }
    }

    /** Returns the local time at an instant. */
    public long toLocal(long utcMicros) {
        if (!fixed) {
            long second = Math.floorDiv(utcMicros, MICROS_PER_SECOND);
            if (second < fromSecond || second >= untilSecond) {
                look(second);
            }
        }
        return Math.addExact(utcMicros, offsetSeconds * MICROS_PER_SECOND);
    }

    /**
     * Returns the instant of a local time: of two, the earlier one; a time that a gap skips is moved forward by the length
     * of the gap.
     *
     * @throws ArithmeticException outside the range of timestamps
     */
    public long toUtc(long localMicros) {
        if (!fixed) {
            long second = Math.floorDiv(localMicros, MICROS_PER_SECOND);
            if (second - offsetSeconds < fromSecond + MARGIN_SECONDS
                    || second - offsetSeconds >= untilSecond - MARGIN_SECONDS) {
                return resolve(localMicros, second);
            }
        }
        return Math.subtractExact(localMicros, offsetSeconds * MICROS_PER_SECOND);
    }

    /**
     * Returns the instant of a local time that came about by moving another one: of two, the one with the offset that the
     * other one had.
     *
     * @throws ArithmeticException outside the range of timestamps
     */
    public long toUtc(long localMicros, long offsetMicros) {
        long kept = Math.subtractExact(localMicros, offsetMicros);
        return toLocal(kept) == localMicros ? kept : toUtc(localMicros);
    }

    private long resolve(long localMicros, long second) {
        LocalDateTime local = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        ZoneOffsetTransition change = rules.getTransition(local);
        ZoneOffset offset = change != null ? change.getOffsetBefore() : rules.getOffset(local);
        look(second - offset.getTotalSeconds());
        return Math.subtractExact(localMicros, offset.getTotalSeconds() * MICROS_PER_SECOND);
    }

    private void look(long second) {
        Instant at = Instant.ofEpochSecond(second);
        offsetSeconds = rules.getOffset(at).getTotalSeconds();
        ZoneOffsetTransition next = rules.nextTransition(at);
        ZoneOffsetTransition previous = rules.previousTransition(at.plusSeconds(1));
        fromSecond = previous == null ? Long.MIN_VALUE / 2 : previous.toEpochSecond();
        untilSecond = next == null ? Long.MAX_VALUE / 2 : next.toEpochSecond();
    }
}
