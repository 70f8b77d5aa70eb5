package io.tidemark.api.vector;

import io.tidemark.api.Row;
import io.tidemark.api.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column of STRUCT: one vector a field, position by position. */
public final class StructVector extends ColumnVector {
    private final StructType struct;
    private final List<ColumnVector> children;

    public StructVector(StructType type, int length, List<ColumnVector> children, long @Nullable [] validity) {
        super(type, length, validity);
        if (children.size() != type.size()) {
            throw new IllegalArgumentException(children.size() + " columns for " + type.simpleString());
        }
        this.struct = type;
        this.children = List.copyOf(children);
    }

    public StructType structType() {
        return struct;
    }

    /** Returns the column of the field at {@code ordinal}; a row that is null here may hold anything there. */
    public ColumnVector child(int ordinal) {
        return children.get(ordinal);
    }

    public List<ColumnVector> children() {
        return children;
    }

    @Override
    Object nonNullValue(int row) {
        List<@Nullable Object> values = new ArrayList<>(children.size());
        for (ColumnVector child : children) {
            values.add(child.value(row));
        }
        return Row.of(struct, values);
    }
}
