package io.tidemark.state.codec;

import io.tidemark.api.Row;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.VectorBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Schemas and values drawn from a seed: every type, nested, with nulls and the values at the edges. */
final class DrawnRows {
    private static final long[] LONGS = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, -(1L << 31)};
    private static final double[] DOUBLES = {0.0, -0.0, Double.NaN, Double.MIN_VALUE, Double.NEGATIVE_INFINITY, 1.5};

    private final Random random;

    DrawnRows(long seed) {
        random = new Random(seed);
    }

    StructType schema() {
        int fields = random.nextInt(10) == 0 ? 60 + random.nextInt(10) : random.nextInt(7);
        return struct(fields, 3);
    }

    StructType struct(int fields, int depth) {
        List<StructField> list = new ArrayList<>();
        for (int i = 0; i < fields; i++) {
            list.add(new StructField("f" + i, type(depth)));
        }
        return new StructType(list);
    }

    DataType type(int depth) {
        AtomicType[] atomics = AtomicType.values();
        int kind = random.nextInt(depth > 0 ? atomics.length + 6 : atomics.length + 2);
        if (kind < atomics.length) {
            return atomics[kind];
        }
        return switch (kind - atomics.length) {
            case 0 -> new DecimalType(1 + random.nextInt(18), 0);
            case 1 -> new DecimalType(19 + random.nextInt(20), 5);
            case 2, 3 -> struct(random.nextInt(4), depth - 1);
            case 4 -> new ArrayType(type(depth - 1));
            default ->
                new MapType(
                        type(0) instanceof AtomicType t && t != AtomicType.NULL ? t : AtomicType.STRING,
                        type(depth - 1));
        };
    }

    List<List<@Nullable Object>> rows(StructType schema, int count, boolean nulls) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<@Nullable Object> row = new ArrayList<>();
            schema.fields().forEach(f -> row.add(nulls && random.nextInt(4) == 0 ? null : value(f.dataType())));
            rows.add(row);
        }
        return rows;
    }

    static List<ColumnVector> columns(StructType schema, List<List<@Nullable Object>> rows) {
        List<ColumnVector> columns = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
            VectorBuilder builder = VectorBuilder.of(schema.field(i).dataType(), rows.size());
            for (List<@Nullable Object> row : rows) {
                builder.append(row.get(i));
            }
            columns.add(builder.build());
        }
        return columns;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    private long number() {
        return random.nextBoolean() ? LONGS[random.nextInt(LONGS.length)] : random.nextLong();
    }

    @Nullable
    Object value(DataType type) {
        if (type instanceof AtomicType atomic) {
            return atomic(atomic);
        } else if (type instanceof DecimalType decimal) {
            int digits = 1 + random.nextInt(decimal.precision());
            BigInteger unscaled = new BigInteger(140, random).mod(BigInteger.TEN.pow(digits));
            return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), decimal.scale());
        } else if (type instanceof ArrayType array) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int n = random.nextInt(random.nextInt(8) == 0 ? 70 : 4); n > 0; n--) {
                list.add(random.nextInt(4) == 0 ? null : value(array.elementType()));
            }
            return list;
        } else if (type instanceof MapType map) {
            Map<@Nullable Object, @Nullable Object> entries = new LinkedHashMap<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                Object key = value(map.keyType());
                entries.put(key, random.nextInt(4) == 0 ? null : value(map.valueType()));
            }
            return entries;
        }
        StructType struct = (StructType) type;
        return Row.of(struct, rows(struct, 1, true).get(0));
    }

    private @Nullable Object atomic(AtomicType type) {
        return switch (type) {
            case NULL -> null;
            case BOOLEAN -> random.nextBoolean();
            case TINYINT -> (byte) number();
            case SMALLINT -> (short) number();
            case INT -> (int) number();
            case BIGINT -> number();
            case FLOAT -> random.nextBoolean() ? (float) DOUBLES[random.nextInt(DOUBLES.length)] : random.nextFloat();
            case DOUBLE -> random.nextBoolean() ? DOUBLES[random.nextInt(DOUBLES.length)] : random.nextDouble();
            case STRING -> text();
            case BINARY -> {
                byte[] bytes = new byte[random.nextInt(20)];
                random.nextBytes(bytes);
                yield bytes;
            }
            case DATE -> LocalDate.ofEpochDay(random.nextInt(100_000) - 50_000);
            case TIMESTAMP -> instant();
            case TIMESTAMP_NTZ -> LocalDateTime.ofInstant(instant(), ZoneOffset.UTC);
        };
    }

    private Instant instant() {
        return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1_000L);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(random.nextInt(5) == 0 ? 40 : 10); n > 0; n--) {
            text.append(random.nextInt(6) == 0 ? '日' : (char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }
}
