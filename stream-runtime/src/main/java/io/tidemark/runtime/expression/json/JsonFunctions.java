package io.tidemark.runtime.expression.json;

import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.sql.SqlParser;
import java.util.List;

/** The functions that read and write JSON. */
public final class JsonFunctions {
    private JsonFunctions() {}

    /** Returns all of them. */
    public static List<FunctionDefinition> all() {
        return List.of(FromJson.function(SqlParser::parseTypeOrSchema), ToJson.function(), GetJsonObject.function());
    }
}
