package io.tidemark.connectors.delta;

import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a query's rows become files of the table.
 *
 * @param fileSchema the columns of a data file, under the table's names and in its order, partition columns left out
 * @param fileOrdinals where each of them stands in the query's rows
 * @param partitionBy the partition columns under the table's names
 * @param partitionOrdinals where each of them stands in the query's rows
 * @param partitionTypes their types, in step
 */
record RowLayout(
        StructType fileSchema,
        List<Integer> fileOrdinals,
        List<String> partitionBy,
        List<Integer> partitionOrdinals,
        List<StructField> partitionTypes) {
    RowLayout {
        fileOrdinals = List.copyOf(fileOrdinals);
        partitionBy = List.copyOf(partitionBy);
        partitionOrdinals = List.copyOf(partitionOrdinals);
        partitionTypes = List.copyOf(partitionTypes);
    }

    /** Returns every column that is written, with its type's simple name. */
    Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        fileSchema.fields().forEach(f -> columns.put(f.name(), f.dataType().simpleString()));
        partitionTypes.forEach(f -> columns.put(f.name(), f.dataType().simpleString()));
        return columns;
    }
}
