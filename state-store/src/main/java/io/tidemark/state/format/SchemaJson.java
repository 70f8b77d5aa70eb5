package io.tidemark.state.format;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spark's JSON form of a schema, as {@code StructType.json} gives it. Metadata of fields is passed over. */
public final class SchemaJson {
    private static final Pattern DECIMAL = Pattern.compile("decimal\\((\\d{1,2}),\\s?(-?\\d{1,2})\\)");

    private SchemaJson() {}

    /**
     * Returns the schema in {@code json}.
     *
     * @param file for errors
     * @throws StateFileException {@code STATE_FORMAT_UNSUPPORTED} for a type that Tidemark has not, by name
     */
    public static StructType parse(String file, String json) {
        if (type(file, StateJson.parse(file, json)) instanceof StructType struct) {
            return struct;
        }
        throw StateFileException.corrupt(file, "the schema in it is no struct");
    }

    /** Returns the schema as Tidemark declares it: everything nullable at every level, no metadata. */
    public static String write(StructType schema) {
        return nullable(schema).json();
    }

    /** Returns {@code type} with everything nullable at every level. */
    public static DataType nullable(DataType type) {
        if (type instanceof StructType struct) {
            List<StructField> fields = new ArrayList<>(struct.size());
            for (StructField field : struct.fields()) {
                fields.add(new StructField(field.name(), nullable(field.dataType()), true));
            }
            return new StructType(fields);
        } else if (type instanceof ArrayType array) {
            return new ArrayType(nullable(array.elementType()), true);
        } else if (type instanceof MapType map) {
            return new MapType(nullable(map.keyType()), nullable(map.valueType()), true);
        }
        return type;
    }

    private static DataType type(String file, JsonNode json) {
        if (json.isTextual()) {
            return atomic(file, json.textValue());
        }
        switch (json.path("type").asText()) {
            case "struct":
                return struct(file, json);
            case "array":
                return new ArrayType(type(file, json.path("elementType")), flag(file, json, "containsNull"));
            case "map":
                return new MapType(
                        type(file, json.path("keyType")),
                        type(file, json.path("valueType")),
                        flag(file, json, "valueContainsNull"));
            case "udt":
                throw unsupported(file, "udt");
            default:
                throw StateFileException.corrupt(file, "a type in its schema is none");
        }
    }

    private static StructType struct(String file, JsonNode json) {
        List<StructField> fields = new ArrayList<>();
        if (!json.path("fields").isArray()) {
            throw StateFileException.corrupt(file, "a struct in its schema has no fields");
        }
        for (JsonNode field : json.path("fields")) {
            if (!field.path("name").isTextual()) {
                throw StateFileException.corrupt(file, "a field in its schema has no name");
            }
            DataType type = type(file, field.path("type"));
            fields.add(new StructField(field.path("name").textValue(), type, flag(file, field, "nullable")));
        }
        return new StructType(fields);
    }

    private static boolean flag(String file, JsonNode json, String name) {
        if (json.path(name).isBoolean()) {
            return json.path(name).booleanValue();
        }
        throw StateFileException.corrupt(file, "a type in its schema does not say '" + name + "'");
    }

    private static DataType atomic(String file, String name) {
        for (AtomicType type : AtomicType.values()) {
            String json = type.json();
            if (json.length() == name.length() + 2 && json.startsWith(name, 1)) {
                return type;
            }
        }
        if (name.equals("null")) {
            return AtomicType.NULL; // before Spark 3.1
        } else if (name.equals("decimal")) {
            return DecimalType.USER_DEFAULT;
        }
        Matcher decimal = DECIMAL.matcher(name);
        if (decimal.matches()) {
            int precision = Integer.parseInt(decimal.group(1));
            int scale = Integer.parseInt(decimal.group(2));
            if (precision >= 1 && precision <= DecimalType.MAX_PRECISION && scale >= 0 && scale <= precision) {
                return new DecimalType(precision, scale);
            }
        }
        throw unsupported(file, name);
    }

    private static StateFileException unsupported(String file, String type) {
        return StateFileException.unsupported(
                file,
                "it has a column of type '" + type + "'",
                "Tidemark has no such type; let the engine that wrote it go on with this query.");
    }
}
