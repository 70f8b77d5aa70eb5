package io.tidemark.api.vector;

import io.tidemark.api.types.ArrayType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column of ARRAY: each row is a range of the elements. */
public final class ArrayVector extends ColumnVector {
    private final int[] starts;
    private final int[] lengths;
    private final ColumnVector elements;

    /** Wraps ranges of {@code elements}, one a row; the arrays are not copied. */
    public ArrayVector(
            ArrayType type,
            int length,
            int[] starts,
            int[] lengths,
            ColumnVector elements,
            long @Nullable [] validity) {
        super(type, length, validity);
        this.starts = starts;
        this.lengths = lengths;
        this.elements = elements;
    }

    public int[] starts() {
        return starts;
    }

    public int[] lengths() {
        return lengths;
    }

    public ColumnVector elements() {
        return elements;
    }

    @Override
    Object nonNullValue(int row) {
        List<@Nullable Object> list = new ArrayList<>(lengths[row]);
        for (int i = 0; i < lengths[row]; i++) {
            list.add(elements.value(starts[row] + i));
        }
        return Collections.unmodifiableList(list);
    }
}
