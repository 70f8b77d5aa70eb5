package io.tidemark.runtime.expression.function;

import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Spark's errors of rows under ANSI rules, in Spark's words. */
public final class EvaluationErrors {
    private static final String OR_NOT_ANSI =
            "If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error";

    private EvaluationErrors() {}

    public static EvaluationException divideByZero() {
        return new EvaluationException(
                "DIVIDE_BY_ZERO",
                "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead. " + OR_NOT_ANSI
                        + ".");
    }

    static EvaluationException remainderByZero() {
        return new EvaluationException(
                "REMAINDER_BY_ZERO",
                "Remainder by zero. Use `try_mod` to tolerate divisor being 0 and return NULL instead. " + OR_NOT_ANSI
                        + ".");
    }

    /** @param alternative the function that gives null instead, or null if there is none */
    public static EvaluationException overflow(String problem, @Nullable String alternative) {
        String hint =
                alternative == null ? "" : " Use '" + alternative + "' to tolerate overflow and return NULL instead.";
        return new EvaluationException("ARITHMETIC_OVERFLOW", problem + "." + hint + " " + OR_NOT_ANSI + ".");
    }

    static EvaluationException smallOverflow(DataType type, long left, String symbol, long right, String alternative) {
        String suffix = type == AtomicType.TINYINT || type == AtomicType.SMALLINT ? "S" : "";
        return new EvaluationException(
                "BINARY_ARITHMETIC_OVERFLOW",
                left + suffix + " " + symbol + " " + right + suffix + " caused overflow. Use `" + alternative
                        + "` to ignore overflow problem and return NULL.");
    }

    public static EvaluationException decimalOutOfRange(BigDecimal value, DecimalType type) {
        return new EvaluationException(
                "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION",
                value.toPlainString() + " cannot be represented as Decimal(" + type.precision() + ", " + type.scale()
                        + "). " + OR_NOT_ANSI + ", and return NULL instead.");
    }

    static EvaluationException tooManyDigits(String value) {
        return new EvaluationException(
                "NUMERIC_OUT_OF_SUPPORTED_RANGE",
                "The value " + value + " cannot be interpreted as a numeric since it has more than 38 digits.");
    }

    /** A text that is no value of the type. */
    public static EvaluationException castInvalid(String value, DataType from, DataType to) {
        return new EvaluationException(
                "CAST_INVALID_INPUT",
                "The value " + value + " of the type \"" + from.sql() + "\" cannot be cast to \"" + to.sql()
                        + "\" because it is malformed. Correct the value as per the syntax, or change its target type."
                        + " Use `try_cast` to tolerate malformed input and return NULL instead.");
    }

    static EvaluationException castOverflow(String value, DataType from, DataType to) {
        return new EvaluationException(
                "CAST_OVERFLOW",
                "The value " + value + " of the type \"" + from.sql() + "\" cannot be cast to \"" + to.sql()
                        + "\" due to an overflow. Use `try_cast` to tolerate overflow and return NULL instead.");
    }

    static EvaluationException cannotParseTimestamp(String reason, String alternative) {
        return new EvaluationException(
                "CANNOT_PARSE_TIMESTAMP",
                reason + ". Use `" + alternative + "` to tolerate invalid input string and return NULL instead.");
    }

    static EvaluationException fieldOutOfBounds(String reason) {
        return new EvaluationException(
                "DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION", reason + ". " + OR_NOT_ANSI + ".");
    }

    static EvaluationException illegalDayOfWeek(String name) {
        return new EvaluationException("ILLEGAL_DAY_OF_WEEK", "Illegal input for day of week: " + name + ".");
    }

    static EvaluationException invalidZone(String name) {
        return new EvaluationException(
                "INVALID_TIMEZONE",
                "The timezone: " + name
                        + " is invalid. The timezone must be either a region-based zone ID or a zone offset.");
    }

    static EvaluationException datetimeOverflow(String reason) {
        return new EvaluationException("DATETIME_OVERFLOW", "Datetime operation overflow: " + reason + ".");
    }
}
