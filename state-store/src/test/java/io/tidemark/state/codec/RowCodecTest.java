package io.tidemark.state.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.Row;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that Spark's projection has written, and rows drawn from seeds there and back. */
class RowCodecTest {
    private static final Instant MIDNIGHT = Instant.parse("2024-01-01T00:00:00Z");
    private static final StructType WINDOW =
            StructType.EMPTY.add("start", AtomicType.TIMESTAMP).add("end", AtomicType.TIMESTAMP);
    private static final StructType WINDOW_AND_PAGE =
            StructType.EMPTY.add("window", WINDOW).add("page", AtomicType.STRING);

    private static StructType schema(DataType... types) {
        List<StructField> fields = new ArrayList<>();
        for (DataType type : types) {
            fields.add(new StructField("f", type));
        }
        return new StructType(fields);
    }

    private static String encode(StructType schema, @Nullable Object... values) {
        List<ColumnVector> columns = DrawnRows.columns(schema, List.of(Arrays.asList(values)));
        return HexFormat.of()
                .formatHex(
                        new RowEncoder(schema).encode(columns, Selection.all(1)).copy(0));
    }

    private static void assertEncoded(String hex, StructType schema, @Nullable Object... values) {
        String bytes = hex.replace(" ", "");
        assertThat(encode(schema, values)).isEqualTo(bytes);
        RowBlock.Builder block = new RowBlock.Builder(1, 0);
        block.add(HexFormat.of().parseHex(bytes));
        List<ColumnVector> decoded = new RowDecoder(schema).decode(block.build());
        for (int i = 0; i < schema.size(); i++) {
            assertThat(decoded.get(i).value(0)).isEqualTo(values[i]);
        }
    }

    @Test
    void aWindowAndAStringAreAKeyAsInSpark() {
        Row window = Row.of(WINDOW, List.of(MIDNIGHT, MIDNIGHT.plusSeconds(10)));
        assertEncoded(
                "0000000000000000 1800000018000000 0400000030000000 0000000000000000 00202110d70d0600 80b6b910d70d0600"
                        + " 686f6d6500000000",
                WINDOW_AND_PAGE,
                window,
                "home");
        assertEncoded(
                "0200000000000000 1800000018000000 0000000000000000 0000000000000000 00202110d70d0600 80b6b910d70d0600",
                WINDOW_AND_PAGE,
                window,
                null);
    }

    @Test
    void numbersStandInTheLowBytesWithoutSign() {
        assertEncoded(
                "0000000000000000 0100000000000000 fe00000000000000 fdff000000000000 fcffffff00000000 fbffffffffffffff"
                        + " 0000c03f00000000 00000000000004c0 0c4d000000000000 00202110d70d0600",
                schema(
                        AtomicType.BOOLEAN,
                        AtomicType.TINYINT,
                        AtomicType.SMALLINT,
                        AtomicType.INT,
                        AtomicType.BIGINT,
                        AtomicType.FLOAT,
                        AtomicType.DOUBLE,
                        AtomicType.DATE,
                        AtomicType.TIMESTAMP),
                true,
                (byte) -2,
                (short) -3,
                -4,
                -5L,
                1.5f,
                -2.5,
                LocalDate.of(2024, 1, 2),
                MIDNIGHT);
        StructType countAndSum = schema(AtomicType.BIGINT, AtomicType.DOUBLE);
        assertEncoded("0000000000000000 0200000000000000 000000000000f83f", countAndSum, 2L, 1.5);
        assertEncoded("0200000000000000 0200000000000000 0000000000000000", countAndSum, 2L, null);
        assertEncoded("0100000000000000 0000000000000000", schema(AtomicType.NULL), (Object) null);
        assertThat(encode(StructType.EMPTY)).isEmpty();
    }

    @Test
    void bytesAreAlignedAndEmptyOnesHaveAPlaceTheyTakeNothingOf() {
        StructType schema = schema(AtomicType.STRING, AtomicType.STRING, AtomicType.BINARY);
        assertEncoded(
                "0000000000000000 0000000020000000 0800000020000000 0300000028000000 3132333435363738 0102030000000000",
                schema,
                "",
                "12345678",
                new byte[] {1, 2, 3});
    }

    @Test
    void aWideDecimalReservesSixteenBytesEvenForANull() {
        assertEncoded(
                "0000000000000000 7d00000000000000 fbffffffffffffff 0100000028000000 0a00000038000000 8300000000000000"
                        + " 0000000000000000 1a249b1f10a06c96 aff2000000000000",
                schema(new DecimalType(10, 2), new DecimalType(18, 0), new DecimalType(20, 2), new DecimalType(38, 4)),
                new BigDecimal("1.25"),
                new BigDecimal("-5"),
                new BigDecimal("-1.25"),
                new BigDecimal("12345678901234567890.1234"));
        StructType nulls = schema(new DecimalType(10, 2), new DecimalType(20, 2), AtomicType.INT);
        assertEncoded(
                "0300000000000000 0000000000000000 0000000020000000 0700000000000000 0000000000000000 0000000000000000",
                nulls,
                null,
                null,
                7);
        byte[] withoutOffset =
                HexFormat.of().parseHex("0300000000000000" + "0000000000000000".repeat(2) + "0700000000000000");
        List<VectorBuilder> into = builders(nulls);
        new RowDecoder(nulls).decode(withoutOffset, 0, withoutOffset.length, into);
        assertThat(into.get(1).build().value(0)).isNull();
    }

    @Test
    void arraysAndMapsAreLaidOutAsInSpark() {
        assertEncoded(
                "0000000000000000 2000000010000000 0300000000000000 0000000000000000 0100000002000000 0300000000000000",
                schema(new ArrayType(AtomicType.INT)),
                List.of(1, 2, 3));
        assertEncoded(
                "0000000000000000 3800000010000000 0300000000000000 0200000000000000 0200000028000000 0000000000000000"
                        + " 0100000030000000 6162000000000000 6300000000000000",
                schema(new ArrayType(AtomicType.STRING)),
                Arrays.asList("ab", null, "c"));
        assertEncoded(
                "0000000000000000 1800000010000000 0300000000000000 0000000000000000 0100010000000000",
                schema(new ArrayType(AtomicType.BOOLEAN)),
                List.of(true, false, true));
        assertEncoded(
                "0000000000000000 4000000010000000 2000000000000000 0100000000000000 0000000000000000 0100000018000000"
                        + " 6b00000000000000 0100000000000000 0000000000000000 0500000000000000",
                schema(new MapType(AtomicType.STRING, AtomicType.INT)),
                Map.of("k", 5));
        assertEncoded(
                "0000000000000000 3000000010000000 0200000000000000 0000000000000000 0400000020000000 0400000028000000"
                        + " 686f6d6500000000 686f6d6500000000",
                schema(new ArrayType(AtomicType.STRING)),
                List.of("home", "home"));
    }

    @Test
    void structsInStructsCountFromTheirOwnStart() {
        StructType inner = schema(AtomicType.STRING);
        StructType middle = schema(inner, AtomicType.INT);
        assertEncoded(
                "0000000000000000 3000000018000000 0900000000000000 0000000000000000 1800000018000000 0700000000000000"
                        + " 0000000000000000 0200000010000000 7879000000000000",
                schema(middle, AtomicType.INT),
                Row.of(middle, List.of(Row.of(inner, List.of("xy")), 7)),
                9);
    }

    @Test
    void nullBitsFillWords() {
        StructType wide = schema(Collections.nCopies(66, AtomicType.INT).toArray(DataType[]::new));
        @Nullable Object[] values = new Object[66];
        Arrays.fill(values, 1);
        values[1] = null;
        values[64] = null;
        assertThat(encode(wide, values)).startsWith("02000000000000000100000000000000" + "0100000000000000");
    }

    /** Column by column or value by value, in any selection and behind other rows: the same bytes and values. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverIsEncodedComesBack(long seed) {
        DrawnRows drawn = new DrawnRows(seed);
        for (int round = 0; round < 60; round++) {
            StructType schema = drawn.schema();
            List<List<@Nullable Object>> rows = drawn.rows(schema, 1 + drawn.below(20), drawn.below(4) > 0);
            List<ColumnVector> columns = DrawnRows.columns(schema, rows);
            int[] some = IntStream.range(0, rows.size())
                    .filter(i -> drawn.below(3) > 0)
                    .toArray();
            Selection selection = drawn.below(2) == 0 ? Selection.all(rows.size()) : Selection.of(some, some.length);
            RowBlock.Builder builder = new RowBlock.Builder(0, 0);
            builder.add(new byte[] {9, 9, 9});
            builder.addAbsent();
            RowEncoder encoder = new RowEncoder(schema);
            encoder.encode(columns, selection, builder);
            RowBlock block = builder.build();
            assertThat(block.count()).isEqualTo(2 + selection.count());

            RowBlock tail = tail(block, 1);
            List<ColumnVector> decoded = new RowDecoder(schema).decode(tail);
            List<VectorBuilder> single = builders(schema);
            for (int i = 1; i < tail.count(); i++) {
                assertThat(tail.length(i) % 8).isZero();
                new RowDecoder(schema).decode(tail.data(), tail.start(i), tail.length(i), single);
            }
            List<ColumnVector> singles =
                    single.stream().map(VectorBuilder::build).toList();
            for (int f = 0; f < schema.size(); f++) {
                assertThat(decoded.get(f).type()).isEqualTo(schema.field(f).dataType());
                assertThat(decoded.get(f).value(0)).isNull();
                for (int i = 0; i < selection.count(); i++) {
                    Object expected = columns.get(f).value(selection.at(i));
                    String what =
                            "seed " + seed + " " + schema.field(f).dataType().simpleString();
                    assertThat(plain(decoded.get(f).value(i + 1))).as(what).isEqualTo(plain(expected));
                    assertThat(plain(singles.get(f).value(i))).as(what).isEqualTo(plain(expected));
                }
            }
            RowBlock again = encoder.encode(
                    decoded,
                    Selection.of(IntStream.rangeClosed(1, selection.count()).toArray(), selection.count()));
            for (int i = 0; i < again.count(); i++) {
                assertThat(again.copy(i)).isEqualTo(block.copy(i + 2));
            }
        }
    }

    /** Bytes that are no row are refused, or read as some row; they never lead outside. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void damagedRowsAreRefusedOrRead(long seed) {
        DrawnRows drawn = new DrawnRows(seed);
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            StructType schema = drawn.struct(1 + drawn.below(4), 2);
            List<ColumnVector> columns = DrawnRows.columns(schema, drawn.rows(schema, 1, true));
            byte[] row =
                    new RowEncoder(schema).encode(columns, Selection.all(1)).copy(0);
            for (int k = 0; k < 10; k++) {
                byte[] damaged = row.clone();
                damaged[drawn.below(row.length)] ^= (byte) (1 << drawn.below(8));
                damaged = Arrays.copyOf(damaged, Math.max(0, row.length - (drawn.below(3) == 0 ? 8 : 0)));
                RowBlock.Builder block = new RowBlock.Builder(1, 0);
                block.add(damaged);
                boolean whole = decodes(() -> new RowDecoder(schema).decode(block.build()));
                byte[] one = damaged;
                List<VectorBuilder> into = builders(schema);
                assertThat(decodes(() -> new RowDecoder(schema).decode(one, 0, one.length, into)))
                        .as("seed " + seed + " round " + round + " " + schema.simpleString())
                        .isEqualTo(whole);
                refused += whole ? 0 : 1;
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    @Test
    void theRulesOfAStateRowAreChecked() {
        StructType string = schema(AtomicType.STRING);
        assertRefused(string, "0000000000000000", "8 bytes cannot be a row of 1 fields: struct<f:string>");
        assertRefused(
                string,
                "0000000000000000 0900000010000000 6100000000000000",
                "a value of 9 bytes at 16 lies outside of its 24 bytes");
        assertRefused(
                string,
                "0000000000000000 0100000008000000 6100000000000000",
                "a value of 1 bytes at 8 lies outside of its 24 bytes");
        assertRefused(string, "0100000000000000 0100000010000000 6100000000000000", "a null string has a value");
        assertRefused(schema(AtomicType.BOOLEAN), "0000000000000000 0200000000000000", "a boolean has bits");
        assertRefused(schema(AtomicType.INT), "0000000000000000 fcffffffffffffff", "a int has bits");
        assertRefused(
                schema(AtomicType.STRING, AtomicType.STRING),
                "0000000000000000 0800000018000000 0800000018000000 6162636465666768",
                "the fields of a row overlap");
        assertRefused(string, "0000000000000000 0000000000000000 00", "17 bytes cannot be a row");
    }

    private static void assertRefused(StructType schema, String hex, String message) {
        byte[] row = HexFormat.of().parseHex(hex.replace(" ", ""));
        RowBlock.Builder block = new RowBlock.Builder(1, 0);
        block.add(row);
        assertThatThrownBy(() -> new RowDecoder(schema).decode(block.build()))
                .isInstanceOf(MalformedRowException.class)
                .hasMessageContaining(message);
        assertThatThrownBy(() -> new RowDecoder(schema).decode(row, 0, row.length, builders(schema)))
                .isInstanceOf(MalformedRowException.class)
                .hasMessageContaining(message);
    }

    @Test
    void columnsOfAnotherTypeAreRefused() {
        RowEncoder encoder = new RowEncoder(schema(AtomicType.STRING));
        List<ColumnVector> ints = DrawnRows.columns(schema(AtomicType.INT), List.of(List.of(1)));
        assertThatThrownBy(() -> encoder.encode(ints, Selection.all(1)))
                .hasMessage("column f is of type int, not string");
        assertThatThrownBy(() -> encoder.encode(List.of(), Selection.all(1))).hasMessageContaining("0 columns");
    }

    private static boolean decodes(Runnable decoding) {
        try {
            decoding.run();
            return true;
        } catch (MalformedRowException e) {
            return false;
        }
    }

    private static RowBlock tail(RowBlock block, int from) {
        RowBlock.Builder tail = new RowBlock.Builder(0, 0);
        for (int i = from; i < block.count(); i++) {
            if (block.isAbsent(i)) {
                tail.addAbsent();
            } else {
                tail.add(block.data(), block.start(i), block.length(i));
            }
        }
        return tail.build();
    }

    private static List<VectorBuilder> builders(StructType schema) {
        List<VectorBuilder> builders = new ArrayList<>();
        schema.fields().forEach(f -> builders.add(VectorBuilder.of(f.dataType(), 1)));
        return builders;
    }

    /** Returns a value that can be compared, bits of floating point and bytes included. */
    private static Object plain(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        } else if (value instanceof List<?> list) {
            return list.stream().map(RowCodecTest::plain).toList();
        } else if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(e -> List.of(plain(e.getKey()), plain(e.getValue())))
                    .toList();
        } else if (value instanceof Row row) {
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                values.add(plain(row.get(i)));
            }
            return values;
        }
        return value == null ? "null" : value;
    }
}
