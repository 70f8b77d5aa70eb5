package io.tidemark.runtime.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.Row;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class CollectTest {
    @Test
    void aListKeepsTheOrderAndLeavesOutNulls() {
        assertThat(AggregateRun.of("collect_list", AtomicType.STRING).over("b", null, "a", "b"))
                .isEqualTo(List.of("b", "a", "b"));
        assertThat(AggregateRun.of("array_agg", AtomicType.INT).over(null, null))
                .isEqualTo(List.of());
        assertThat(AggregateRun.of("collect_list", AtomicType.NULL).over(null, null))
                .isEqualTo(List.of());
        MapType map = new MapType(AtomicType.INT, AtomicType.STRING);
        assertThat(AggregateRun.of("collect_list", map).over(Map.of(1, "x"), Map.of()))
                .isEqualTo(List.of(Map.of(1, "x"), Map.of()));
    }

    @Test
    void aListIsKeptAsSparkKeepsIt() {
        AggregateRun run = AggregateRun.of("collect_list", AtomicType.STRING);
        Accumulator accumulator = run.whole(run.rows(new int[] {1, 1}, List.of(List.of("home"), List.of("home"))), 2);
        List<List<Object>> buffers = run.buffers(accumulator, 2);
        assertThat(hex(buffers.get(0).get(0)))
                .as("an empty array")
                .isEqualTo("0000000000000000" + "0800000010000000" + "0000000000000000");
        assertThat(hex(buffers.get(0).get(1)))
                .isEqualTo("0000000000000000" + "3000000010000000" + "0200000000000000" + "0000000000000000"
                        + "0400000020000000" + "0400000028000000" + "686f6d6500000000" + "686f6d6500000000");
        assertThat(run.buffer()).isEqualTo("buf BINARY");
    }

    private static String hex(Object bytes) {
        return HexFormat.of().formatHex((byte[]) bytes);
    }

    @Test
    void aSetHasEachValueOnce() {
        assertThat(AggregateRun.of("collect_set", AtomicType.INT).over(3, 1, null, 3, 2, 1))
                .isEqualTo(List.of(3, 1, 2));
        assertThat(AggregateRun.of("collect_set", AtomicType.DOUBLE).over(0.0, -0.0, Double.NaN, Double.NaN))
                .as("Spark finds no NaN again")
                .isEqualTo(List.of(0.0, Double.NaN, Double.NaN));
        assertThat(AggregateRun.of("collect_set", new ArrayType(AtomicType.DOUBLE))
                        .over(List.of(0.0), List.of(-0.0), List.of(Double.NaN), List.of(Double.NaN)))
                .as("inside an array the bits count")
                .isEqualTo(List.of(List.of(0.0), List.of(-0.0), List.of(Double.NaN)));
        StructType struct = StructType.EMPTY.add("a", AtomicType.INT);
        Row none = Row.of(struct, Arrays.asList((Object) null));
        assertThat(AggregateRun.of("collect_set", struct).over(none, Row.of(struct, List.of(1)), none))
                .isEqualTo(List.of(none, Row.of(struct, List.of(1))));
    }

    @Test
    void aSetOfBinaryValuesIsKeptAsArraysOfBytes() {
        AggregateRun run = AggregateRun.of("collect_set", AtomicType.BINARY);
        Accumulator left = run.whole(run.rows(new int[1], List.of(List.of(new byte[] {1, -1}))), 1);
        assertThat(hex(run.buffers(left, 1).get(0).get(0)))
                .isEqualTo("0000000000000000" + "3000000010000000" + "0100000000000000" + "0000000000000000"
                        + "1800000018000000" + "0200000000000000" + "0000000000000000" + "01ff000000000000");
        Accumulator right = run.whole(
                run.rows(new int[3], List.of(List.of(new byte[0]), List.of(new byte[] {1, -1}), List.of(new byte[0]))),
                1);
        AggregateRun.merge(left, right, 1);
        assertThat(AggregateRun.results(left, 1).get(0))
                .asInstanceOf(InstanceOfAssertFactories.list(byte[].class))
                .containsExactly(new byte[] {1, -1}, new byte[0]);
    }

    @Test
    void mapsHaveNoSets() {
        MapType map = new MapType(AtomicType.INT, AtomicType.STRING);
        assertThatThrownBy(() -> AggregateRun.of("collect_set", new ArrayType(map)))
                .hasMessageContaining("where a type without maps is required");
    }

    @Test
    void whatSparkKeepsInPrivateIsRefusedByName() {
        for (String name : List.of("percentile_approx", "median", "mode", "string_agg")) {
            assertThatThrownBy(() -> AggregateRun.of(name, AtomicType.INT))
                    .hasMessageStartingWith("The aggregate function '" + name
                            + "' is not supported: what it keeps between batches has no documented form. ");
        }
    }
}
