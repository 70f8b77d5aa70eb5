package io.tidemark.runtime.expression.json;

import io.tidemark.api.vector.ArrayVectorBuilder;
import io.tidemark.api.vector.MapVectorBuilder;
import io.tidemark.api.vector.StructVectorBuilder;
import io.tidemark.api.vector.VectorBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values as the complete reader holds them: an array of objects for a struct, a list, {@link Entries}, else what {@link
 * VectorBuilder#append} takes.
 */
final class ReadValues {
    private ReadValues() {}

    /** The entries of a map in the order of the text, repeated keys included. */
    record Entries(List<String> keys, List<@Nullable Object> values) {}

    /** Appends a value of the builder's type. */
    static void append(VectorBuilder builder, @Nullable Object value) {
        if (value instanceof Object[] fields) {
            StructVectorBuilder struct = (StructVectorBuilder) builder;
            for (int i = 0; i < fields.length; i++) {
                append(struct.child(i), fields[i]);
            }
            struct.endRow();
        } else if (value instanceof List<?> list) {
            ArrayVectorBuilder array = (ArrayVectorBuilder) builder;
            for (Object element : list) {
                append(array.elements(), element);
            }
            array.endRow();
        } else if (value instanceof Entries entries) {
            MapVectorBuilder map = (MapVectorBuilder) builder;
            for (int i = 0; i < entries.keys().size(); i++) {
                map.keys().append(entries.keys().get(i));
                append(map.entryValues(), entries.values().get(i));
            }
            map.endRow();
        } else {
            builder.append(value);
        }
    }
}
