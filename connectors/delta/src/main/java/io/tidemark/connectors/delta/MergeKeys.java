package io.tidemark.connectors.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.api.connector.Options;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns by which an upsert finds the row it replaces. Null equals null, as in GROUP BY; 0.0 equals -0.0, and NaN
 * itself.
 *
 * @param columns at least one, under the names that the query gives them
 */
record MergeKeys(List<String> columns) {
    static final String OPTION = "mergeKeys";

    MergeKeys {
        columns = List.copyOf(columns);
    }

    /** Reads the option: names with commas between them, or a JSON array of names. */
    static MergeKeys of(String text, StructType schema) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : names(text)) {
            List<Integer> found = schema.indexesOfIgnoringCase(name);
            if (found.isEmpty()) {
                throw Options.invalid(
                        OPTION,
                        text,
                        "There is no column '" + name + "' among " + schema.fieldNames()
                                + "; name columns of the query.");
            }
            StructField field = schema.field(found.get(0));
            if (!(field.dataType() instanceof AtomicType || field.dataType() instanceof DecimalType)) {
                throw Options.invalid(
                        OPTION,
                        text,
                        "Column '" + field.name() + "' of type "
                                + field.dataType().simpleString()
                                + " cannot be a key; choose columns of simple types.");
            }
            names.add(field.name());
        }
        if (names.isEmpty()) {
            throw Options.invalid(OPTION, text, "Name at least one column.");
        }
        return new MergeKeys(List.copyOf(names));
    }

    private static List<String> names(String text) {
        if (!text.stripLeading().startsWith("[")) {
            return Arrays.stream(text.split(",", -1))
                    .map(String::strip)
                    .filter(n -> !n.isEmpty())
                    .toList();
        }
        try {
            List<String> names = new ArrayList<>();
            for (JsonNode name : Json.parse(text)) {
                names.add(name.asText());
            }
            return names;
        } catch (JsonProcessingException e) {
            throw Options.invalid(OPTION, text, "Write it as column names with commas between them.");
        }
    }

    /** Returns where the key columns stand in {@code schema}. */
    int[] ordinals(StructType schema) {
        return columns.stream()
                .mapToInt(name -> schema.indexesOfIgnoringCase(name).get(0))
                .toArray();
    }

    /** Returns a row's key: equal keys are equal lists. */
    static List<@Nullable Object> key(ColumnBatch rows, int[] ordinals, int row) {
        @Nullable Object[] key = new @Nullable Object[ordinals.length];
        for (int i = 0; i < ordinals.length; i++) {
            key[i] = comparable(rows.column(ordinals[i]), row);
        }
        return Arrays.asList(key);
    }

    private static @Nullable Object comparable(ColumnVector column, int row) {
        Object value = column.value(row);
        if (value instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes);
        } else if (value instanceof Double number) {
            return number == 0.0 ? (Object) 0.0 : number;
        } else if (value instanceof Float number) {
            return number == 0.0f ? (Object) 0.0f : number;
        }
        return value;
    }
}
