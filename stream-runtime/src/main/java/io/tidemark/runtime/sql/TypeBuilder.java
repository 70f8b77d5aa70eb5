package io.tidemark.runtime.sql;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColTypeListContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ComplexColTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ComplexDataTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DataTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IntegerValueContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NonTrivialPrimitiveTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PrimitiveDataTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PrimitiveTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TrivialPrimitiveTypeContext;

/** Reads types and table definitions. */
final class TypeBuilder {
    private static final int DEEPEST = 100; // whoever walks a type does it by recursion

    private TypeBuilder() {}

    static StructType of(ColTypeListContext columns) {
        return new StructType(
                columns.colType().stream().map(TypeBuilder::column).toList());
    }

    private static StructField column(ColTypeContext column) {
        return new StructField(Names.of(column.colName), of(column.dataType()), column.NULL() == null);
    }

    static DataType of(DataTypeContext type) {
        int depth = 0;
        for (RuleContext at = type; at != null; at = at.getParent()) {
            depth += at instanceof DataTypeContext ? 1 : 0;
        }
        if (depth > DEEPEST) {
            throw new AnalysisException(
                    ErrorCode.INVALID_SCHEMA_TEXT,
                    "Types stand in types more than " + DEEPEST + " levels deep. Write a flatter one.",
                    Positions.of(type));
        }
        if (type instanceof ComplexDataTypeContext complex) {
            return complex(complex);
        }
        return primitive(((PrimitiveDataTypeContext) type).primitiveType());
    }

    private static DataType complex(ComplexDataTypeContext type) {
        List<DataTypeContext> parts = type.dataType();
        if (type.LT() == null && type.NEQ() == null) { // the grammar has it, so that the error can name it
            String name = type.complex.getText().toUpperCase(Locale.ROOT);
            throw new AnalysisException(
                    ErrorCode.INVALID_SCHEMA_TEXT,
                    name + " needs the types of what is in it. Write for instance "
                            + (name.equals("MAP")
                                    ? "MAP<STRING, INT>"
                                    : name.equals("ARRAY") ? "ARRAY<INT>" : "STRUCT<a: INT>")
                            + ".",
                    Positions.of(type));
        }
        return switch (type.complex.getType()) {
            case SqlBaseParser.ARRAY -> new ArrayType(of(parts.get(0)));
            case SqlBaseParser.MAP -> new MapType(of(parts.get(0)), of(parts.get(1)));
            default ->
                type.complexColTypeList() == null
                        ? StructType.EMPTY
                        : new StructType(type.complexColTypeList().complexColType().stream()
                                .map(TypeBuilder::field)
                                .toList());
        };
    }

    private static StructField field(ComplexColTypeContext field) {
        return new StructField(Names.of(field.errorCapturingIdentifier()), of(field.dataType()), field.NULL() == null);
    }

    private static DataType primitive(PrimitiveTypeContext type) {
        if (type.trivialPrimitiveType() != null) {
            return trivial(type.trivialPrimitiveType());
        } else if (type.nonTrivialPrimitiveType() != null) {
            return nonTrivial(type.nonTrivialPrimitiveType());
        }
        String name = Positions.text(type.unsupportedType).toUpperCase(Locale.ROOT);
        throw new AnalysisException(
                ErrorCode.INVALID_SCHEMA_TEXT,
                "There is no type " + name
                        + ". Use one of BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL,"
                        + " STRING, BINARY, DATE, TIMESTAMP, TIMESTAMP_NTZ, ARRAY, MAP, STRUCT.",
                Positions.of(type));
    }

    private static DataType trivial(TrivialPrimitiveTypeContext type) {
        return switch (type.getStart().getType()) {
            case SqlBaseParser.BOOLEAN -> AtomicType.BOOLEAN;
            case SqlBaseParser.TINYINT, SqlBaseParser.BYTE -> AtomicType.TINYINT;
            case SqlBaseParser.SMALLINT, SqlBaseParser.SHORT -> AtomicType.SMALLINT;
            case SqlBaseParser.INT, SqlBaseParser.INTEGER -> AtomicType.INT;
            case SqlBaseParser.BIGINT, SqlBaseParser.LONG -> AtomicType.BIGINT;
            case SqlBaseParser.FLOAT, SqlBaseParser.REAL -> AtomicType.FLOAT;
            case SqlBaseParser.DOUBLE -> AtomicType.DOUBLE;
            case SqlBaseParser.DATE -> AtomicType.DATE;
            case SqlBaseParser.TIMESTAMP_LTZ -> AtomicType.TIMESTAMP;
            case SqlBaseParser.TIMESTAMP_NTZ -> AtomicType.TIMESTAMP_NTZ;
            case SqlBaseParser.BINARY -> AtomicType.BINARY;
            case SqlBaseParser.VOID -> AtomicType.NULL;
            default -> throw unsupported(type);
        };
    }

    private static DataType nonTrivial(NonTrivialPrimitiveTypeContext type) {
        return switch (type.getStart().getType()) {
            case SqlBaseParser.STRING -> {
                if (type.collateClause() != null) {
                    throw Positions.unsupported("COLLATE", type.collateClause());
                }
                yield AtomicType.STRING;
            }
            // as Spark in casts and reader schemas: text without a length check
            case SqlBaseParser.CHARACTER, SqlBaseParser.CHAR, SqlBaseParser.VARCHAR -> AtomicType.STRING;
            case SqlBaseParser.DECIMAL, SqlBaseParser.DEC, SqlBaseParser.NUMERIC -> decimal(type);
            case SqlBaseParser.TIMESTAMP -> type.WITHOUT() == null ? AtomicType.TIMESTAMP : AtomicType.TIMESTAMP_NTZ;
            default -> throw unsupported(type);
        };
    }

    private static DataType decimal(NonTrivialPrimitiveTypeContext type) {
        int precision = type.precision == null ? DecimalType.USER_DEFAULT.precision() : number(type.precision);
        int scale = type.scale == null ? 0 : number(type.scale);
        if (precision < 1 || precision > DecimalType.MAX_PRECISION || scale > precision) {
            throw new AnalysisException(
                    ErrorCode.INVALID_SCHEMA_TEXT,
                    Positions.text(type)
                            + " is no valid decimal: the precision must be 1 to 38, the scale 0 to the precision.",
                    Positions.of(type));
        }
        return new DecimalType(precision, scale);
    }

    private static int number(IntegerValueContext value) {
        try {
            return Integer.parseInt(value.getText());
        } catch (NumberFormatException e) {
            throw Positions.syntax("'" + value.getText() + "' is not a number that fits here.", Positions.of(value));
        }
    }

    private static AnalysisException unsupported(ParserRuleContext type) {
        return Positions.unsupported("The type " + Positions.text(type).toUpperCase(Locale.ROOT), type);
    }
}
