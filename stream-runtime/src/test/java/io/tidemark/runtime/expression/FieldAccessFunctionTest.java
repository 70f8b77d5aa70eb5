package io.tidemark.runtime.expression;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.error.Origin;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.StructVector;
import io.tidemark.api.vector.Validity;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FieldAccessFunctionTest {
    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of(AtomicType.BOOLEAN, true),
                Arguments.of(AtomicType.INT, 7),
                Arguments.of(AtomicType.BIGINT, 7L),
                Arguments.of(AtomicType.FLOAT, 1.5f),
                Arguments.of(AtomicType.DOUBLE, 1.5),
                Arguments.of(AtomicType.STRING, "x"),
                Arguments.of(new DecimalType(10, 2), new BigDecimal("1.50")),
                Arguments.of(new DecimalType(30, 2), new BigDecimal("1234567890123456789012.50")),
                Arguments.of(new ArrayType(AtomicType.INT), List.of(1, 2)),
                Arguments.of(new MapType(AtomicType.STRING, AtomicType.INT), Map.of("k", 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void aFieldOfANullStructIsNullEvenIfTheFieldsColumnHoldsAValue(DataType type, Object value) {
        VectorBuilder builder = VectorBuilder.of(type, 3);
        builder.append(value);
        builder.append(value);
        builder.append(null);
        StructType struct = StructType.of(new StructField("f", type));
        long[] validity = Validity.allOf(3);
        Validity.clear(validity, 1);
        StructVector column = new StructVector(struct, 3, List.of(builder.build()), validity);
        BoundCall access = FieldAccessFunction.of(new ColumnRef(0, "s", struct, true), 0, Origin.NONE);

        ColumnVector field = KernelCompiler.compile(access)
                .evaluate(
                        new ColumnBatch(StructType.of(new StructField("s", struct)), List.of(column), 3),
                        Selection.all(3),
                        new EvaluationContext(0, ZoneOffset.UTC, true));

        assertThat(field.value(0)).isEqualTo(value);
        assertThat(field.isNull(1)).isTrue();
        assertThat(field.isNull(2)).isTrue();
        assertThat(access.type()).isEqualTo(type);
        assertThat(FieldAccessFunction.fieldName(access)).isEqualTo("f");
    }
}
