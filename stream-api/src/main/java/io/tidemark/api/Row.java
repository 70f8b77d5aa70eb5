package io.tidemark.api;

import io.tidemark.api.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row as Java objects, with the names of Spark's {@code Row}. Values are those that {@link
 * io.tidemark.api.vector.ColumnVector#value} names. Compared by value.
 */
public final class Row {
    private final StructType schema;
    private final List<@Nullable Object> values;

    private Row(StructType schema, List<@Nullable Object> values) {
        this.schema = schema;
        this.values = values;
    }

    /** A row of {@code schema} with one value a field. */
    public static Row of(StructType schema, List<? extends @Nullable Object> values) {
        if (values.size() != schema.size()) {
            throw new IllegalArgumentException(values.size() + " values for " + schema.simpleString());
        }
        return new Row(schema, Collections.unmodifiableList(new ArrayList<>(values)));
    }

    public StructType schema() {
        return schema;
    }

    public int size() {
        return values.size();
    }

    public @Nullable Object get(int ordinal) {
        return values.get(ordinal);
    }

    /** Returns the value of the field of this name. */
    @SuppressWarnings("unchecked")
    public <T> T getAs(String fieldName) {
        int at = schema.indexOf(fieldName)
                .orElseThrow(
                        () -> new IllegalArgumentException("no field '" + fieldName + "' in " + schema.simpleString()));
        return (T) values.get(at);
    }

    public boolean isNullAt(int ordinal) {
        return values.get(ordinal) == null;
    }

    public String getString(int ordinal) {
        return (String) nonNull(ordinal);
    }

    public int getInt(int ordinal) {
        return (Integer) nonNull(ordinal);
    }

    public long getLong(int ordinal) {
        return (Long) nonNull(ordinal);
    }

    public double getDouble(int ordinal) {
        return (Double) nonNull(ordinal);
    }

    public boolean getBoolean(int ordinal) {
        return (Boolean) nonNull(ordinal);
    }

    /** Returns the values in order, nulls included. Unmodifiable. */
    public List<@Nullable Object> values() {
        return values;
    }

    private Object nonNull(int ordinal) {
        return Objects.requireNonNull(values.get(ordinal), () -> "field " + ordinal + " is null");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Row row && Arrays.deepEquals(values.toArray(), row.values.toArray());
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(values.toArray());
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("[");
        for (int i = 0; i < values.size(); i++) {
            Object v = values.get(i);
            out.append(i == 0 ? "" : ",").append(v instanceof byte[] b ? Arrays.toString(b) : String.valueOf(v));
        }
        return out.append(']').toString();
    }
}
