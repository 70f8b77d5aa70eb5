package io.tidemark.api.vector;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random values of random types go in and come out the same, whatever was dropped half way. */
class VectorBuilderTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whatGoesInComesOut(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            DataType type = type(random, 3);
            List<@Nullable Object> expected = new ArrayList<>();
            VectorBuilder builder = VectorBuilder.of(type, random.nextInt(4));
            for (int i = 0; i < 200; i++) {
                Object value = value(random, type);
                builder.append(value);
                expected.add(value);
                if (random.nextInt(40) == 0) {
                    int keep = random.nextInt(expected.size() + 1);
                    builder.truncate(keep);
                    expected = new ArrayList<>(expected.subList(0, keep));
                }
            }
            ColumnVector vector = builder.build();
            assertThat(vector.length()).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertThat(vector.value(i))
                        .as("seed %d, %s, row %d", seed, type.simpleString(), i)
                        .isEqualTo(expected.get(i));
            }
        }
    }

    private static DataType type(Random random, int depth) {
        int kind = random.nextInt(depth == 0 ? 14 : 17);
        if (kind < 12) {
            return AtomicType.values()[1 + kind];
        } else if (kind == 12) {
            return new DecimalType(12, 3);
        } else if (kind == 13) {
            return new DecimalType(30, 5);
        } else if (kind == 14) {
            return new ArrayType(type(random, depth - 1));
        } else if (kind == 15) {
            return new MapType(AtomicType.STRING, type(random, depth - 1));
        }
        return StructType.EMPTY.add("a", type(random, depth - 1)).add("b", type(random, depth - 1));
    }

    private static @Nullable Object value(Random random, DataType type) {
        if (random.nextInt(5) == 0) {
            return null;
        }
        if (type instanceof AtomicType atomic) {
            return switch (atomic) {
                case NULL -> null;
                case BOOLEAN -> random.nextBoolean();
                case TINYINT -> (byte) random.nextInt();
                case SMALLINT -> (short) random.nextInt();
                case INT -> random.nextInt();
                case BIGINT -> random.nextLong();
                case FLOAT -> random.nextFloat();
                case DOUBLE -> random.nextDouble();
                case STRING -> "s" + Integer.toString(random.nextInt(), 36) + "é";
                case BINARY -> new byte[] {(byte) random.nextInt(), 0, 1};
                case DATE -> LocalDate.ofEpochDay(random.nextInt(100_000) - 50_000);
                case TIMESTAMP -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1_000L);
                case TIMESTAMP_NTZ ->
                    LocalDateTime.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1_000, ZoneOffset.UTC);
            };
        } else if (type instanceof DecimalType decimal) {
            return new BigDecimal(new BigInteger(decimal.fitsLong() ? 30 : 80, random), decimal.scale());
        } else if (type instanceof ArrayType array) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                Object element = value(random, array.elementType());
                list.add(element instanceof byte[] ? null : element);
            }
            return list;
        } else if (type instanceof MapType map) {
            Map<String, @Nullable Object> entries = new LinkedHashMap<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                Object entry = value(random, map.valueType());
                entries.put("k" + i, entry instanceof byte[] ? null : entry);
            }
            return entries;
        }
        StructType struct = (StructType) type;
        List<@Nullable Object> fields = new ArrayList<>();
        struct.fields().forEach(f -> fields.add(value(random, f.dataType())));
        return Row.of(struct, fields);
    }
}
