package io.tidemark.state.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DataTypes;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.state.KeyEncoding;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys as Spark 4.1 has written them. */
class KeyFramingTest {
    private static KeyFraming framing(KeyEncoding encoding, DataType... types) {
        StructType schema = StructType.EMPTY;
        for (int i = 0; i < types.length; i++) {
            schema = schema.add("c" + i, types[i]);
        }
        return KeyFraming.of(new StateStoreSpec(
                StateStoreId.DEFAULT, schema, StructType.of(new StructField("v", DataTypes.LongType)), encoding));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", "").replace("|", ""));
    }

    private static byte[] framed(KeyFraming framing, byte[] row) {
        byte[] target = new byte[framing.bound(row.length)];
        return Arrays.copyOf(target, framing.frame(row, 0, row.length, target, 0));
    }

    @Test
    void aSessionsKeyHasItsPageInFront() {
        KeyFraming framing = framing(new KeyEncoding.PrefixScan(1), DataTypes.StringType, DataTypes.TimestampType);
        byte[] row = bytes("0000000000000000 0400000018000000 40623010d70d0600 686f6d6500000000");
        byte[] key = framed(framing, row);

        assertThat(HexFormat.of().formatHex(key))
                .isEqualTo(HexFormat.of()
                        .formatHex(bytes("19000000 | 00 0000000000000000 0400000010000000 686f6d6500000000"
                                + "| 00 0000000000000000 40623010d70d0600")));
        assertThat(framing.unframe(key)).isEqualTo(row);
        assertThat(framing.prefix(bytes("0000000000000000 0400000010000000 686f6d6500000000")))
                .isEqualTo(Arrays.copyOf(key, 4 + 25));
    }

    @Test
    void aTimersKeyHasItsTimeInFront() {
        KeyFraming framing =
                framing(new KeyEncoding.RangeScan(List.of(1)), structOf(DataTypes.StringType), DataTypes.LongType);
        byte[] row = bytes("0000000000000000 1800000018000000 ae8957f7a1010000"
                + "0000000000000000 0100000010000000 7900000000000000");
        byte[] key = framed(framing, row);

        assertThat(HexFormat.of().formatHex(key))
                .isEqualTo(HexFormat.of()
                        .formatHex(bytes(
                                "21000000 | 00 0000000000000000 0900000010000000 01 000001a1f75789ae 00000000000000"
                                        + "| 00 0000000000000000 1800000010000000 0000000000000000 0100000010000000"
                                        + "7900000000000000")));
        assertThat(framing.unframe(key)).isEqualTo(row);
    }

    private static DataType structOf(DataType type) {
        return StructType.of(new StructField("_1", type));
    }

    @ParameterizedTest
    @CsvSource({
        "bigint, feffffffffffffff, 00fffffffffffffffe",
        "bigint, null, 020000000000000000",
        "double, 000000000000f83f, 013ff8000000000000",
        "double, 000000000000f8bf, 004007ffffffffffff",
        "float, 000000c000000000, 003fffffff",
        "tinyint, ff00000000000000, 00ff",
        "smallint, fdff000000000000, 00fffd",
        "int, 0700000000000000, 0100000007",
    })
    void numbersStandInAFormThatSorts(String type, String word, String ordered) {
        DataType dataType = List.of(
                        DataTypes.LongType,
                        DataTypes.DoubleType,
                        DataTypes.FloatType,
                        DataTypes.ByteType,
                        DataTypes.ShortType,
                        DataTypes.IntegerType)
                .stream()
                .filter(candidate -> candidate.simpleString().equals(type))
                .findFirst()
                .orElseThrow();
        KeyFraming framing = framing(new KeyEncoding.RangeScan(List.of(0)), dataType);
        boolean isNull = word.equals("null");
        byte[] row = bytes(isNull ? "0100000000000000 0000000000000000" : "0000000000000000" + word);
        byte[] key = framed(framing, row);

        assertThat(HexFormat.of().formatHex(key, 21, 21 + ordered.length() / 2)).isEqualTo(ordered);
        assertThat(key[key.length - 1]).as("the row of no other columns").isZero();
        assertThat(framing.unframe(key)).isEqualTo(row);
    }

    @Test
    void onlyNumbersHaveAnOrder() {
        assertThatThrownBy(() -> framing(new KeyEncoding.RangeScan(List.of(0)), DataTypes.StringType))
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("c0")
                .hasMessageContaining("string");
    }
}
