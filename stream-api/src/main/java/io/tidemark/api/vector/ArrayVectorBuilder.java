package io.tidemark.api.vector;

import io.tidemark.api.types.ArrayType;
import java.util.Arrays;
import java.util.List;

/** Builds an {@link ArrayVector}: append elements to {@link #elements}, then end the row. */
public final class ArrayVectorBuilder extends VectorBuilder {
    private final ArrayType array;
    private final VectorBuilder elements;
    private int[] starts;
    private int[] lengths;
    private int open;

    ArrayVectorBuilder(ArrayType type, int capacity) {
        super(type);
        array = type;
        elements = VectorBuilder.of(type.elementType(), capacity);
        starts = new int[capacity];
        lengths = new int[capacity];
    }

    public VectorBuilder elements() {
        return elements;
    }

    /** Makes a row of the elements appended since the last row. */
    public void endRow() {
        reserve();
        starts[length] = open;
        lengths[length] = elements.length() - open;
        open = elements.length();
        appended();
    }

    @Override
    public void truncate(int newLength) {
        if (newLength < length) {
            open = starts[newLength];
        }
        elements.truncate(open);
        super.truncate(newLength);
    }

    @Override
    void reserve() {
        if (length == starts.length) {
            starts = Arrays.copyOf(starts, grown(length));
            lengths = Arrays.copyOf(lengths, starts.length);
        }
    }

    @Override
    void padNull() {
        elements.truncate(open);
        starts[length] = open;
        lengths[length] = 0;
    }

    @Override
    void appendNonNull(Object value) {
        for (Object element : (List<?>) value) {
            elements.append(element);
        }
        endRow();
    }

    @Override
    public ColumnVector build() {
        return new ArrayVector(array, length, starts, lengths, elements.build(), validity);
    }
}
