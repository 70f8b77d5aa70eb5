package io.tidemark.api.vector;

import io.tidemark.api.types.MapType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A column of MAP: each row is a range of the keys and, in step, of the values. */
public final class MapVector extends ColumnVector {
    private final int[] starts;
    private final int[] lengths;
    private final ColumnVector keys;
    private final ColumnVector entryValues;

    /** Wraps ranges of {@code keys} and {@code entryValues}, one a row; the arrays are not copied. */
    public MapVector(
            MapType type,
            int length,
            int[] starts,
            int[] lengths,
            ColumnVector keys,
            ColumnVector entryValues,
            long @Nullable [] validity) {
        super(type, length, validity);
        this.starts = starts;
        this.lengths = lengths;
        this.keys = keys;
        this.entryValues = entryValues;
    }

    public int[] starts() {
        return starts;
    }

    public int[] lengths() {
        return lengths;
    }

    public ColumnVector keys() {
        return keys;
    }

    /** Returns the values of the entries, in step with {@link #keys}. */
    public ColumnVector entryValues() {
        return entryValues;
    }

    @Override
    Object nonNullValue(int row) {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = starts[row]; i < starts[row] + lengths[row]; i++) {
            map.put(keys.value(i), entryValues.value(i));
        }
        return Collections.unmodifiableMap(map);
    }
}
