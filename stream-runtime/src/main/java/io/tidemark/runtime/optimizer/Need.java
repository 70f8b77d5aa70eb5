package io.tidemark.runtime.optimizer;

import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How much of a value somebody reads: all of it, or some fields of a struct, by their places. Compared by value. */
final class Need {
    /** The whole value. */
    static final Need ALL = new Need(null);

    private final @Nullable SortedMap<Integer, Need> fields;

    private Need(@Nullable SortedMap<Integer, Need> fields) {
        this.fields = fields;
    }

    /** One field, or a part of it. */
    static Need field(int ordinal, Need need) {
        TreeMap<Integer, Need> one = new TreeMap<>();
        one.put(ordinal, need);
        return new Need(one);
    }

    boolean isAll() {
        return fields == null;
    }

    /** Returns the fields that are read, if not all. */
    SortedMap<Integer, Need> fields() {
        return fields == null ? Collections.emptySortedMap() : Collections.unmodifiableSortedMap(fields);
    }

    /** Returns what both read together; null stands for nothing. */
    static @Nullable Need or(@Nullable Need a, @Nullable Need b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        } else if (a.fields == null || b.fields == null) {
            return ALL;
        }
        TreeMap<Integer, Need> both = new TreeMap<>(a.fields);
        b.fields.forEach((ordinal, need) -> both.merge(ordinal, need, (x, y) -> Objects.requireNonNull(or(x, y))));
        return new Need(both);
    }

    /** Returns where the field at {@code ordinal} stands once the others are gone. */
    int place(int ordinal) {
        return fields == null ? ordinal : fields.headMap(ordinal).size();
    }

    /** Returns how much of the field at {@code ordinal} is there. */
    Need of(int ordinal) {
        Need need = fields == null ? ALL : fields.get(ordinal);
        if (need == null) {
            throw new IllegalStateException("field " + ordinal + " was not asked for");
        }
        return need;
    }

    /** Returns the type without what is not read. */
    DataType narrow(DataType type) {
        if (fields == null || !(type instanceof StructType struct)) {
            return type;
        }
        List<StructField> kept = new ArrayList<>();
        fields.forEach((ordinal, need) -> {
            StructField f = struct.field(ordinal);
            kept.add(new StructField(f.name(), need.narrow(f.dataType()), f.nullable()));
        });
        return new StructType(kept);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Need need && Objects.equals(fields, need.fields);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(fields);
    }

    @Override
    public String toString() {
        return fields == null ? "all" : fields.toString();
    }
}
