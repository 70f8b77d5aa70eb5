package io.tidemark.ops.drill.kill;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Numbered records, each decided by its number and the seed alone: the drill sends them, and its oracle makes them again.
 * Amounts are quarters, so that their sums are exact.
 */
record SeededRecords(long seed) {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    byte[] event(long id) {
        return json("\"event_id\":" + id + ",", id, eventMillis(id));
    }

    byte[] click(long id) {
        return json("", id, clickMillis(id));
    }

    private byte[] json(String first, long id, long millis) {
        return ("{" + first + "\"user_id\":\"" + user(id) + "\",\"page\":\"" + page(id) + "\",\"amount\":" + amount(id)
                        + ",\"event_time\":\"" + Instant.ofEpochMilli(millis) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    String user(long id) {
        return "user-" + draw(id, 1, 10_007);
    }

    String page(long id) {
        return "/page/" + draw(id, 2, 17);
    }

    double amount(long id) {
        return draw(id, 3, 4_001) / 4.0;
    }

    long eventMillis(long id) {
        return EPOCH.toEpochMilli() + id * 10;
    }

    /** A click a second, up to a minute out of order: never late for a watermark of ten minutes. */
    long clickMillis(long id) {
        return EPOCH.toEpochMilli() + (id + draw(id, 4, 121) - 60) * 1_000;
    }

    /** Returns a number in {@code [0, bound)}; the mixer is that of SplitMix64. */
    private long draw(long id, int what, int bound) {
        long z = seed + (id * 8 + what) * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return Long.remainderUnsigned(z ^ (z >>> 31), bound);
    }
}
