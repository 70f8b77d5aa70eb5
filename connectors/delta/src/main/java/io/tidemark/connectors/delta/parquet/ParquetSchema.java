package io.tidemark.connectors.delta.parquet;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.ListType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/**
 * Our types as Parquet's: the names, annotations and three-level lists that Spark writes outside its legacy mode.
 * Numbers the levels: a node's {@code definition} is the level at which it is there, its {@code repetition} the number of
 * lists and maps around it.
 */
final class ParquetSchema {
    private static final int INT_DIGITS = 9;

    private final List<SchemaElement> elements = new ArrayList<>();
    private final List<Node> leaves = new ArrayList<>();
    private final List<Node> roots = new ArrayList<>();

    ParquetSchema(StructType schema) {
        elements.add(new SchemaElement("spark_schema").setNum_children(schema.size()));
        for (StructField field : schema.fields()) {
            roots.add(add(
                    new Place(List.of(), List.of(), 0, 0),
                    field.name(),
                    field.name(),
                    field.dataType(),
                    field.nullable()));
        }
    }

    /** Returns the tree, flattened as the footer holds it. */
    List<SchemaElement> elements() {
        return elements;
    }

    /** Returns the leaves in the order of the column chunks. */
    List<Node> leaves() {
        return leaves;
    }

    /** Returns the top-level columns. */
    List<Node> roots() {
        return roots;
    }

    /** Where a node stands: Parquet's path, our path, and the levels of its parent. */
    private record Place(List<String> physicalPath, List<String> logicalPath, int definition, int repetition) {
        Place down(String physical, @Nullable String logical, int definitionHere, int repetitionHere) {
            return new Place(
                    plus(physicalPath, physical),
                    logical == null ? logicalPath : plus(logicalPath, logical),
                    definitionHere,
                    repetitionHere);
        }

        private static List<String> plus(List<String> path, String name) {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            return List.copyOf(longer);
        }
    }

    /**
     * A field of the tree.
     *
     * @param leaf index among the leaves, or -1
     */
    record Node(
            List<String> physicalPath,
            List<String> logicalPath,
            DataType type,
            boolean optional,
            int definition,
            int repetition,
            int leaf,
            List<Node> children) {}

    private Node add(Place parent, String name, @Nullable String logicalName, DataType type, boolean optional) {
        SchemaElement element = new SchemaElement(name)
                .setRepetition_type(optional ? FieldRepetitionType.OPTIONAL : FieldRepetitionType.REQUIRED);
        elements.add(element);
        int definition = parent.definition() + (optional ? 1 : 0);
        Place here = parent.down(name, logicalName, definition, parent.repetition());
        List<Node> children = new ArrayList<>();
        if (type instanceof StructType struct) {
            element.setNum_children(struct.size());
            for (StructField field : struct.fields()) {
                children.add(add(here, field.name(), field.name(), field.dataType(), field.nullable()));
            }
        } else if (type instanceof ArrayType array) {
            element.setNum_children(1)
                    .setConverted_type(ConvertedType.LIST)
                    .setLogicalType(LogicalType.LIST(new ListType()));
            children.add(
                    add(repeated(here, "list", 1), "element", "element", array.elementType(), array.containsNull()));
        } else if (type instanceof MapType map) {
            element.setNum_children(1)
                    .setConverted_type(ConvertedType.MAP)
                    .setLogicalType(LogicalType.MAP(new org.apache.parquet.format.MapType()));
            Place entry = repeated(here, "key_value", 2);
            children.add(add(entry, "key", "key", map.keyType(), false));
            children.add(add(entry, "value", "value", map.valueType(), map.valueContainsNull()));
        } else {
            annotate(element, type);
            return leaf(here, type, optional);
        }
        return new Node(
                here.physicalPath(),
                here.logicalPath(),
                type,
                optional,
                definition,
                here.repetition(),
                -1,
                List.copyOf(children));
    }

    private Place repeated(Place here, String name, int childCount) {
        elements.add(new SchemaElement(name)
                .setRepetition_type(FieldRepetitionType.REPEATED)
                .setNum_children(childCount));
        return here.down(name, null, here.definition() + 1, here.repetition() + 1);
    }

    private Node leaf(Place here, DataType type, boolean optional) {
        Node node = new Node(
                here.physicalPath(),
                here.logicalPath(),
                type,
                optional,
                here.definition(),
                here.repetition(),
                leaves.size(),
                List.of());
        leaves.add(node);
        return node;
    }

    private static void annotate(SchemaElement element, DataType type) {
        element.setType(physicalType(type));
        if (type instanceof DecimalType decimal) {
            element.setConverted_type(ConvertedType.DECIMAL)
                    .setScale(decimal.scale())
                    .setPrecision(decimal.precision())
                    .setLogicalType(LogicalType.DECIMAL(
                            new org.apache.parquet.format.DecimalType(decimal.scale(), decimal.precision())));
            if (!decimal.fitsLong()) {
                element.setType_length(fixedLength(decimal));
            }
            return;
        }
        switch ((AtomicType) type) {
            case TINYINT ->
                element.setConverted_type(ConvertedType.INT_8)
                        .setLogicalType(LogicalType.INTEGER(new IntType((byte) Byte.SIZE, true)));
            case SMALLINT ->
                element.setConverted_type(ConvertedType.INT_16)
                        .setLogicalType(LogicalType.INTEGER(new IntType((byte) Short.SIZE, true)));
            case STRING ->
                element.setConverted_type(ConvertedType.UTF8).setLogicalType(LogicalType.STRING(new StringType()));
            case DATE -> element.setConverted_type(ConvertedType.DATE).setLogicalType(LogicalType.DATE(new DateType()));
            case TIMESTAMP ->
                element.setConverted_type(ConvertedType.TIMESTAMP_MICROS)
                        .setLogicalType(LogicalType.TIMESTAMP(micros(true)));
            case TIMESTAMP_NTZ -> element.setLogicalType(LogicalType.TIMESTAMP(micros(false)));
            default -> {
                // the physical type says it all
            }
        }
    }

    private static TimestampType micros(boolean isAdjustedToUtc) {
        return new TimestampType(isAdjustedToUtc, TimeUnit.MICROS(new MicroSeconds()));
    }

    static Type physicalType(DataType type) {
        if (type instanceof DecimalType decimal) {
            if (decimal.precision() <= INT_DIGITS) {
                return Type.INT32;
            }
            return decimal.fitsLong() ? Type.INT64 : Type.FIXED_LEN_BYTE_ARRAY;
        }
        return switch ((AtomicType) type) {
            case BOOLEAN -> Type.BOOLEAN;
            case TINYINT, SMALLINT, INT, DATE -> Type.INT32;
            case BIGINT, TIMESTAMP, TIMESTAMP_NTZ -> Type.INT64;
            case FLOAT -> Type.FLOAT;
            case DOUBLE -> Type.DOUBLE;
            case STRING, BINARY -> Type.BYTE_ARRAY;
            case NULL -> throw new IllegalArgumentException("Parquet has no column of type void");
        };
    }

    /** Returns the fewest bytes whose two's complement holds every value of the type. */
    static int fixedLength(DecimalType decimal) {
        return BigInteger.TEN.pow(decimal.precision()).subtract(BigInteger.ONE).bitLength() / Byte.SIZE + 1;
    }
}
