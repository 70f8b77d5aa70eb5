package io.tidemark.state.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Values that Spark prints for {@code SELECT hash(…)}. */
class ColumnHashTest {
    private static ColumnVector column(DataType type, @Nullable Object... values) {
        VectorBuilder builder = VectorBuilder.of(type, values.length);
        Arrays.asList(values).forEach(builder::append);
        return builder.build();
    }

    private static int hash(DataType type, @Nullable Object value) {
        return ColumnHash.hash(column(type, value), 0, ColumnHash.SEED);
    }

    @Test
    void singleValuesHashAsInSpark() {
        assertThat(hash(AtomicType.INT, 1)).isEqualTo(-559580957);
        assertThat(hash(AtomicType.BIGINT, 1L)).isEqualTo(-1712319331);
        assertThat(hash(AtomicType.INT, null)).isEqualTo(42);
        assertThat(hash(AtomicType.BOOLEAN, true)).isEqualTo(-559580957);
    }

    @Test
    void everyTypeHashesAsInSpark() {
        assertThat(hash(AtomicType.INT, -1)).isEqualTo(-1604776387);
        assertThat(hash(AtomicType.SMALLINT, (short) -3)).isEqualTo(-1573329414);
        assertThat(hash(AtomicType.BIGINT, -1L)).isEqualTo(-939490007);
        assertThat(hash(AtomicType.DOUBLE, 1.0)).isEqualTo(-460888942);
        assertThat(hash(AtomicType.DOUBLE, -0.0)).isEqualTo(-1670924195);
        assertThat(hash(AtomicType.DOUBLE, Double.NaN)).isEqualTo(-1281358385);
        assertThat(hash(AtomicType.FLOAT, 1.0f)).isEqualTo(-466301895);
        assertThat(hash(AtomicType.STRING, "")).isEqualTo(142593372);
        assertThat(hash(AtomicType.STRING, "abc")).isEqualTo(1322437556);
        assertThat(hash(AtomicType.STRING, "abcde")).isEqualTo(814637928);
        assertThat(hash(AtomicType.STRING, "\u65e5\u672c")).isEqualTo(-336983209);
        assertThat(hash(AtomicType.BINARY, new byte[] {-1})).isEqualTo(1398487324);
        assertThat(hash(AtomicType.DATE, LocalDate.of(2024, 1, 2))).isEqualTo(-21057580);
        assertThat(hash(AtomicType.TIMESTAMP, Instant.parse("2024-01-01T00:00:00Z")))
                .isEqualTo(1545358984);
        assertThat(hash(new DecimalType(10, 2), new BigDecimal("1.25"))).isEqualTo(1910520950);
        assertThat(hash(new DecimalType(20, 2), new BigDecimal("-1.25"))).isEqualTo(-342901333);
    }

    @Test
    void severalColumnsAreChained() {
        int[] hashes = {ColumnHash.SEED};
        ColumnHash.update(column(AtomicType.STRING, "Spark"), Selection.all(1), hashes);
        ColumnHash.update(column(new ArrayType(AtomicType.INT), List.of(123)), Selection.all(1), hashes);
        ColumnHash.update(column(AtomicType.INT, 2), Selection.all(1), hashes);
        assertThat(hashes[0]).isEqualTo(-1321691492); // the example in Spark's own documentation of hash
    }

    @Test
    void onlySelectedRowsAreHashedAndNegativeZeroIsZero() {
        int[] hashes = {7, 7, 7};
        ColumnHash.update(column(AtomicType.BIGINT, 1L, 2L, 3L), Selection.of(new int[] {1}, 1), hashes);
        assertThat(hashes[0]).isEqualTo(7);
        assertThat(hashes[1]).isEqualTo(Murmur3.hashLong(2, 7));
        assertThat(hash(AtomicType.DOUBLE, -0.0)).isEqualTo(hash(AtomicType.DOUBLE, 0.0));
    }

    @Test
    void aPartitionIsNeverNegative() {
        assertThat(ColumnHash.partition(-559580957, 8)).isEqualTo(3);
        assertThat(ColumnHash.partition(Integer.MIN_VALUE, 7)).isBetween(0, 6);
    }
}
