package io.tidemark.state.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.Row;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.Selection;
import java.util.List;
import org.junit.jupiter.api.Test;

class NormalizedKeysTest {
    private static final double ODD_NAN = Double.longBitsToDouble(0x7ff8000000000001L);

    private static ColumnVector normalized(ColumnVector column, Selection rows) {
        return NormalizedKeys.of(List.of(column), rows).get(0);
    }

    @Test
    void zerosAndNansHaveOneFormEach() {
        double[] values = {-0.0, 0.0, ODD_NAN, 1.5, -0.0};
        DoubleVector doubles = new DoubleVector(AtomicType.DOUBLE, 5, values, null);
        double[] normal = ((DoubleVector) normalized(doubles, Selection.of(new int[] {0, 1, 2, 3}, 4))).values();
        assertThat(normal).containsExactly(0.0, 0.0, Double.NaN, 1.5, -0.0); // the last one is not selected
        assertThat(Double.doubleToRawLongBits(normal[2])).isEqualTo(0x7ff8000000000000L);
        assertThat(Double.doubleToRawLongBits(values[0])).isEqualTo(Long.MIN_VALUE); // the input is as it was

        FloatVector floats =
                new FloatVector(AtomicType.FLOAT, 2, new float[] {-0.0f, Float.intBitsToFloat(0x7fc00001)}, null);
        float[] singles = ((FloatVector) normalized(floats, Selection.all(2))).values();
        assertThat(Float.floatToRawIntBits(singles[0])).isZero();
        assertThat(Float.floatToRawIntBits(singles[1])).isEqualTo(0x7fc00000);
    }

    @Test
    void valuesInsideOfStructsAndArraysToo() {
        StructType struct = StructType.EMPTY.add("d", new ArrayType(AtomicType.DOUBLE));
        ColumnVector column = DrawnRows.columns(
                        StructType.EMPTY.add("s", struct),
                        List.of(List.of(Row.of(struct, List.of(List.of(-0.0, 1.0))))))
                .get(0);
        assertThat(normalized(column, Selection.all(1)).value(0)).isEqualTo(Row.of(struct, List.of(List.of(0.0, 1.0))));
    }

    @Test
    void whatNeedsNoChangeIsNotCopied() {
        DoubleVector doubles = new DoubleVector(AtomicType.DOUBLE, 2, new double[] {0.0, 1.0}, null);
        assertThat(normalized(doubles, Selection.all(2))).isSameAs(doubles);
    }
}
