package io.tidemark.connectors.delta;

import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Types between Kernel and us. */
final class KernelTypes {
    private KernelTypes() {}

    static io.delta.kernel.types.StructType toKernel(StructType struct) {
        List<io.delta.kernel.types.StructField> fields = new ArrayList<>();
        for (StructField field : struct.fields()) {
            fields.add(
                    new io.delta.kernel.types.StructField(field.name(), toKernel(field.dataType()), field.nullable()));
        }
        return new io.delta.kernel.types.StructType(fields);
    }

    private static io.delta.kernel.types.DataType toKernel(DataType type) {
        if (type instanceof DecimalType decimal) {
            return new io.delta.kernel.types.DecimalType(decimal.precision(), decimal.scale());
        } else if (type instanceof ArrayType array) {
            return new io.delta.kernel.types.ArrayType(toKernel(array.elementType()), array.containsNull());
        } else if (type instanceof MapType map) {
            return new io.delta.kernel.types.MapType(
                    toKernel(map.keyType()), toKernel(map.valueType()), map.valueContainsNull());
        } else if (type instanceof StructType struct) {
            return toKernel(struct);
        }
        return switch ((AtomicType) type) {
            case BOOLEAN -> BooleanType.BOOLEAN;
            case TINYINT -> ByteType.BYTE;
            case SMALLINT -> ShortType.SHORT;
            case INT -> IntegerType.INTEGER;
            case BIGINT -> LongType.LONG;
            case FLOAT -> FloatType.FLOAT;
            case DOUBLE -> DoubleType.DOUBLE;
            case STRING -> StringType.STRING;
            case BINARY -> BinaryType.BINARY;
            case DATE -> DateType.DATE;
            case TIMESTAMP -> TimestampType.TIMESTAMP;
            case TIMESTAMP_NTZ -> TimestampNTZType.TIMESTAMP_NTZ;
            case NULL -> throw new IllegalArgumentException("Delta has no column of type void");
        };
    }

    /** Returns our type, or empty if we have none for it or for something inside it. */
    static Optional<DataType> fromKernel(io.delta.kernel.types.DataType type) {
        if (type instanceof io.delta.kernel.types.DecimalType decimal) {
            return Optional.of(new DecimalType(decimal.getPrecision(), decimal.getScale()));
        } else if (type instanceof io.delta.kernel.types.ArrayType array) {
            return fromKernel(array.getElementType()).map(e -> new ArrayType(e, array.containsNull()));
        } else if (type instanceof io.delta.kernel.types.MapType map) {
            return fromKernel(map.getKeyType()).flatMap(k -> fromKernel(map.getValueType())
                    .map(v -> new MapType(k, v, map.isValueContainsNull())));
        } else if (type instanceof io.delta.kernel.types.StructType struct) {
            return fromKernel(struct).map(s -> s);
        } else if (type instanceof StringType string) {
            return string.isUTF8BinaryCollated() ? Optional.of(AtomicType.STRING) : Optional.empty();
        }
        for (AtomicType atomic : AtomicType.values()) {
            if (atomic != AtomicType.NULL && toKernel(atomic).equals(type)) {
                return Optional.of(atomic);
            }
        }
        return Optional.empty();
    }

    private static Optional<StructType> fromKernel(io.delta.kernel.types.StructType struct) {
        List<StructField> fields = new ArrayList<>();
        for (io.delta.kernel.types.StructField field : struct.fields()) {
            Optional<DataType> type = fromKernel(field.getDataType());
            if (type.isEmpty()) {
                return Optional.empty();
            }
            fields.add(new StructField(field.getName(), type.get(), field.isNullable()));
        }
        return Optional.of(new StructType(fields));
    }

    /** Returns the type with everything in it nullable, as Spark stores what a query writes. */
    static DataType asNullable(DataType type) {
        if (type instanceof ArrayType array) {
            return new ArrayType(asNullable(array.elementType()), true);
        } else if (type instanceof MapType map) {
            return new MapType(asNullable(map.keyType()), asNullable(map.valueType()), true);
        } else if (type instanceof StructType struct) {
            return asNullable(struct);
        }
        return type;
    }

    static StructType asNullable(StructType struct) {
        return new StructType(struct.fields().stream()
                .map(f -> new StructField(f.name(), asNullable(f.dataType()), true))
                .toList());
    }
}
