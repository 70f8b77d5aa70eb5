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

    /** Puts times into windows of one length, each starting where the one before ends. */
    public static Column window(Column time, String length) {
        return Column.call("window", time, length);
    }

    /** Puts times into windows that start every {@code slide}; a time is in all that cover it. */
    public static Column window(Column time, String length, String slide) {
        return Column.call("window", time, length, slide);
    }

    /** @param start by how much the first window is moved from 1970-01-01 00:00:00 UTC */
    public static Column window(Column time, String length, String slide, String start) {
        return Column.call("window", time, length, slide, start);
    }

    /** Groups rows whose times follow one another by less than {@code gap}. */
    public static Column session_window(Column time, String gap) {
        return Column.call("session_window", time, gap);
    }

    /** @param gap a text such as {@code '5 minutes'}, computed for each row */
    public static Column session_window(Column time, Column gap) {
        return Column.call("session_window", time, gap);
    }

    /** The last microsecond of a window. */
    public static Column window_time(Column window) {
        return Column.call("window_time", window);
    }

    /** Counts the rows where {@code e} is not null; {@code *} counts all. */
    public static Column count(Column e) {
        boolean all = e.expression() instanceof Expression.Star star
                && star.qualifier().isEmpty();
        return Column.call("count", all ? lit(1) : e);
    }

    public static Column count(String name) {
        return count(col(name));
    }

    public static Column sum(Column e) {
        return Column.call("sum", e);
    }

    public static Column sum(String name) {
        return sum(col(name));
    }

    public static Column avg(Column e) {
        return Column.call("avg", e);
    }

    public static Column avg(String name) {
        return avg(col(name));
    }

    public static Column mean(Column e) {
        return Column.call("mean", e);
    }

    public static Column mean(String name) {
        return mean(col(name));
    }

    public static Column min(Column e) {
        return Column.call("min", e);
    }

    public static Column min(String name) {
        return min(col(name));
    }

    public static Column max(Column e) {
        return Column.call("max", e);
    }

    public static Column max(String name) {
        return max(col(name));
    }

    public static Column first(Column e) {
        return Column.call("first", e);
    }

    public static Column first(String name) {
        return first(col(name));
    }

    public static Column last(Column e) {
        return Column.call("last", e);
    }

    public static Column last(String name) {
        return last(col(name));
    }

    public static Column approx_count_distinct(Column e) {
        return Column.call("approx_count_distinct", e);
    }

    public static Column approx_count_distinct(String name) {
        return approx_count_distinct(col(name));
    }

    public static Column collect_list(Column e) {
        return Column.call("collect_list", e);
    }

    public static Column collect_list(String name) {
        return collect_list(col(name));
    }

    public static Column collect_set(Column e) {
        return Column.call("collect_set", e);
    }

    public static Column collect_set(String name) {
        return collect_set(col(name));
    }

    public static Column stddev(Column e) {
        return Column.call("stddev", e);
    }

    public static Column stddev(String name) {
        return stddev(col(name));
    }

    public static Column stddev_samp(Column e) {
        return Column.call("stddev_samp", e);
    }

    public static Column stddev_samp(String name) {
        return stddev_samp(col(name));
    }

    public static Column stddev_pop(Column e) {
        return Column.call("stddev_pop", e);
    }

    public static Column stddev_pop(String name) {
        return stddev_pop(col(name));
    }

    public static Column variance(Column e) {
        return Column.call("variance", e);
    }

    public static Column variance(String name) {
        return variance(col(name));
    }

    public static Column var_samp(Column e) {
        return Column.call("var_samp", e);
    }

    public static Column var_samp(String name) {
        return var_samp(col(name));
    }

    public static Column var_pop(Column e) {
        return Column.call("var_pop", e);
    }

    public static Column var_pop(String name) {
        return var_pop(col(name));
    }

    public static Column skewness(Column e) {
        return Column.call("skewness", e);
    }

    public static Column skewness(String name) {
        return skewness(col(name));
    }

    public static Column kurtosis(Column e) {
        return Column.call("kurtosis", e);
    }

    public static Column kurtosis(String name) {
        return kurtosis(col(name));
    }

    public static Column first(Column e, boolean ignoreNulls) {
        return ignoreNulls ? Column.call("first", e, true) : first(e);
    }

    public static Column first(String name, boolean ignoreNulls) {
        return first(col(name), ignoreNulls);
    }

    public static Column last(Column e, boolean ignoreNulls) {
        return ignoreNulls ? Column.call("last", e, true) : last(e);
    }

    public static Column last(String name, boolean ignoreNulls) {
        return last(col(name), ignoreNulls);
    }

    /** @param rsd the greatest relative standard deviation allowed */
    public static Column approx_count_distinct(Column e, double rsd) {
        return Column.call("approx_count_distinct", e, rsd);
    }

    public static Column approx_count_distinct(String name, double rsd) {
        return approx_count_distinct(col(name), rsd);
    }

    public static Column any_value(Column e) {
        return Column.call("any_value", e);
    }

    public static Column count_if(Column e) {
        return Column.call("count_if", e);
    }

    public static Column bool_and(Column e) {
        return Column.call("bool_and", e);
    }

    public static Column bool_or(Column e) {
        return Column.call("bool_or", e);
    }

    public static Column every(Column e) {
        return Column.call("every", e);
    }

    public static Column some(Column e) {
        return Column.call("some", e);
    }

    public static Column bit_and(Column e) {
        return Column.call("bit_and", e);
    }

    public static Column bit_or(Column e) {
        return Column.call("bit_or", e);
    }

    public static Column bit_xor(Column e) {
        return Column.call("bit_xor", e);
    }

    public static Column array_agg(Column e) {
        return Column.call("array_agg", e);
    }

    public static Column try_sum(Column e) {
        return Column.call("try_sum", e);
    }

    public static Column try_avg(Column e) {
        return Column.call("try_avg", e);
    }

    public static Column min_by(Column e, Column order) {
        return Column.call("min_by", e, order);
    }

    public static Column max_by(Column e, Column order) {
        return Column.call("max_by", e, order);
    }

    public static Column corr(Column a, Column b) {
        return Column.call("corr", a, b);
    }

    public static Column corr(String a, String b) {
        return corr(col(a), col(b));
    }

    public static Column covar_pop(Column a, Column b) {
        return Column.call("covar_pop", a, b);
    }

    public static Column covar_pop(String a, String b) {
        return covar_pop(col(a), col(b));
    }

    public static Column covar_samp(Column a, Column b) {
        return Column.call("covar_samp", a, b);
    }

    public static Column covar_samp(String a, String b) {
        return covar_samp(col(a), col(b));
    }

    public static Column asc(String name) {
        return col(name).asc();
    }

    public static Column desc(String name) {
        return col(name).desc();
    }

    public static Column asc_nulls_last(String name) {
        return col(name).asc_nulls_last();
    }

    public static Column desc_nulls_first(String name) {
        return col(name).desc_nulls_first();
    }
}
