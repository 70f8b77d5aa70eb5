package io.tidemark.runtime.expression.json;

import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructType;
import java.util.List;
import java.util.OptionalInt;

/**
 * What to read from a record.
 *
 * @param type a struct, an array or a map
 * @param corruptColumn the field of the struct that takes the text of a malformed record, if there is one
 */
record RecordShape(DataType type, OptionalInt corruptColumn) {
    /** Finds the field that {@code options} name for malformed records; only a struct at the top has one. */
    static RecordShape of(DataType type, ReadOptions options) {
        return new RecordShape(
                type,
                type instanceof StructType struct
                        ? struct.indexOf(options.columnNameOfCorruptRecord())
                        : OptionalInt.empty());
    }

    /** Returns the ordinals of the top struct that no member of the record fills. */
    List<Integer> hidden() {
        return corruptColumn.isPresent() ? List.of(corruptColumn.getAsInt()) : List.of();
    }
}
