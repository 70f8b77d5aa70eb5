package io.tidemark.ops.cli.demo;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** Generated clicks: click number {@code i} of a seed is always the same JSON. */
public final class Clicks {
    private static final List<String> PAGES =
            List.of("home", "search", "product", "cart", "checkout", "account", "help", "offers");
    private static final int USERS = 10_000;
    private static final long FIRST_MILLIS =
            Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private final long seed;

    public Clicks(long seed) {
        this.seed = seed;
    }

    /** Returns click {@code i} as UTF-8 JSON with event_id (= i), user_id, page, amount and event_time. */
    public byte[] json(long i) {
        SplittableRandom random = new SplittableRandom(seed ^ (i * GOLDEN_GAMMA));
        long cents = random.nextInt(100_000);
        StringBuilder text = new StringBuilder(160)
                .append("{\"event_id\":")
                .append(i)
                .append(",\"user_id\":\"user-")
                .append(random.nextInt(USERS))
                .append("\",\"page\":\"")
                .append(PAGES.get(random.nextInt(PAGES.size())))
                .append("\",\"amount\":")
                .append(cents / 100)
                .append('.')
                .append(cents % 100 < 10 ? "0" : "")
                .append(cents % 100)
                .append(",\"event_time\":\"")
                .append(Instant.ofEpochMilli(FIRST_MILLIS + i * 10 - random.nextInt(5_000)))
                .append("\"}");
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
