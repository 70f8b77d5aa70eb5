package io.tidemark.runtime.aggregate;

import io.tidemark.api.Row;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
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

/** Values of any type from a seed: few different ones, floating ones multiples of 1/1024, so that sums are exact. */
final class DrawnValues {
    private final Random random;

    DrawnValues(Random random) {
        this.random = random;
    }

    @Nullable
    Object nullable(DataType type) {
        return type == AtomicType.NULL || random.nextInt(5) == 0 ? null : value(type);
    }

    private Object value(DataType type) {
        int small = random.nextInt(41) - 20;
        if (type instanceof AtomicType atomic) {
            return switch (atomic) {
                case NULL -> throw new IllegalArgumentException("no value of type void");
                case BOOLEAN -> random.nextBoolean();
                case TINYINT -> (byte) small;
                case SMALLINT -> (short) (small * 1000);
                case INT -> small * 1_000_003;
                case BIGINT -> small * 1_000_000_007L;
                case FLOAT -> small / 1024f;
                case DOUBLE -> (random.nextInt(2001) - 1000) / 1024.0;
                case STRING -> "s".repeat(random.nextInt(12)) + small;
                case BINARY -> new byte[random.nextInt(4)];
                case DATE -> LocalDate.ofEpochDay(small);
                case TIMESTAMP -> Instant.ofEpochSecond(small);
                case TIMESTAMP_NTZ -> LocalDateTime.ofEpochSecond(small, 1000, ZoneOffset.UTC);
            };
        } else if (type instanceof DecimalType decimal) {
            BigInteger unscaled = new BigInteger(Math.max(1, decimal.precision() * 3 - 4), random);
            return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), decimal.scale());
        } else if (type instanceof ArrayType array) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                list.add(nullable(array.elementType()));
            }
            return list;
        } else if (type instanceof MapType map) {
            Map<Object, @Nullable Object> entries = new LinkedHashMap<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                entries.put(value(map.keyType()), nullable(map.valueType()));
            }
            return entries;
        }
        StructType struct = (StructType) type;
        List<@Nullable Object> fields = new ArrayList<>();
        struct.fields().forEach(field -> fields.add(nullable(field.dataType())));
        return Row.of(struct, fields);
    }
}
