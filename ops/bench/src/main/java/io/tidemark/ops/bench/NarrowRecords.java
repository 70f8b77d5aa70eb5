package io.tidemark.ops.bench;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Clicks of 180 bytes in six fields, five of which are read; one millisecond of event time apart. */
final class NarrowRecords implements Records {
    static final int BYTES = 180;
    static final int PAGES = 9_973;

    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final long CENTS = 100_000;
    private static final long KEPT_FROM = 10_000;

    private final long users;
    private final long seed;
    private final StringBuilder json = new StringBuilder(BYTES);

    NarrowRecords(long users, long seed) {
        this.users = users;
        this.seed = seed;
    }

    @Override
    public byte[] record(long id) {
        long user = Long.remainderUnsigned(Records.mixed(seed ^ (id << 2)), users);
        long page = Long.remainderUnsigned(Records.mixed(seed ^ (id << 2 | 1)), PAGES);
        long cents = cents(id);
        json.setLength(0);
        json.append("{\"event_id\":").append(id);
        json.append(",\"user_id\":\"user-").append(user);
        json.append("\",\"page\":\"/products/").append(page);
        json.append("\",\"amount\":").append(cents / 100).append('.');
        json.append((char) ('0' + cents / 10 % 10)).append((char) ('0' + cents % 10));
        json.append(",\"event_time\":\"").append(EPOCH.plusMillis(id));
        json.append("\",\"agent\":\"");
        while (json.length() < BYTES - 2) {
            json.append('x');
        }
        return json.append("\"}").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean isKept(long id) {
        return cents(id) >= KEPT_FROM;
    }

    private long cents(long id) {
        return Long.remainderUnsigned(Records.mixed(seed ^ (id << 2 | 2)), CENTS);
    }
}
