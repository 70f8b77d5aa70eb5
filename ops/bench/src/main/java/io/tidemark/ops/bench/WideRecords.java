package io.tidemark.ops.bench;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Records of a hundred fields, {@code c00} to {@code c99}: in turn a number, a text, an amount and a time. The query reads
 * {@code c04}, {@code c29}, {@code c54} and {@code c79}, one of each.
 */
final class WideRecords implements Records {
    private static final int COLUMNS = 100;
    private static final int FILTERED = 54;
    private static final long CENTS = 100_000;
    private static final long KEPT_FROM = 10_000;
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final long seed;
    private final StringBuilder json = new StringBuilder(2_500);

    WideRecords(long seed) {
        this.seed = seed;
    }

    @Override
    public byte[] record(long id) {
        json.setLength(0);
        for (int column = 0; column < COLUMNS; column++) {
            json.append(column == 0 ? '{' : ',').append("\"c").append((char) ('0' + column / 10));
            json.append((char) ('0' + column % 10)).append("\":");
            long value = value(id, column);
            switch (column % 4) {
                case 0 -> json.append(value % 1_000_000_000);
                case 1 -> json.append("\"text-").append(value % 100_000).append('"');
                case 2 -> {
                    long cents = value % CENTS;
                    json.append(cents / 100).append('.').append((char) ('0' + cents / 10 % 10));
                    json.append((char) ('0' + cents % 10));
                }
                default -> json.append('"').append(EPOCH.plusMillis(id)).append('"');
            }
        }
        return json.append('}').toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean isKept(long id) {
        return value(id, FILTERED) % CENTS >= KEPT_FROM;
    }

    private long value(long id, int column) {
        return Records.mixed(seed ^ (id * COLUMNS + column)) >>> 1;
    }
}
