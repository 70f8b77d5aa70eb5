package io.tidemark.runtime.expression.json;

import io.tidemark.api.error.Origin;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.VectorBuilder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** JSON of about 200 bytes into columns, 5 of its 7 members wanted, or one: nanoseconds a record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FromJsonBenchmark {
    private static final int RECORDS = 8192;
    private static final StructType FIVE = StructType.EMPTY
            .add("user_id", AtomicType.STRING)
            .add("page", AtomicType.STRING)
            .add("amount", AtomicType.DOUBLE)
            .add("event_time", AtomicType.TIMESTAMP)
            .add("sequence", AtomicType.BIGINT);
    private static final StructType ONE = StructType.EMPTY.add("amount", AtomicType.DOUBLE);

    private final byte[][] records = records();

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public ColumnVector fiveMembers() {
        return read(FIVE);
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public ColumnVector oneMember() {
        return read(ONE);
    }

    private ColumnVector read(StructType schema) {
        ReadOptions options = new ReadOptions(Map.of(), Origin.NONE);
        VectorBuilder out = VectorBuilder.of(schema, RECORDS);
        FastRecordReader reader =
                new FastRecordReader(RecordShape.of(schema, options), out, new TemporalText(options, ZoneOffset.UTC));
        for (byte[] record : records) {
            if (!reader.read(record, 0, record.length)) {
                throw new IllegalStateException("not for the fast reader");
            }
        }
        return out.build();
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
