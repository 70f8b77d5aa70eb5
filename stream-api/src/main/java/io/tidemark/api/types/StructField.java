package io.tidemark.api.types;

import static java.util.Objects.requireNonNull;

/** A named, typed member of a {@link StructType}. */
public record StructField(String name, DataType dataType, boolean nullable) {
    public StructField {
        requireNonNull(name, "name");
        requireNonNull(dataType, "dataType");
    }

    /** A field that may be null. */
    public StructField(String name, DataType dataType) {
        this(name, dataType, true);
    }

    /** Returns the field as a member of a table definition, for instance {@code page STRING NOT NULL}. */
    public String toDdl() {
        return Identifiers.quoteIfNeeded(name) + " " + dataType.sql() + (nullable ? "" : " NOT NULL");
    }

    String json() {
        return "{\"name\":" + Identifiers.jsonString(name) + ",\"type\":" + dataType.json() + ",\"nullable\":"
                + nullable + ",\"metadata\":{}}";
    }
}
