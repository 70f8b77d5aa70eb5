package io.tidemark.connectors.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.internal.tablefeatures.TableFeature;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Decides whether a table takes a query's rows, and how they are laid out in it. Refusals name every problem at once. */
final class TableCheck {
    private final String path;

    TableCheck(String path) {
        this.path = path;
    }

    /** Lays the rows out for a table yet to be made of them. */
    RowLayout newTable(StructType query, List<String> partitionBy) {
        List<String> problems = new ArrayList<>();
        checkNames(query, problems);
        return layout(query, KernelTypes.asNullable(query), resolve(query, partitionBy, problems), problems);
    }

    /** Lays the rows out for an existing table. */
    RowLayout existingTable(StructType query, List<String> partitionBy, Snapshot table) {
        List<String> problems = new ArrayList<>();
        checkNames(query, problems);
        List<String> tablePartition = table.getPartitionColumnNames();
        if (!partitionBy.isEmpty() && !sameNames(partitionBy, tablePartition)) {
            problems.add("the query partitions by " + partitionBy + ", the table by " + tablePartition);
        }
        StructType tableSchema = schemaOf(table);
        for (StructField field : query.fields()) {
            if (tableSchema.indexesOfIgnoringCase(field.name()).isEmpty()) {
                problems.add("column '" + field.name() + "' is extra, the table has no such column");
            }
        }
        for (io.delta.kernel.types.StructField field : table.getSchema().fields()) {
            if (query.indexesOfIgnoringCase(field.getName()).isEmpty()) {
                if (!field.isNullable()) {
                    problems.add("column '" + field.getName() + "' is missing and the table declares it NOT NULL");
                } else if (field.getMetadata().contains("CURRENT_DEFAULT")) {
                    problems.add("column '" + field.getName() + "' is missing and has a default value");
                }
            }
        }
        return layout(query, tableSchema, tablePartition, problems);
    }

    /** Returns the table's columns as types of ours. */
    StructType schemaOf(Snapshot table) {
        List<StructField> fields = new ArrayList<>();
        for (io.delta.kernel.types.StructField field : table.getSchema().fields()) {
            Optional<DataType> type = KernelTypes.fromKernel(field.getDataType());
            if (type.isEmpty()) {
                throw unsupported("the type " + field.getDataType() + " of column '" + field.getName() + "'");
            }
            fields.add(new StructField(field.getName(), type.get(), field.isNullable()));
        }
        return new StructType(fields);
    }

    private static void checkNames(StructType query, List<String> problems) {
        if (query.size() == 0) {
            problems.add("the query has no columns");
        }
        Map<String, String> seen = new TreeMap<>();
        for (StructField field : query.fields()) {
            String before = seen.put(field.name().toLowerCase(Locale.ROOT), field.name());
            if (before != null) {
                problems.add("column '" + field.name() + "' occurs twice");
            }
            if (holdsVoid(field.dataType())) {
                problems.add("column '" + field.name() + "' is of type "
                        + field.dataType().simpleString() + ", which a table cannot hold; cast it");
            }
        }
    }

    private static boolean holdsVoid(DataType type) {
        // the name "void" stands in no other type, but may in a field's name: ask the types
        if (type instanceof StructType struct) {
            return struct.fields().stream().anyMatch(f -> holdsVoid(f.dataType()));
        } else if (type instanceof io.tidemark.api.types.ArrayType array) {
            return holdsVoid(array.elementType());
        } else if (type instanceof io.tidemark.api.types.MapType map) {
            return holdsVoid(map.keyType()) || holdsVoid(map.valueType());
        }
        return type == AtomicType.NULL;
    }

    private static List<String> resolve(StructType query, List<String> partitionBy, List<String> problems) {
        List<String> names = new ArrayList<>();
        for (String wanted : partitionBy) {
            List<Integer> found = query.indexesOfIgnoringCase(wanted);
            if (found.isEmpty()) {
                problems.add("partition column '" + wanted + "' is not among " + query.fieldNames());
            } else {
                names.add(query.field(found.get(0)).name());
            }
        }
        return names;
    }

    private RowLayout layout(StructType query, StructType table, List<String> partitionBy, List<String> problems) {
        List<StructField> fileFields = new ArrayList<>();
        List<Integer> fileOrdinals = new ArrayList<>();
        Map<String, Integer> partitionOrdinals = new TreeMap<>();
        for (StructField field : table.fields()) {
            List<Integer> found = query.indexesOfIgnoringCase(field.name());
            if (found.isEmpty()) {
                if (partitionBy.contains(field.name())) {
                    problems.add("partition column '" + field.name() + "' is missing");
                }
                continue;
            }
            StructField have = query.field(found.get(0));
            if (!KernelTypes.asNullable(have.dataType()).equals(KernelTypes.asNullable(field.dataType()))) {
                problems.add(
                        "column '" + field.name() + "' is " + have.dataType().simpleString() + " in the query and "
                                + field.dataType().simpleString() + " in the table");
            }
            if (partitionBy.contains(field.name())) {
                partitionOrdinals.put(field.name(), found.get(0));
                if (!PartitionValues.allows(field.dataType())) {
                    problems.add("column '" + field.name() + "' of type "
                            + field.dataType().simpleString() + " cannot partition a table");
                }
            } else {
                fileFields.add(field);
                fileOrdinals.add(found.get(0));
            }
        }
        if (fileFields.isEmpty() && problems.isEmpty()) {
            problems.add("every column is a partition column");
        }
        if (!problems.isEmpty()) {
            throw mismatch(problems);
        }
        return new RowLayout(
                new StructType(fileFields),
                fileOrdinals,
                partitionBy,
                partitionBy.stream().map(partitionOrdinals::get).toList(),
                partitionBy.stream()
                        .map(name -> table.field(table.indexOf(name).orElseThrow()))
                        .toList());
    }

    private static boolean sameNames(List<String> a, List<String> b) {
        return a.stream()
                .map(n -> n.toLowerCase(Locale.ROOT))
                .toList()
                .equals(b.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList());
    }

    /** Checks that the query writes every column, by its own name or the table's: an upsert replaces whole rows. */
    void upsertable(Collection<String> query, Snapshot table) {
        List<String> problems = new ArrayList<>();
        for (String name : table.getSchema().fieldNames()) {
            if (query.stream().noneMatch(name::equalsIgnoreCase)) {
                problems.add("column '" + name + "' is missing, and an upsert replaces whole rows");
            }
        }
        if (!problems.isEmpty()) {
            throw mismatch(problems);
        }
    }

    /** Checks that files staged for an earlier version of the table still fit it. */
    void stillTakes(StagedBatch staged, Snapshot table) {
        List<String> problems = new ArrayList<>();
        StructType schema = schemaOf(table);
        if (!staged.partitionBy().equals(table.getPartitionColumnNames())) {
            problems.add("the staged files are partitioned by " + staged.partitionBy() + ", the table by "
                    + table.getPartitionColumnNames());
        }
        staged.columns().forEach((name, type) -> {
            var at = schema.indexOf(name);
            if (at.isEmpty()) {
                problems.add("column '" + name + "' is extra, the table has no such column any more");
            } else {
                String now = schema.field(at.getAsInt()).dataType().simpleString();
                if (!now.equals(type)) {
                    problems.add("column '" + name + "' is " + type + " in the query and " + now + " in the table");
                }
            }
        });
        if (!problems.isEmpty()) {
            throw mismatch(problems);
        }
    }

    /** Checks protocol and properties of an existing table. */
    void features(Snapshot table, OutputMode mode) {
        TreeSet<String> unsupported = new TreeSet<>();
        for (TableFeature feature : table.getProtocol().getImplicitlyAndExplicitlySupportedFeatures()) {
            if (!feature.hasKernelWriteSupport(table.getMetadata())
                    || feature.featureName().startsWith("catalog")) {
                unsupported.add("the table feature " + feature.featureName());
            }
        }
        Map<String, String> properties = table.getTableProperties();
        if (!"none".equals(properties.getOrDefault("delta.columnMapping.mode", "none"))) {
            unsupported.add("the table feature columnMapping");
        }
        if (mode != OutputMode.APPEND) {
            for (String property : List.of("delta.appendOnly", "delta.enableChangeDataFeed")) {
                if (isTrue(properties, property)) {
                    unsupported.add(mode.displayName().toLowerCase(Locale.ROOT) + " mode on a table with " + property);
                }
            }
        }
        if (!unsupported.isEmpty()) {
            throw unsupported(String.join(", ", unsupported));
        }
    }

    private static boolean isTrue(Map<String, String> properties, String name) {
        return "true".equalsIgnoreCase(properties.get(name));
    }

    private TidemarkException unsupported(String what) {
        return new TidemarkException(
                ErrorCode.SINK_TABLE_UNSUPPORTED,
                "Cannot write to the Delta table at '" + path + "': Tidemark does not support " + what
                        + ". Write to another table, or drop the feature there.");
    }

    private TidemarkException mismatch(List<String> problems) {
        return new TidemarkException(
                ErrorCode.SINK_SCHEMA_MISMATCH,
                "The Delta table at '" + path + "' cannot take the query's rows: " + String.join("; ", problems)
                        + ". Change the query's columns, or write to another path.");
    }
}
