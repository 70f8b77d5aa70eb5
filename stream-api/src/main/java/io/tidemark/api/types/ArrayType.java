package io.tidemark.api.types;

import static java.util.Objects.requireNonNull;

/** A list of values of one type. */
public record ArrayType(DataType elementType, boolean containsNull) implements DataType {
    public ArrayType {
        requireNonNull(elementType, "elementType");
    }

    /** An array whose elements may be null. */
    public ArrayType(DataType elementType) {
        this(elementType, true);
    }

    @Override
    public String simpleString() {
        return "array<" + elementType.simpleString() + ">";
    }

    @Override
    public String sql() {
        return "ARRAY<" + elementType.sql() + ">";
    }

    @Override
    public String json() {
        return "{\"type\":\"array\",\"elementType\":" + elementType.json() + ",\"containsNull\":" + containsNull + "}";
    }
}
