package io.tidemark.api.vector;

import io.tidemark.api.types.MapType;
import java.util.Arrays;
import java.util.Map;

/** Builds a {@link MapVector}: append to {@link #keys} and {@link #entryValues} in step, then end the row. */
public final class MapVectorBuilder extends VectorBuilder {
    private final MapType map;
    private final VectorBuilder keys;
    private final VectorBuilder entryValues;
    private int[] starts;
    private int[] lengths;
    private int open;

    MapVectorBuilder(MapType type, int capacity) {
        super(type);
        map = type;
        keys = VectorBuilder.of(type.keyType(), capacity);
        entryValues = VectorBuilder.of(type.valueType(), capacity);
        starts = new int[capacity];
        lengths = new int[capacity];
    }

    public VectorBuilder keys() {
        return keys;
    }

    public VectorBuilder entryValues() {
        return entryValues;
    }

    /** Makes a row of the entries appended since the last row. */
    public void endRow() {
        if (keys.length() != entryValues.length()) {
            throw new IllegalStateException(keys.length() + " keys but " + entryValues.length() + " values");
        }
        reserve();
        starts[length] = open;
        lengths[length] = keys.length() - open;
        open = keys.length();
        appended();
    }

    @Override
    public void truncate(int newLength) {
        if (newLength < length) {
            open = starts[newLength];
        }
        keys.truncate(open);
        entryValues.truncate(open);
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
        keys.truncate(open);
        entryValues.truncate(open);
        starts[length] = open;
        lengths[length] = 0;
    }

    @Override
    void appendNonNull(Object value) {
        ((Map<?, ?>) value).forEach((k, v) -> {
            keys.append(k);
            entryValues.append(v);
        });
        endRow();
    }

    @Override
    public ColumnVector build() {
        return new MapVector(map, length, starts, lengths, keys.build(), entryValues.build(), validity);
    }
}
