package io.tidemark.ops.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.Row;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.state.codec.ColumnHash;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowDecoder;
import io.tidemark.state.codec.RowEncoder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Murmur3Hash;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Function1;
import scala.jdk.javaapi.CollectionConverters;

/** Rows of drawn schemas and values, encoded and hashed by Spark's own projection: not a bit is different. */
class RowBytesTest {
    private static final int SCHEMAS = 30;
    private static final int ROWS = 40;
    private static final long[] LONGS = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, -(1L << 31)};
    private static final double[] DOUBLES = {0.0, -0.0, Double.NaN, Double.MIN_VALUE, Double.NEGATIVE_INFINITY, 1.5};

    private Random random = new Random(0);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void rowsAndHashesAreThoseOfSpark(long seed) {
        random = new Random(seed);
        for (int round = 0; round < SCHEMAS; round++) {
            StructType schema = struct(round == 0 ? 66 : random.nextInt(6), 2);
            List<List<@Nullable Object>> rows = new ArrayList<>();
            for (int i = 0; i < ROWS; i++) {
                rows.add(row(schema));
            }
            List<ColumnVector> columns = columns(schema, rows);
            RowBlock encoded = new RowEncoder(schema).encode(columns, Selection.all(ROWS));
            int[] hashes = new int[ROWS];
            boolean hashable = !schema.simpleString().contains("map<");
            if (hashable) {
                Arrays.fill(hashes, ColumnHash.SEED);
                columns.forEach(column -> ColumnHash.update(column, Selection.all(ROWS), hashes));
            }
            var sparkSchema =
                    (org.apache.spark.sql.types.StructType) org.apache.spark.sql.types.DataType.fromJson(schema.json());
            UnsafeProjection projection = UnsafeProjection.create(sparkSchema);
            Function1<Object, Object> toCatalyst = CatalystTypeConverters.createToCatalystConverter(sparkSchema);
            Expression hash = new Murmur3Hash(
                    CollectionConverters.asScala(references(sparkSchema)).toSeq());
            RowBlock.Builder bySpark = new RowBlock.Builder(ROWS, 0);
            for (int i = 0; i < ROWS; i++) {
                InternalRow row = (InternalRow) toCatalyst.apply(toSpark(Row.of(schema, rows.get(i))));
                byte[] bytes = projection.apply(row).getBytes();
                assertThat(HexFormat.of().formatHex(encoded.copy(i)))
                        .as("seed %d, %s, %s", seed, schema.simpleString(), rows.get(i))
                        .isEqualTo(HexFormat.of().formatHex(bytes));
                if (hashable) {
                    assertThat(hashes[i])
                            .as("hash: seed %d, %s, %s", seed, schema.simpleString(), rows.get(i))
                            .isEqualTo(hash.eval(row));
                }
                bySpark.add(bytes);
            }
            RowBlock back =
                    new RowEncoder(schema).encode(new RowDecoder(schema).decode(bySpark.build()), Selection.all(ROWS));
            for (int i = 0; i < ROWS; i++) {
                assertThat(back.copy(i)).isEqualTo(encoded.copy(i));
            }
        }
    }

    private static List<Expression> references(org.apache.spark.sql.types.StructType schema) {
        List<Expression> references = new ArrayList<>();
        for (int i = 0; i < schema.length(); i++) {
            references.add(new BoundReference(i, schema.apply(i).dataType(), true));
        }
        return references;
    }

    private static List<ColumnVector> columns(StructType schema, List<List<@Nullable Object>> rows) {
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

    /** Turns our rows into Spark's, at any depth; all other values are the same objects in both. */
    private static @Nullable Object toSpark(@Nullable Object value) {
        if (value instanceof Row row) {
            Object[] values = new Object[row.size()];
            Arrays.setAll(values, i -> toSpark(row.get(i)));
            return RowFactory.create(values);
        } else if (value instanceof List<?> list) {
            List<@Nullable Object> values = new ArrayList<>();
            list.forEach(v -> values.add(toSpark(v)));
            return values;
        } else if (value instanceof Map<?, ?> map) {
            Map<@Nullable Object, @Nullable Object> values = new LinkedHashMap<>();
            map.forEach((k, v) -> values.put(toSpark(k), toSpark(v)));
            return values;
        }
        return value;
    }

    private StructType struct(int fields, int depth) {
        StructType struct = StructType.EMPTY;
        for (int i = 0; i < fields; i++) {
            struct = struct.add("f" + i, type(depth));
        }
        return struct;
    }

    private DataType type(int depth) {
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
            default -> new MapType(random.nextBoolean() ? AtomicType.STRING : AtomicType.INT, type(depth - 1));
        };
    }

    private List<@Nullable Object> row(StructType schema) {
        List<@Nullable Object> row = new ArrayList<>();
        schema.fields().forEach(f -> row.add(random.nextInt(4) == 0 ? null : value(f.dataType())));
        return row;
    }

    private @Nullable Object value(DataType type) {
        if (type instanceof DecimalType decimal) {
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
                entries.put(value(map.keyType()), random.nextInt(4) == 0 ? null : value(map.valueType()));
            }
            return entries;
        } else if (type instanceof StructType struct) {
            return Row.of(struct, row(struct));
        }
        return atomic((AtomicType) type);
    }

    private @Nullable Object atomic(AtomicType type) {
        long number = random.nextBoolean() ? LONGS[random.nextInt(LONGS.length)] : random.nextLong();
        Instant instant = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1_000L);
        return switch (type) {
            case NULL -> null;
            case BOOLEAN -> random.nextBoolean();
            case TINYINT -> (byte) number;
            case SMALLINT -> (short) number;
            case INT -> (int) number;
            case BIGINT -> number;
            case FLOAT -> random.nextBoolean() ? (float) DOUBLES[random.nextInt(DOUBLES.length)] : random.nextFloat();
            case DOUBLE -> random.nextBoolean() ? DOUBLES[random.nextInt(DOUBLES.length)] : random.nextDouble();
            case STRING -> "aß日".repeat(random.nextInt(6)) + "xyz".substring(random.nextInt(3));
            case BINARY -> {
                byte[] bytes = new byte[random.nextInt(20)];
                random.nextBytes(bytes);
                yield bytes;
            }
            case DATE -> LocalDate.ofEpochDay(random.nextInt(100_000) - 50_000);
            case TIMESTAMP -> instant;
            case TIMESTAMP_NTZ -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        };
    }
}
