package io.tidemark.state;

import io.tidemark.api.types.StructType;

/** What the store of each partition of an operator holds. */
public record StateStoreSpec(String name, StructType keySchema, StructType valueSchema, KeyEncoding encoding) {
    /** The operator's only store, with plain keys. */
    public StateStoreSpec(StructType keySchema, StructType valueSchema) {
        this(StateStoreId.DEFAULT, keySchema, valueSchema, new KeyEncoding.Plain());
    }
}
