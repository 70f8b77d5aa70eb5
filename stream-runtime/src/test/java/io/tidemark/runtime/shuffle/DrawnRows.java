package io.tidemark.runtime.shuffle;

import io.tidemark.api.Row;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.NullVector;
import io.tidemark.api.vector.Selection;
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

/** Schemas of any type, and batches of them, some of whose rows do not count. */
final class DrawnRows {
    private final Random random;

    DrawnRows(long seed) {
        random = new Random(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** The first two columns can be hashed. */
    StructType schema() {
        List<StructField> fields = new ArrayList<>();
        fields.add(new StructField("k0", atomic()));
        fields.add(new StructField("k1", random.nextBoolean() ? atomic() : new DecimalType(1 + below(38), 0)));
        for (int i = 0, count = 1 + below(6); i < count; i++) {
            fields.add(new StructField("c" + i, type(2)));
        }
        return new StructType(fields);
    }

    private AtomicType atomic() {
        AtomicType[] all = AtomicType.values();
        AtomicType drawn = all[below(all.length)];
        return drawn == AtomicType.NULL ? AtomicType.BIGINT : drawn;
    }

    private DataType type(int depth) {
        int kind = below(depth == 0 ? 6 : 9);
        if (kind < 4) {
            return AtomicType.values()[below(AtomicType.values().length)];
        } else if (kind < 6) {
            int precision = 1 + below(38);
            return new DecimalType(precision, below(precision + 1));
        } else if (kind == 6) {
            return new ArrayType(type(depth - 1));
        } else if (kind == 7) {
            return new MapType(atomic(), type(depth - 1));
        }
        List<StructField> fields = new ArrayList<>();
        for (int i = 0, count = 1 + below(3); i < count; i++) {
            fields.add(new StructField("f" + i, type(depth - 1)));
        }
        return new StructType(fields);
    }

    ColumnBatch batch(StructType schema, int length) {
        List<ColumnVector> columns = new ArrayList<>();
        for (StructField field : schema.fields()) {
            if (below(20) == 0) {
                columns.add(new NullVector(length)); // as expressions without a value make them
                continue;
            }
            VectorBuilder builder = VectorBuilder.of(field.dataType(), 4);
            int nullsIn = below(3) * 4;
            for (int i = 0; i < length; i++) {
                builder.append(nullsIn > 0 && below(nullsIn) == 0 ? null : value(field.dataType()));
            }
            columns.add(builder.build());
        }
        return new ColumnBatch(schema, columns, selection(length));
    }

    private Selection selection(int length) {
        if (random.nextBoolean()) {
            return Selection.all(length);
        }
        int[] positions = new int[length];
        int count = 0;
        for (int i = 0; i < length; i++) {
            if (random.nextBoolean()) {
                positions[count++] = i;
            }
        }
        return Selection.of(positions, count);
    }

    private @Nullable Object value(DataType type) {
        if (type instanceof DecimalType decimal) {
            BigInteger unscaled = new BigInteger(1 + below(120), random).mod(BigInteger.TEN.pow(decimal.precision()));
            return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), decimal.scale());
        } else if (type instanceof ArrayType array) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = below(4); i > 0; i--) {
                list.add(orNull(array.elementType()));
            }
            return list;
        } else if (type instanceof MapType map) {
            Map<@Nullable Object, @Nullable Object> entries = new LinkedHashMap<>();
            for (int i = below(4); i > 0; i--) {
                entries.put(value(map.keyType()), orNull(map.valueType()));
            }
            return entries;
        } else if (type instanceof StructType struct) {
            List<@Nullable Object> values = new ArrayList<>();
            struct.fields().forEach(f -> values.add(orNull(f.dataType())));
            return Row.of(struct, values);
        }
        return switch ((AtomicType) type) {
            case NULL -> null;
            case BOOLEAN -> random.nextBoolean();
            case TINYINT -> (byte) random.nextInt();
            case SMALLINT -> (short) random.nextInt();
            case INT -> random.nextInt();
            case BIGINT -> random.nextLong();
            case FLOAT -> (float) random.nextGaussian();
            case DOUBLE -> random.nextGaussian();
            case STRING -> "é".repeat(below(3)) + Integer.toString(below(1000), 36);
            case BINARY -> Integer.toString(random.nextInt()).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            case DATE -> LocalDate.ofEpochDay(below(40_000));
            case TIMESTAMP -> Instant.ofEpochSecond(below(2_000_000_000), below(1_000_000) * 1_000L);
            case TIMESTAMP_NTZ -> LocalDateTime.ofEpochSecond(below(2_000_000_000), 0, ZoneOffset.UTC);
        };
    }

    private @Nullable Object orNull(DataType type) {
        return below(5) == 0 ? null : value(type);
    }
}
