package io.tidemark.api.types;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** An ordered list of named fields: the type of a row, a struct column, a table. */
public record StructType(List<StructField> fields) implements DataType {
    /** The struct without fields. */
    public static final StructType EMPTY = new StructType(List.of());

    public StructType {
        fields = List.copyOf(fields);
    }

    /** A struct of the given fields. */
    public static StructType of(StructField... fields) {
        return new StructType(List.of(fields));
    }

    /** Returns this struct with one more nullable field at its end. */
    public StructType add(String name, DataType type) {
        return add(new StructField(name, type));
    }

    /** Returns this struct with one more field at its end. */
    public StructType add(StructField field) {
        List<StructField> more = new ArrayList<>(fields);
        more.add(field);
        return new StructType(more);
    }

    public int size() {
        return fields.size();
    }

    /** Returns the field at {@code ordinal}, counted from 0. */
    public StructField field(int ordinal) {
        return fields.get(ordinal);
    }

    /** Returns the names in order. */
    public List<String> fieldNames() {
        return fields.stream().map(StructField::name).toList();
    }

    /** Returns where the field of exactly this name stands, or empty; the first one where a name occurs twice. */
    public OptionalInt indexOf(String name) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(name)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** Returns all places where a field matches {@code name} without regard to case, as Spark resolves by default. */
    public List<Integer> indexesOfIgnoringCase(String name) {
        List<Integer> found = new ArrayList<>(1);
        String wanted = name.toLowerCase(Locale.ROOT);
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().toLowerCase(Locale.ROOT).equals(wanted)) {
                found.add(i);
            }
        }
        return found;
    }

    /** Returns the columns of a table definition, for instance {@code a INT, b STRING NOT NULL}. */
    public String toDdl() {
        return fields.stream().map(StructField::toDdl).collect(Collectors.joining(", "));
    }

    @Override
    public String simpleString() {
        return fields.stream()
                .map(f -> f.name() + ":" + f.dataType().simpleString())
                .collect(Collectors.joining(",", "struct<", ">"));
    }

    @Override
    public String sql() {
        return fields.stream()
                .map(f -> Identifiers.quoteIfNeeded(f.name()) + ": "
                        + f.dataType().sql() + (f.nullable() ? "" : " NOT NULL"))
                .collect(Collectors.joining(", ", "STRUCT<", ">"));
    }

    @Override
    public String json() {
        return fields.stream()
                .map(StructField::json)
                .collect(Collectors.joining(",", "{\"type\":\"struct\",\"fields\":[", "]}"));
    }

    /** Returns the tree that Spark's {@code printSchema} shows, each line ended by LF. */
    public String treeString() {
        StringBuilder out = new StringBuilder("root\n");
        appendTree(out, " |", this);
        return out.toString();
    }

    private static void appendTree(StringBuilder out, String prefix, DataType type) {
        if (type instanceof StructType struct) {
            for (StructField f : struct.fields()) {
                line(out, prefix, f.name(), f.dataType(), "nullable", f.nullable());
            }
        } else if (type instanceof ArrayType array) {
            line(out, prefix, "element", array.elementType(), "containsNull", array.containsNull());
        } else if (type instanceof MapType map) {
            out.append(prefix)
                    .append("-- key: ")
                    .append(typeName(map.keyType()))
                    .append('\n');
            appendTree(out, prefix + "    |", map.keyType());
            line(out, prefix, "value", map.valueType(), "valueContainsNull", map.valueContainsNull());
        }
    }

    private static void line(StringBuilder out, String prefix, String name, DataType type, String flag, boolean value) {
        out.append(prefix).append("-- ").append(name).append(": ").append(typeName(type));
        out.append(" (").append(flag).append(" = ").append(value).append(")\n");
        appendTree(out, prefix + "    |", type);
    }

    private static String typeName(DataType type) {
        if (type instanceof StructType) {
            return "struct";
        } else if (type instanceof ArrayType) {
            return "array";
        } else if (type instanceof MapType) {
            return "map";
        }
        String json = type.json();
        return json.substring(1, json.length() - 1);
    }
}
