package io.tidemark.runtime.analysis;

import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import java.util.ArrayList;
import java.util.List;

/** Numbers the columns of one query, so that a column is told from another of its name. One thread. */
final class Identities {
    private long used;

    /** A column that no other relation has. */
    Scope.Column fresh(StructField field) {
        return new Scope.Column(field.name(), null, field.dataType(), field.nullable(), used++);
    }

    Scope fresh(StructType schema) {
        List<Scope.Column> columns = new ArrayList<>();
        schema.fields().forEach(f -> columns.add(fresh(f)));
        return new Scope(columns);
    }
}
