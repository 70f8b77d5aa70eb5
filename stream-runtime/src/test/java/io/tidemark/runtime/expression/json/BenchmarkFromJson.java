package io.tidemark.runtime.expression.json;

import io.tidemark.api.error.Origin;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.VectorBuilder;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Prints how many records of about 200 bytes, 5 of their 7 members wanted, one thread reads a second. Run by hand. */
final class BenchmarkFromJson {
    private static final int RECORDS = 20_000;
    private static final int BATCH = 4_096;
    private static final int ROUNDS = 12;

    private BenchmarkFromJson() {}

    public static void main(String[] arguments) {
        StructType schema = StructType.EMPTY
                .add("user_id", AtomicType.STRING)
                .add("page", AtomicType.STRING)
                .add("amount", AtomicType.DOUBLE)
                .add("event_time", AtomicType.TIMESTAMP)
                .add("sequence", AtomicType.BIGINT);
        byte[][] records = records();
        long bytes = 0;
        for (byte[] record : records) {
            bytes += record.length;
        }
        System.out.printf(Locale.ROOT, "%d bytes a record%n", bytes / RECORDS);
        for (int round = 0; round < ROUNDS; round++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime(); // others share the cores
            long rows = 0;
            for (int pass = 0; pass < 25; pass++) {
                rows += read(schema, records);
            }
            double seconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9;
            System.out.printf(Locale.ROOT, "%.2f million rows per second of CPU time%n", rows / seconds / 1e6);
        }
    }

    private static int read(StructType schema, byte[][] records) {
        ReadOptions options = new ReadOptions(Map.of(), Origin.NONE);
        RecordShape shape = RecordShape.of(schema, options);
        int rows = 0;
        for (int from = 0; from < records.length; from += BATCH) {
            VectorBuilder out = VectorBuilder.of(schema, BATCH);
            TemporalText temporal = new TemporalText(options, ZoneOffset.UTC);
            FastRecordReader reader = new FastRecordReader(shape, out, temporal);
            for (byte[] record : List.of(records).subList(from, Math.min(records.length, from + BATCH))) {
                if (!reader.read(record, 0, record.length)) {
                    throw new IllegalStateException("not for the fast reader");
                }
            }
            rows += out.build().length();
        }
        return rows;
    }

    private static byte[][] records() {
        Random random = new Random(1);
        byte[][] records = new byte[RECORDS][];
        for (int i = 0; i < RECORDS; i++) {
            records[i] = String.format(
                            Locale.ROOT,
                            "{\"event_id\":\"%08x-%04x-4000-8000-%012x\",\"user_id\":\"user-%d\",\"page\":\"/products/%d\","
                                    + "\"amount\":%.2f,\"event_time\":\"2026-03-%02dT%02d:%02d:%02d.%03dZ\","
                                    + "\"sequence\":%d,\"agent\":\"Mozilla/5.0 (X11)\"}",
                            random.nextInt(),
                            random.nextInt(65_536),
                            random.nextLong(1L << 48),
                            random.nextInt(100_000),
                            random.nextInt(5_000),
                            random.nextDouble() * 500,
                            1 + random.nextInt(28),
                            random.nextInt(24),
                            random.nextInt(60),
                            random.nextInt(60),
                            random.nextInt(1_000),
                            i)
                    .getBytes(StandardCharsets.UTF_8);
        }
        return records;
    }
}
