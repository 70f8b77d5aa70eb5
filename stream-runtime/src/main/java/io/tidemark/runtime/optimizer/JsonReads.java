package io.tidemark.runtime.optimizer;

import io.tidemark.api.types.StructType;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.json.FromJson;

/** What the rules know about {@code from_json}: arguments text, schema and perhaps options; its type is what it reads. */
final class JsonReads {
    private static final int ARGUMENTS_WITHOUT_OPTIONS = 2;

    private JsonReads() {}

    static boolean isFromJson(BoundExpression expression) {
        return expression instanceof BoundCall call && call.function().name().equals("from_json");
    }

    static boolean hasOptions(BoundCall call) {
        return call.arguments().size() > ARGUMENTS_WITHOUT_OPTIONS;
    }

    /** Returns whether the call can be made for rows it was not written for: it never fails. */
    static boolean isHarmless(BoundCall call) {
        return !hasOptions(call) || FromJson.mayNarrow(call);
    }

    /**
     * Returns which fields the call has to read where {@code need} is wanted: all, if a field that nobody reads could
     * end the query or make a record malformed that somebody asks for.
     */
    static Need fieldsToRead(BoundCall call, Need need) {
        if (need.isAll() || !(call.type() instanceof StructType)) {
            return Need.ALL;
        }
        BoundCall narrow = new BoundCall(
                call.function(), call.arguments(), need.narrow(call.type()), call.nullable(), call.origin());
        return FromJson.mayNarrow(narrow) ? need : Need.ALL;
    }
}
