package io.tidemark.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.Row;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.state.codec.ColumnHash;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowEncoder;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupTableTest {
    private static final List<DataType> TYPES = List.of(
            AtomicType.BIGINT,
            AtomicType.INT,
            AtomicType.STRING,
            AtomicType.BOOLEAN,
            AtomicType.DOUBLE,
            AtomicType.FLOAT,
            AtomicType.NULL,
            new DecimalType(12, 2),
            new DecimalType(30, 2),
            new ArrayType(AtomicType.STRING),
            StructType.EMPTY.add("start", AtomicType.TIMESTAMP).add("end", AtomicType.TIMESTAMP));

    private static ColumnVector column(DataType type, List<@Nullable Object> values) {
        VectorBuilder builder = VectorBuilder.of(type, values.size());
        values.forEach(builder::append);
        return builder.build();
    }

    /** Returns the {@code n}-th value of a type; 0 is null. */
    private static @Nullable Object value(DataType type, int n) {
        if (n == 0 || type == AtomicType.NULL) {
            return null;
        } else if (type instanceof DecimalType) {
            return new BigDecimal(n).setScale(2);
        } else if (type instanceof ArrayType) {
            return n == 1 ? List.of() : Arrays.asList("a" + n, null);
        } else if (type instanceof StructType struct) {
            Instant start = Instant.ofEpochSecond(10L * n);
            return Row.of(struct, Arrays.asList(start, n % 2 == 0 ? null : start.plusSeconds(10)));
        }
        return switch ((AtomicType) type) {
            case STRING -> "s".repeat(n - 1);
            case BOOLEAN -> n % 2 == 0;
            case DOUBLE -> n / 2.0;
            case FLOAT -> n / 2.0f;
            default -> n;
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void rowsAreOfOneGroupIfTheirEncodedKeysAreEqual(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            List<StructField> fields = new ArrayList<>();
            for (int n = random.nextInt(4); n >= 0; n--) {
                fields.add(new StructField("k", TYPES.get(random.nextInt(TYPES.size()))));
            }
            StructType schema = new StructType(fields);
            GroupTable table = new GroupTable(schema);
            Map<String, Integer> groupOfKey = new HashMap<>();
            for (int batch = 0; batch < 5; batch++) {
                int n = 1 + random.nextInt(300);
                boolean nulls = random.nextBoolean();
                List<ColumnVector> keys = new ArrayList<>();
                for (StructField field : fields) {
                    List<@Nullable Object> values = new ArrayList<>();
                    for (int i = 0; i < n; i++) {
                        values.add(value(field.dataType(), nulls ? random.nextInt(5) : 1 + random.nextInt(6)));
                    }
                    keys.add(column(field.dataType(), values));
                }
                int[] some =
                        IntStream.range(0, n).filter(i -> random.nextInt(3) > 0).toArray();
                Selection rows = random.nextBoolean() ? Selection.all(n) : Selection.of(some, some.length);
                RowBlock encoded = new RowEncoder(schema).encode(keys, rows);
                int[] groups = table.groupsOf(keys, rows);
                for (int i = 0; i < rows.count(); i++) {
                    String key = HexFormat.of().formatHex(encoded.copy(i));
                    int group = groups[rows.at(i)];
                    assertThat(groupOfKey.computeIfAbsent(key, k -> group))
                            .as("seed " + seed + " " + schema.simpleString())
                            .isEqualTo(group);
                }
            }
            assertThat(table.size()).isEqualTo(groupOfKey.size());
            RowBlock keys = table.keys();
            for (int group = 0; group < table.size(); group++) {
                assertThat(groupOfKey.get(HexFormat.of().formatHex(keys.copy(group))))
                        .isEqualTo(group);
                int hash = ColumnHash.SEED;
                for (ColumnVector column : table.keyColumns()) {
                    hash = ColumnHash.hash(column, group, hash);
                }
                assertThat(table.hashes()[group]).isEqualTo(hash);
            }
        }
    }

    @Test
    void keysOfTheSameHashAreGroupsOfTheirOwn() {
        int n = 400_000; // some twenty pairs share a hash of 32 bits
        long[] values = new long[2 * n];
        Arrays.setAll(values, i -> i % n * 0x9E3779B97F4A7C15L);
        LongVector keys = new LongVector(AtomicType.BIGINT, 2 * n, values, null);
        long hashes = IntStream.range(0, n)
                .map(i -> ColumnHash.hash(keys, i, ColumnHash.SEED))
                .distinct()
                .count();
        assertThat(hashes).isLessThan(n);
        GroupTable table = new GroupTable(StructType.EMPTY.add("k", AtomicType.BIGINT));
        int[] groups = table.groupsOf(List.of(keys), Selection.all(2 * n));
        long[] stored = ((LongVector) table.keyColumns().get(0)).values();
        assertThat(table.size()).isEqualTo(n);
        for (int i = 0; i < 2 * n; i++) {
            if (stored[groups[i]] != values[i]) {
                assertThat(stored[groups[i]]).as("key of row " + i).isEqualTo(values[i]);
            }
        }
        assertThat(table.memoryBytes()).isBetween(16L * n, 100L * n);
    }

    @Test
    void withoutKeyColumnsThereIsOneGroupOfAnyRows() {
        GroupTable table = new GroupTable(StructType.EMPTY);
        assertThat(table.size()).isZero();
        assertThat(table.groupsOf(List.of(), Selection.all(3))).startsWith(0, 0, 0);
        assertThat(table.size()).isOne();
        assertThat(table.keys().length(0)).isZero();
    }
}
