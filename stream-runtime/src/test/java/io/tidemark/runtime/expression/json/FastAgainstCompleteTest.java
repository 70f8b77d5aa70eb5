package io.tidemark.runtime.expression.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.error.Origin;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.VectorBuilder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast reader says what the complete one says, or nothing. */
class FastAgainstCompleteTest {
    private static final int RECORDS = 20_000;
    private static final ZoneId ZONE = ZoneId.of("America/New_York");
    private static final ReadOptions OPTIONS = new ReadOptions(Map.of(), Origin.NONE);

    private static final StructType INNER = StructType.EMPTY
            .add("a", AtomicType.INT)
            .add("text", AtomicType.STRING)
            .add("list", new ArrayType(AtomicType.BIGINT));
    private static final StructType SCHEMA = StructType.EMPTY
            .add("a", AtomicType.BIGINT)
            .add("b", AtomicType.STRING)
            .add("c", AtomicType.DOUBLE)
            .add("d", AtomicType.TIMESTAMP)
            .add("e", AtomicType.BOOLEAN)
            .add("f", INNER)
            .add("g", new ArrayType(AtomicType.STRING))
            .add("h", new MapType(AtomicType.STRING, AtomicType.INT))
            .add("i", new DecimalType(12, 3))
            .add("j", AtomicType.DATE)
            .add("k", AtomicType.TINYINT)
            .add("l", AtomicType.FLOAT)
            .add("m", AtomicType.TIMESTAMP_NTZ)
            .add("n", new ArrayType(INNER))
            .add("o", new DecimalType(38, 6))
            .add("customer_name", AtomicType.STRING)
            .add("customer_mail", AtomicType.SMALLINT)
            .add("größe", AtomicType.INT)
            .add("p", new MapType(AtomicType.STRING, INNER))
            .add("q", AtomicType.STRING)
            .add("_corrupt_record", AtomicType.STRING);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void wellFormedRecords(long seed) {
        JsonText text = new JsonText(new Random(seed), SCHEMA, 0);
        int fast = compare(seed, SCHEMA, random -> text.record());
        assertThat(fast).isGreaterThan(RECORDS / 20); // members that occur twice and odd values are for the other one
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void mutatedAndTruncatedRecords(long seed) {
        JsonText text = new JsonText(new Random(seed), SCHEMA, 0.2);
        compare(seed, SCHEMA, random -> mutate(random, text.record()));
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void arraysAndMapsAtTheTop(long seed) {
        for (DataType type : List.of(
                new ArrayType(INNER),
                new ArrayType(AtomicType.STRING),
                new MapType(AtomicType.STRING, AtomicType.DOUBLE),
                new MapType(AtomicType.STRING, new ArrayType(AtomicType.INT)))) {
            JsonText text = new JsonText(new Random(seed), type, 0.1);
            compare(seed, type, random -> mutate(random, text.record()));
        }
    }

    @Test
    void deepNestingIsLeftToTheCompleteReaderAndThenRefused() {
        String deep = "{\"zz\":" + "[".repeat(100_000) + "]".repeat(100_000) + ",\"a\":1}";
        byte[] bytes = deep.getBytes(StandardCharsets.UTF_8);
        VectorBuilder out = VectorBuilder.of(SCHEMA, 1);
        assertThat(fast(SCHEMA, out).read(bytes, 0, bytes.length)).isFalse();
        assertThat(out.length()).isZero();
        CompleteRecordReader.Outcome outcome = complete(SCHEMA).read(bytes, 0, bytes.length);
        assertThat(outcome.value()).isNull();
        assertThat(outcome.problem()).contains("nested too deep");
    }

    private interface RecordMaker {
        byte[] make(Random random);
    }

    private static FastRecordReader fast(DataType type, VectorBuilder out) {
        return new FastRecordReader(RecordShape.of(type, OPTIONS), out, new TemporalText(OPTIONS, ZONE));
    }

    private static CompleteRecordReader complete(DataType type) {
        return new CompleteRecordReader(RecordShape.of(type, OPTIONS), OPTIONS, new TemporalText(OPTIONS, ZONE));
    }

    /** Returns how many records the fast reader took. */
    private static int compare(long seed, DataType type, RecordMaker maker) {
        Random random = new Random(~seed);
        VectorBuilder fastOut = VectorBuilder.of(type, 16);
        FastRecordReader fast = fast(type, fastOut);
        CompleteRecordReader complete = complete(type);
        int taken = 0;
        VectorBuilder slowOut = VectorBuilder.of(type, 16);
        byte[][] records = new byte[RECORDS][];
        for (int i = 0; i < RECORDS; i++) {
            byte[] record = maker.make(random);
            int offset = random.nextInt(3);
            byte[] padded = new byte[offset + record.length + random.nextInt(9)];
            Arrays.fill(padded, (byte) '"');
            System.arraycopy(record, 0, padded, offset, record.length);
            records[i] = record;
            CompleteRecordReader.Outcome outcome = complete.read(padded, offset, offset + record.length);
            if (fast.read(padded, offset, offset + record.length)) {
                taken++;
                assertThat(outcome.problem())
                        .as("seed %d: %s", seed, show(record))
                        .isNull();
            } else {
                ReadValues.append(fastOut, outcome.value());
            }
            ReadValues.append(slowOut, outcome.value());
            assertThat(fastOut.length()).isEqualTo(i + 1);
        }
        var fastColumn = fastOut.build();
        var slowColumn = slowOut.build();
        for (int i = 0; i < RECORDS; i++) {
            assertThat(fastColumn.value(i))
                    .as("seed %d: %s", seed, show(records[i]))
                    .isEqualTo(slowColumn.value(i));
        }
        return taken;
    }

    private static byte[] mutate(Random random, byte[] record) {
        if (record.length == 0 || random.nextInt(4) == 0) {
            return record;
        }
        byte[] mutant = record.clone();
        String odd = "\"\\{}[]:,0-9.eE+ntfu'/ \t\n\u0001";
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(mutant.length);
            switch (random.nextInt(4)) {
                case 0 -> mutant[at] = (byte) odd.charAt(random.nextInt(odd.length()));
                case 1 -> mutant[at] = (byte) random.nextInt(256);
                case 2 -> mutant = Arrays.copyOf(mutant, at + 1);
                default -> mutant[at] = mutant[random.nextInt(mutant.length)];
            }
        }
        return mutant;
    }

    private static String show(byte[] record) {
        return new String(record, StandardCharsets.UTF_8);
    }
}
