package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Columns of random values, edges among them, with or without nulls, and random selections. */
final class RandomColumns {
    private final Random random;

    RandomColumns(long seed) {
        random = new Random(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    ColumnBatch batch(StructType schema, int length) {
        List<ColumnVector> columns = new ArrayList<>();
        schema.fields().forEach(f -> columns.add(column(f.dataType(), length)));
        return new ColumnBatch(schema, columns, length);
    }

    private ColumnVector column(DataType type, int length) {
        VectorBuilder builder = VectorBuilder.of(type, length);
        int nullsIn = random.nextInt(3) * 4;
        for (int i = 0; i < length; i++) {
            builder.append(nullsIn > 0 && random.nextInt(nullsIn) == 0 ? null : value(type));
        }
        return builder.build();
    }

    Selection selection(int length) {
        int kind = random.nextInt(3);
        if (kind == 0) {
            return Selection.all(length);
        }
        int[] positions = new int[length];
        int count = 0;
        for (int i = 0; i < length; i++) {
            if (random.nextInt(kind == 1 ? 2 : 20) == 0) {
                positions[count++] = i;
            }
        }
        return Selection.of(positions, count);
    }

    private @Nullable Object value(DataType type) {
        if (type instanceof DecimalType decimal) {
            int digits = 1 + random.nextInt(decimal.precision());
            BigInteger bound = BigInteger.TEN.pow(digits);
            BigInteger unscaled = new BigInteger(bound.bitLength() + 2, random).mod(bound);
            return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), decimal.scale());
        }
        return switch ((AtomicType) type) {
            case BOOLEAN -> random.nextBoolean();
            case TINYINT -> (byte) integral(8);
            case SMALLINT -> (short) integral(16);
            case INT -> (int) integral(32);
            case BIGINT -> integral(64);
            case FLOAT -> (float) floating();
            case DOUBLE -> floating();
            case STRING -> text();
            case DATE -> LocalDate.ofEpochDay(random.nextInt(60_000) - 20_000);
            case TIMESTAMP -> instant();
            case TIMESTAMP_NTZ -> LocalDateTime.ofInstant(instant(), ZoneOffset.UTC);
            default -> null;
        };
    }

    private Instant instant() {
        return Instant.ofEpochSecond(random.nextInt() + (long) random.nextInt(100), random.nextInt(1_000_000) * 1_000L);
    }

    private long integral(int bits) {
        long edge = 1L << (bits - 1);
        return switch (random.nextInt(20)) {
            case 0 -> -edge;
            case 1 -> edge - 1;
            case 2 -> random.nextLong() >> (64 - bits);
            case 3 -> random.nextLong() >> (64 - bits / 2);
            default -> random.nextInt(21) - 10;
        };
    }

    private double floating() {
        return switch (random.nextInt(12)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> -0.0;
            case 3 -> 0;
            case 4 -> random.nextGaussian() * 1e18;
            case 5 -> random.nextInt(20) / 2.0 - 5;
            case 6 -> (random.nextInt(2_000_000) - 1_000_000) / 1000.0;
            default -> random.nextGaussian() * 100;
        };
    }

    private String text() {
        StringBuilder out = new StringBuilder();
        int length = random.nextInt(4);
        for (int i = 0; i < length; i++) {
            out.append("ab1é 2".charAt(random.nextInt(6)));
        }
        return out.toString();
    }
}
