package io.tidemark.runtime.batch;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.checkpoint.format.PlanRecord;
import io.tidemark.runtime.operator.StatefulOperator;
import io.tidemark.state.StateStoreSpec;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What of stateful operators a restart must find unchanged. Schemas are recorded as their types alone: a column that was
 * renamed holds the same bytes.
 */
final class OperatorRecords {
    private OperatorRecords() {}

    static List<PlanRecord.OperatorRecord> of(List<StatefulOperator> operators) {
        return operators.stream()
                .map(operator -> new PlanRecord.OperatorRecord(
                        operator.id(),
                        operator.name(),
                        types(operator, StateStoreSpec::keySchema),
                        types(operator, StateStoreSpec::valueSchema),
                        operator.watermarkColumn(),
                        operator.watermarkDelayMillis()))
                .toList();
    }

    private static String types(StatefulOperator operator, Function<StateStoreSpec, StructType> schema) {
        return operator.stores().stream()
                .map(store -> types(schema.apply(store)))
                .collect(Collectors.joining(" and "));
    }

    private static String types(DataType type) {
        if (type instanceof StructType struct) {
            return struct.fields().stream()
                    .map(StructField::dataType)
                    .map(OperatorRecords::types)
                    .collect(Collectors.joining(",", "struct<", ">"));
        } else if (type instanceof ArrayType array) {
            return "array<" + types(array.elementType()) + ">";
        } else if (type instanceof MapType map) {
            return "map<" + types(map.keyType()) + "," + types(map.valueType()) + ">";
        }
        return type.simpleString();
    }
}
