package io.tidemark.state.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowSlicesTest {
    @Test
    void theKeyOfASessionIsCutBehindItsPage() {
        StructType key = StructType.EMPTY.add("page", AtomicType.STRING).add("start", AtomicType.TIMESTAMP);
        RowSlices slices = new RowSlices(key, 1);
        byte[] row = HexFormat.of()
                .parseHex("0000000000000000" + "0400000018000000" + "40623010d70d0600" + "686f6d6500000000");
        assertThat(HexFormat.of().formatHex(slices.front(row)))
                .isEqualTo("0000000000000000" + "0400000010000000" + "686f6d6500000000");
        assertThat(HexFormat.of().formatHex(slices.rest(row))).isEqualTo("0000000000000000" + "40623010d70d0600");
        assertThat(slices.join(slices.front(row), slices.rest(row))).isEqualTo(row);
        assertThat(slices.frontSchema().fieldNames()).containsExactly("page");
        assertThat(slices.restSchema().fieldNames()).containsExactly("start");
    }

    /** What is cut is what encoding the columns alone gives; joined it is the row again. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anyColumnsCanBeCutAndJoined(long seed) {
        DrawnRows drawn = new DrawnRows(seed);
        for (int round = 0; round < 100; round++) {
            StructType schema = drawn.schema();
            List<Integer> ordinals =
                    new ArrayList<>(IntStream.range(0, schema.size()).boxed().toList());
            Collections.shuffle(ordinals, new Random(seed + round));
            List<Integer> first = ordinals.subList(0, drawn.below(schema.size() + 1));
            List<Integer> others = ordinals.subList(first.size(), ordinals.size()).stream()
                    .sorted()
                    .toList();
            List<List<@Nullable Object>> rows = drawn.rows(schema, 5, true);
            List<ColumnVector> columns = DrawnRows.columns(schema, rows);
            RowSlices slices = new RowSlices(schema, first);
            RowBlock whole = new RowEncoder(schema).encode(columns, Selection.all(5));
            RowBlock front = encode(schema, columns, first);
            RowBlock rest = encode(schema, columns, others);
            for (int i = 0; i < 5; i++) {
                byte[] into = new byte[whole.length(i) + 99];
                Arrays.fill(into, (byte) 7);
                int bytes = slices.cutFront(whole.data(), whole.start(i), whole.length(i), into, 3);
                assertThat(bytes).isEqualTo(slices.frontLength(whole.data(), whole.start(i), whole.length(i)));
                assertThat(Arrays.copyOfRange(into, 3, 3 + bytes)).isEqualTo(front.copy(i));
                assertThat(slices.rest(whole.copy(i))).isEqualTo(rest.copy(i));
                assertThat(slices.join(front.copy(i), rest.copy(i))).isEqualTo(whole.copy(i));
            }
        }
    }

    private static RowBlock encode(StructType schema, List<ColumnVector> columns, List<Integer> ordinals) {
        StructType part = new StructType(ordinals.stream().map(schema::field).toList());
        return new RowEncoder(part).encode(ordinals.stream().map(columns::get).toList(), Selection.all(5));
    }

    @Test
    void aRowThatIsNoneIsRefused() {
        StructType key = StructType.EMPTY.add("page", AtomicType.STRING).add("start", AtomicType.TIMESTAMP);
        RowSlices slices = new RowSlices(key, 1);
        assertThatThrownBy(() -> slices.front(new byte[16]))
                .isInstanceOf(MalformedRowException.class)
                .hasMessage("16 bytes cannot be a row of 2 fields");
        byte[] outside = HexFormat.of()
                .parseHex("0000000000000000" + "0900000018000000" + "0000000000000000" + "686f6d6500000000");
        assertThatThrownBy(() -> slices.front(outside)).hasMessageContaining("lies outside");
        assertThatThrownBy(() -> new RowSlices(key, List.of(0, 0))).hasMessageContaining("columns [0, 0]");
    }
}
