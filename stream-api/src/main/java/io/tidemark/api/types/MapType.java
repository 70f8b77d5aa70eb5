package io.tidemark.api.types;

import static java.util.Objects.requireNonNull;

/** Keys, never null, to values; entries keep the order in which they were put in. */
public record MapType(DataType keyType, DataType valueType, boolean valueContainsNull) implements DataType {
    public MapType {
        requireNonNull(keyType, "keyType");
        requireNonNull(valueType, "valueType");
    }

    /** A map whose values may be null. */
    public MapType(DataType keyType, DataType valueType) {
        this(keyType, valueType, true);
    }

    @Override
    public String simpleString() {
        return "map<" + keyType.simpleString() + "," + valueType.simpleString() + ">";
    }

    @Override
    public String sql() {
        return "MAP<" + keyType.sql() + ", " + valueType.sql() + ">";
    }

    @Override
    public String json() {
        return "{\"type\":\"map\",\"keyType\":" + keyType.json() + ",\"valueType\":" + valueType.json()
                + ",\"valueContainsNull\":" + valueContainsNull + "}";
    }
}
