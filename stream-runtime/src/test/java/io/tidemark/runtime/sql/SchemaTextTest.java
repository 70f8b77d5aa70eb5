package io.tidemark.runtime.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaTextTest {
    @Test
    void aTableDefinitionBecomesAStruct() {
        assertThat(SqlParser.parseSchema("user_id STRING, amount double NOT NULL, `event time` TIMESTAMP COMMENT 'x'"))
                .isEqualTo(StructType.of(
                        new StructField("user_id", AtomicType.STRING),
                        new StructField("amount", AtomicType.DOUBLE, false),
                        new StructField("event time", AtomicType.TIMESTAMP)));
    }

    @Test
    void aStructTypeIsASchemaToo() {
        assertThat(SqlParser.parseSchema("STRUCT<a: INT, b: ARRAY<STRUCT<c: STRING>>>"))
                .isEqualTo(StructType.of(
                        new StructField("a", AtomicType.INT),
                        new StructField("b", new ArrayType(StructType.of(new StructField("c", AtomicType.STRING))))));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " => ",
            textBlock =
                    """
            byte => tinyint
            SHORT => smallint
            Integer => int
            long => bigint
            real => float
            dec(5) => decimal(5,0)
            NUMERIC => decimal(10,0)
            varchar(10) => string
            timestamp_ltz => timestamp
            timestamp_ntz => timestamp_ntz
            struct<> => struct<>
            map<string, array<int>> => map<string,array<int>>
            """)
    void aTypeMayBeWrittenInSeveralWays(String sql, String simple) {
        assertThat(SqlParser.parseType(sql).simpleString()).isEqualTo(simple);
    }

    @Test
    void aTypePrintedAsSqlReadsBack() {
        StructType type = StructType.of(
                new StructField("select", new MapType(AtomicType.STRING, new DecimalType(38, 18))),
                new StructField("a`b", AtomicType.BINARY, false));

        assertThat(SqlParser.parseType(type.sql())).isEqualTo(type);
        assertThat(SqlParser.parseSchema(type.toDdl())).isEqualTo(type);
    }

    @Test
    void aTextThatIsNoSchemaIsRefusedWithItsPlace() {
        AnalysisException e =
                catchThrowableOfType(AnalysisException.class, () -> SqlParser.parseSchema("a INT, b STRNG"));

        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SCHEMA_TEXT);
        assertThat(e).hasMessageStartingWith("There is no type STRNG.").hasMessageEndingWith("(line 1, column 10)");
        assertThat(catchThrowableOfType(AnalysisException.class, () -> SqlParser.parseSchema("a INT b"))
                        .code())
                .isEqualTo(ErrorCode.INVALID_SCHEMA_TEXT);
        assertThat(catchThrowableOfType(AnalysisException.class, () -> SqlParser.parseSchema("INT")))
                .hasMessageContaining("is a type but no table definition");
        assertThat(catchThrowableOfType(AnalysisException.class, () -> SqlParser.parseType("decimal(39, 1)")))
                .hasMessageContaining("no valid decimal");
    }
}
