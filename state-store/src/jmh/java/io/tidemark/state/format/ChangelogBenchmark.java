package io.tidemark.state.format;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Puts of 32 and 40 bytes into a changelog that goes nowhere: nanoseconds a record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ChangelogBenchmark {
    private static final int RECORDS = 100_000;
    private static final int KEY_BYTES = 32;
    private static final int VALUE_BYTES = 40;

    @Param({"LZ4", "ZSTD"})
    public StateCompression compression = StateCompression.LZ4;

    private final byte[] keys = new byte[RECORDS * KEY_BYTES];
    private final byte[] values = new byte[RECORDS * VALUE_BYTES];

    /** Words of which half are small numbers, as in encoded rows. */
    @Setup
    public void draw() {
        Random random = new Random(1);
        for (int i = 0; i < keys.length; i += 2 * Long.BYTES) {
            keys[i] = (byte) random.nextInt();
            keys[i + 1] = (byte) random.nextInt();
            keys[i + 2] = (byte) random.nextInt(76);
        }
        for (int i = 0; i < values.length; i += Long.BYTES) {
            values[i] = (byte) random.nextInt();
        }
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long write() throws IOException {
        try (ChangelogWriter writer = ChangelogWriter.open(OutputStream.nullOutputStream(), compression, false)) {
            for (int i = 0; i < RECORDS; i++) {
                writer.put(keys, i * KEY_BYTES, KEY_BYTES, values, i * VALUE_BYTES, VALUE_BYTES);
            }
            writer.finish();
            return writer.records();
        }
    }
}
