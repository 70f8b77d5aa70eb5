package io.tidemark.connectors.delta;

import io.tidemark.api.Row;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Draws rows of any type, with nulls, repeats and odd values. */
public final class RandomRows {
    /** Every type a table can hold, flat and nested. */
    public static final StructType ALL_TYPES = StructType.EMPTY
            .add("b", AtomicType.BOOLEAN)
            .add("i8", AtomicType.TINYINT)
            .add("i16", AtomicType.SMALLINT)
            .add("i32", AtomicType.INT)
            .add("i64", AtomicType.BIGINT)
            .add("f32", AtomicType.FLOAT)
            .add("f64", AtomicType.DOUBLE)
            .add("s", AtomicType.STRING)
            .add("bin", AtomicType.BINARY)
            .add("d", AtomicType.DATE)
            .add("ts", AtomicType.TIMESTAMP)
            .add("ntz", AtomicType.TIMESTAMP_NTZ)
            .add("dec5", new DecimalType(5, 2))
            .add("dec18", new DecimalType(18, 6))
            .add("dec38", new DecimalType(38, 10))
            .add("arr", new ArrayType(AtomicType.BIGINT))
            .add("strs", new ArrayType(AtomicType.STRING))
            .add("deep", new ArrayType(new ArrayType(AtomicType.INT)))
            .add("m", new MapType(AtomicType.STRING, AtomicType.DOUBLE))
            .add(
                    "st",
                    StructType.EMPTY
                            .add("x", AtomicType.INT)
                            .add("y", AtomicType.STRING)
                            .add("z", StructType.EMPTY.add("t", AtomicType.TIMESTAMP)))
            .add(
                    "structs",
                    new ArrayType(StructType.EMPTY
                            .add("p", AtomicType.STRING)
                            .add("q", new ArrayType(AtomicType.DOUBLE))
                            .add("r", new MapType(AtomicType.INT, new DecimalType(20, 3)))));

    private final Random random;

    public RandomRows(long seed) {
        this.random = new Random(seed);
    }

    public List<@Nullable Object[]> rows(StructType schema, int count) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(schema.fields().stream().map(f -> value(f.dataType())).toArray());
        }
        return rows;
    }

    private @Nullable Object value(DataType type) {
        return random.nextInt(5) == 0 ? null : present(type);
    }

    private Object present(DataType type) {
        if (type instanceof DecimalType decimal) {
            int bits = Math.max(1, (int) (decimal.precision() * 3.32) - 1);
            BigInteger unscaled = new BigInteger(random.nextInt(bits) + 1, random);
            return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), decimal.scale());
        } else if (type instanceof ArrayType array) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                list.add(value(array.elementType()));
            }
            return list;
        } else if (type instanceof MapType map) {
            Map<Object, @Nullable Object> entries = new LinkedHashMap<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                entries.put(present(map.keyType()), value(map.valueType()));
            }
            return entries;
        } else if (type instanceof StructType struct) {
            List<@Nullable Object> values = new ArrayList<>();
            for (StructField field : struct.fields()) {
                values.add(value(field.dataType()));
            }
            return Row.of(struct, values);
        }
        boolean repeat = random.nextBoolean();
        long micros = repeat ? random.nextInt(5) * 1_000_000L : random.nextLong() / 40_000;
        Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        return switch ((AtomicType) type) {
            case BOOLEAN -> random.nextBoolean();
            case TINYINT -> (byte) random.nextInt();
            case SMALLINT -> (short) random.nextInt();
            case INT -> repeat ? random.nextInt(10) : random.nextInt();
            case BIGINT -> repeat ? (long) random.nextInt(10) : random.nextLong();
            case FLOAT -> repeat ? (float) random.nextInt(3) : random.nextFloat() * 1000 - 500;
            case DOUBLE -> repeat ? (double) random.nextInt(3) : random.nextGaussian();
            case STRING -> repeat ? "repeat" + random.nextInt(5) : text();
            case BINARY -> {
                byte[] bytes = new byte[random.nextInt(12)];
                random.nextBytes(bytes);
                yield bytes;
            }
            case DATE -> LocalDate.ofEpochDay(random.nextInt(40_000) - 10_000);
            case TIMESTAMP -> instant;
            case TIMESTAMP_NTZ -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
            case NULL -> throw new IllegalArgumentException("void");
        };
    }

    private String text() {
        String[] odd = {"", " ", "a/b", "50%", "\u00fc\u00f1\u00ee", "\u65e5\u672c", "\uD83D\uDE00", "x\ny", "'\"\\"};
        return odd[random.nextInt(odd.length)] + Long.toString(random.nextLong(), 36);
    }
}
