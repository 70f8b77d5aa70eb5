package io.tidemark.state.codec;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Columns to UnsafeRow bytes and back, and Spark's murmur3 of the columns: nanoseconds a row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RowCodecBenchmark {
    private static final int ROWS = 8192;
    private static final StructType SCHEMA = StructType.EMPTY
            .add("user_id", AtomicType.STRING)
            .add("events", AtomicType.BIGINT)
            .add("amount", AtomicType.DOUBLE)
            .add("seen", AtomicType.TIMESTAMP);

    private final List<ColumnVector> columns = new ArrayList<>();
    private final int[] hashes = new int[ROWS];
    private RowBlock encoded = RowBlock.EMPTY;

    @Setup
    public void draw() {
        Random random = new Random(1);
        List<VectorBuilder> builders = new ArrayList<>();
        SCHEMA.fields().forEach(field -> builders.add(VectorBuilder.of(field.dataType(), ROWS)));
        for (int i = 0; i < ROWS; i++) {
            builders.get(0).append("user-" + random.nextInt(5_000_000));
            builders.get(1).append(random.nextLong(1_000_000));
            builders.get(2).append(random.nextDouble());
            builders.get(3).append(Instant.ofEpochSecond(1_767_225_600L + i));
        }
        builders.forEach(builder -> columns.add(builder.build()));
        encoded = encode();
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public RowBlock encode() {
        RowBlock.Builder rows = new RowBlock.Builder(ROWS, ROWS * 64);
        new RowEncoder(SCHEMA).encode(columns, Selection.all(ROWS), rows);
        return rows.build();
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public List<ColumnVector> decode() {
        return new RowDecoder(SCHEMA).decode(encoded);
    }

    /** Of a string, as in a shuffle by it. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int[] murmur3OfStrings() {
        return hash(columns.get(0));
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int[] murmur3OfLongs() {
        return hash(columns.get(1));
    }

    private int[] hash(ColumnVector column) {
        Arrays.fill(hashes, ColumnHash.SEED);
        ColumnHash.update(column, Selection.all(ROWS), hashes);
        return hashes;
    }
}
