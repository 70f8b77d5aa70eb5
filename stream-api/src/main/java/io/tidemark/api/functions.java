package io.tidemark.api;

import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.StructType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The functions of Spark's {@code functions}, under the same names; meant to be imported statically. */
@SuppressWarnings("checkstyle:TypeName") // Spark's own name
public final class functions {
    private functions() {}

    /** A column by name; dots lead into structs, back-ticks keep a dot in a name, {@code *} means all. */
    public static Column col(String name) {
        return new Column(Engines.any().parseColumnName(name));
    }

    public static Column column(String name) {
        return col(name);
    }

    /** A SQL expression. */
    public static Column expr(String sql) {
        return new Column(Engines.any().parseExpression(sql));
    }

    /** Any function by name, for those that have no method here. */
    public static Column call_function(String name, Column... arguments) {
        return Column.call(name.toLowerCase(java.util.Locale.ROOT), (Object[]) arguments);
    }

    /** A constant; a Column is returned as it is. */
    public static Column lit(@Nullable Object value) {
        if (value instanceof Column column) {
            return column;
        }
        return new Column(new Expression.Literal(value, literalType(value), Origin.NONE));
    }

    private static DataType literalType(@Nullable Object value) {
        if (value == null) {
            return AtomicType.NULL;
        } else if (value instanceof Boolean) {
            return AtomicType.BOOLEAN;
        } else if (value instanceof Byte) {
            return AtomicType.TINYINT;
        } else if (value instanceof Short) {
            return AtomicType.SMALLINT;
        } else if (value instanceof Integer) {
            return AtomicType.INT;
        } else if (value instanceof Long) {
            return AtomicType.BIGINT;
        } else if (value instanceof Float) {
            return AtomicType.FLOAT;
        } else if (value instanceof Double) {
            return AtomicType.DOUBLE;
        } else if (value instanceof String) {
            return AtomicType.STRING;
        } else if (value instanceof byte[]) {
            return AtomicType.BINARY;
        } else if (value instanceof LocalDate) {
            return AtomicType.DATE;
        } else if (value instanceof Instant) {
            return AtomicType.TIMESTAMP;
        } else if (value instanceof LocalDateTime) {
            return AtomicType.TIMESTAMP_NTZ;
        } else if (value instanceof BigDecimal decimal) {
            int scale = Math.max(0, decimal.scale());
            return new DecimalType(Math.max(decimal.precision() - decimal.scale() + scale, scale), scale);
        }
        throw new IllegalArgumentException(
                "no SQL type for a constant of " + value.getClass().getName() + ": " + value);
    }

    public static Column when(Column condition, Object value) {
        return new Column(new Expression.Call(
                "case", List.of(condition.expression(), lit(value).expression()), Origin.NONE));
    }

    public static Column not(Column e) {
        return Column.call("not", e);
    }

    public static Column coalesce(Column... e) {
        return Column.call("coalesce", (Object[]) e);
    }

    public static Column nullif(Column a, Column b) {
        return Column.call("nullif", a, b);
    }

    public static Column isnull(Column e) {
        return Column.call("isnull", e);
    }

    public static Column concat(Column... e) {
        return Column.call("concat", (Object[]) e);
    }

    public static Column substring(Column e, int position, int length) {
        return Column.call("substring", e, position, length);
    }

    public static Column length(Column e) {
        return Column.call("length", e);
    }

    public static Column upper(Column e) {
        return Column.call("upper", e);
    }

    public static Column lower(Column e) {
        return Column.call("lower", e);
    }

    public static Column trim(Column e) {
        return Column.call("trim", e);
    }

    public static Column ltrim(Column e) {
        return Column.call("ltrim", e);
    }

    public static Column rtrim(Column e) {
        return Column.call("rtrim", e);
    }

    public static Column split(Column e, String regex) {
        return Column.call("split", e, regex);
    }

    public static Column replace(Column e, Column search, Column replacement) {
        return Column.call("replace", e, search, replacement);
    }

    public static Column abs(Column e) {
        return Column.call("abs", e);
    }

    public static Column round(Column e, int scale) {
        return Column.call("round", e, scale);
    }

    public static Column floor(Column e) {
        return Column.call("floor", e);
    }

    public static Column ceil(Column e) {
        return Column.call("ceil", e);
    }

    public static Column to_timestamp(Column e) {
        return Column.call("to_timestamp", e);
    }

    public static Column to_timestamp(Column e, String format) {
        return Column.call("to_timestamp", e, format);
    }

    public static Column to_date(Column e) {
        return Column.call("to_date", e);
    }

    public static Column to_date(Column e, String format) {
        return Column.call("to_date", e, format);
    }

    public static Column date_trunc(String unit, Column e) {
        return Column.call("date_trunc", unit, e);
    }

    public static Column unix_timestamp(Column e) {
        return Column.call("unix_timestamp", e);
    }

    public static Column year(Column e) {
        return Column.call("year", e);
    }

    public static Column month(Column e) {
        return Column.call("month", e);
    }

    public static Column dayofmonth(Column e) {
        return Column.call("dayofmonth", e);
    }

    public static Column hour(Column e) {
        return Column.call("hour", e);
    }

    public static Column minute(Column e) {
        return Column.call("minute", e);
    }

    public static Column second(Column e) {
        return Column.call("second", e);
    }

    /** The timestamp of the batch, the same for all its rows and for each of its re-runs. */
    public static Column current_timestamp() {
        return Column.call("current_timestamp");
    }

    public static Column current_date() {
        return Column.call("current_date");
    }

    public static Column struct(Column... fields) {
        return Column.call("struct", (Object[]) fields);
    }

    public static Column array(Column... elements) {
        return Column.call("array", (Object[]) elements);
    }

    /** A map of the given keys and values in turn. */
    public static Column map(Column... keysAndValues) {
        return Column.call("map", (Object[]) keysAndValues);
    }

    public static Column from_json(Column e, StructType schema) {
        return from_json(e, schema.toDdl());
    }

    /** @param schema as a table definition: {@code "user_id STRING, amount DOUBLE"} */
    public static Column from_json(Column e, String schema) {
        return Column.call("from_json", e, schema);
    }

    public static Column from_json(Column e, String schema, java.util.SortedMap<String, String> options) {
        List<Object> entries = new ArrayList<>();
        options.forEach((k, v) -> {
            entries.add(k);
            entries.add(v);
        });
        return Column.call("from_json", e, schema, Column.call("map", entries.toArray()));
    }

    public static Column to_json(Column e) {
        return Column.call("to_json", e);
    }
}
