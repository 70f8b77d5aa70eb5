package io.tidemark.runtime.expression;

import io.tidemark.api.error.Origin;
import java.time.ZoneId;

/**
 * What typing depends on besides the arguments.
 *
 * @param ansi {@code spark.sql.ansi.enabled}, true by default
 * @param zone {@code spark.sql.session.timeZone}
 * @param registry to bind other functions with
 */
public record BindContext(boolean ansi, ZoneId zone, Origin origin, FunctionRegistry registry) {
    /** Returns this context for an expression that stands elsewhere. */
    public BindContext at(Origin where) {
        return new BindContext(ansi, zone, where, registry);
    }
}
