package io.tidemark.api.vector;

import io.tidemark.api.Row;
import io.tidemark.api.types.StructType;
import java.util.ArrayList;
import java.util.List;

/** Builds a {@link StructVector}: append to some children, then end the row; the other fields become null. */
public final class StructVectorBuilder extends VectorBuilder {
    private final StructType struct;
    private final List<VectorBuilder> children = new ArrayList<>();

    StructVectorBuilder(StructType type, int capacity) {
        super(type);
        struct = type;
        type.fields().forEach(f -> children.add(VectorBuilder.of(f.dataType(), capacity)));
    }

    /** Returns the builder of the field at {@code ordinal}. */
    public VectorBuilder child(int ordinal) {
        return children.get(ordinal);
    }

    /** Makes a row of what was appended to the children since the last row. */
    public void endRow() {
        padChildren();
        appended();
    }

    @Override
    public void truncate(int newLength) {
        for (VectorBuilder child : children) {
            child.truncate(newLength); // also where its length is right: it may hold half a row itself
        }
        super.truncate(newLength);
    }

    @Override
    void reserve() {}

    @Override
    void padNull() {
        for (VectorBuilder child : children) {
            child.truncate(length);
        }
        padChildren();
    }

    private void padChildren() {
        for (VectorBuilder child : children) {
            if (child.length() == length) {
                child.appendNull();
            }
        }
    }

    @Override
    void appendNonNull(Object value) {
        Row row = (Row) value;
        for (int i = 0; i < children.size(); i++) {
            children.get(i).append(row.get(i));
        }
        endRow();
    }

    @Override
    public ColumnVector build() {
        return new StructVector(
                struct, length, children.stream().map(VectorBuilder::build).toList(), validity);
    }
}
