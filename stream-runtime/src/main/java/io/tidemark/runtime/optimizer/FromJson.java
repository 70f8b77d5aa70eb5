package io.tidemark.runtime.optimizer;

import io.tidemark.api.types.StructType;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;

/** What the rules know about {@code from_json}: arguments text, schema and perhaps options; its type is what it reads. */
final class FromJson {
    /** Spark's default for {@code columnNameOfCorruptRecord}. */
    private static final String CORRUPT_RECORD = "_corrupt_record";

    private static final int ARGUMENTS_WITHOUT_OPTIONS = 2;

    private FromJson() {}

    static boolean isFromJson(BoundExpression expression) {
        return expression instanceof BoundCall call && call.function().name().equals("from_json");
    }

    static boolean hasOptions(BoundCall call) {
        return call.arguments().size() > ARGUMENTS_WITHOUT_OPTIONS;
    }

    /**
     * Returns which fields the call has to read where {@code need} is wanted. As in Spark, options mean all: the mode
     * decides about a record as a whole. So does the field that takes malformed records.
     */
    static Need fieldsToRead(BoundCall call, Need need) {
        if (need.isAll() || hasOptions(call) || !(call.type() instanceof StructType struct)) {
            return Need.ALL;
        }
        boolean wantsCorrupt = need.fields().keySet().stream()
                .anyMatch(i -> struct.field(i).name().equals(CORRUPT_RECORD));
        return wantsCorrupt ? Need.ALL : need;
    }
}
