package io.tidemark.api.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DataTypeTest {
    private static final StructType NESTED = StructType.EMPTY
            .add(new StructField("id", AtomicType.BIGINT, false))
            .add("my col", new ArrayType(new DecimalType(10, 2), false))
            .add(
                    "m",
                    new MapType(
                            AtomicType.STRING,
                            new StructType(java.util.List.of(new StructField("a", AtomicType.INT)))));

    @Test
    void namesAreThoseOfSpark() {
        assertThat(NESTED.simpleString())
                .isEqualTo("struct<id:bigint,my col:array<decimal(10,2)>,m:map<string,struct<a:int>>>");
        assertThat(NESTED.toDdl())
                .isEqualTo("id BIGINT NOT NULL, `my col` ARRAY<DECIMAL(10,2)>, m MAP<STRING, STRUCT<a: INT>>");
    }

    @Test
    void jsonIsSparksSchemaJson() {
        assertThat(StructType.of(
                                new StructField("n", AtomicType.INT, false),
                                new StructField("a", new ArrayType(AtomicType.TINYINT)))
                        .json())
                .isEqualTo("{\"type\":\"struct\",\"fields\":["
                        + "{\"name\":\"n\",\"type\":\"integer\",\"nullable\":false,\"metadata\":{}},"
                        + "{\"name\":\"a\",\"type\":{\"type\":\"array\",\"elementType\":\"byte\",\"containsNull\":true},"
                        + "\"nullable\":true,\"metadata\":{}}]}");
    }

    @Test
    void theTreeShowsNestingAsPrintSchemaDoes() {
        assertThat(NESTED.treeString())
                .isEqualTo(
                        """
                        root
                         |-- id: long (nullable = false)
                         |-- my col: array (nullable = true)
                         |    |-- element: decimal(10,2) (containsNull = false)
                         |-- m: map (nullable = true)
                         |    |-- key: string
                         |    |-- value: struct (valueContainsNull = true)
                         |    |    |-- a: integer (nullable = true)
                        """);
    }

    @Test
    void aDecimalKeepsItsBounds() {
        assertThat(new DecimalType(18, 2).fitsLong()).isTrue();
        assertThat(new DecimalType(19, 2).fitsLong()).isFalse();
        assertThatThrownBy(() -> new DecimalType(39, 0)).hasMessageContaining("39");
        assertThatThrownBy(() -> new DecimalType(3, 4)).hasMessageContaining("scale");
    }
}
