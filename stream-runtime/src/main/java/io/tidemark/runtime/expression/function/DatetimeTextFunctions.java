package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_SECOND;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.plan.Expression.CastMode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Between text and timestamps by a pattern, with or without counting in seconds. */
final class DatetimeTextFunctions {
    private static final Constant DEFAULT_PATTERN = new Constant("yyyy-MM-dd HH:mm:ss", AtomicType.STRING);

    /** What {@code to_timestamp(text, pattern)} and its like are bound to. */
    private static final Builtin PARSE = parsing("parse_timestamp", "try_to_timestamp", false);

    private static final Builtin PARSE_DATE = parsing("parse_date", "try_to_date", false);
    private static final Builtin TRY_PARSE = parsing("try_parse_timestamp", "", true);

    /** Rounds towards 1970, unlike {@code unix_seconds}; Spark does. */
    private static final Builtin UNIX = EpochFunctions.toCount("to_unix_time", micros -> micros / 1_000_000L);

    private DatetimeTextFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                toTimestamp("to_timestamp", PARSE, CastMode.CAST).alias("to_timestamp_ltz"),
                toTimestamp("try_to_timestamp", TRY_PARSE, CastMode.TRY_CAST),
                toDate("to_date", PARSE_DATE, CastMode.CAST),
                toDate("try_to_date", TRY_PARSE, CastMode.TRY_CAST),
                Builtin.of(
                        "to_timestamp_ntz",
                        arguments -> CastFunction.bind(
                                arguments.count(1).get(0),
                                AtomicType.TIMESTAMP_NTZ,
                                CastMode.CAST,
                                arguments.context()),
                        (call, kernels) -> kernels.get(0)),
                Builtin.of("unix_timestamp", arguments -> bindUnix(arguments, 0), DatetimeTextFunctions::nowKernel)
                        .notFoldable(),
                Builtin.of("to_unix_timestamp", arguments -> bindUnix(arguments, 1), DatetimeTextFunctions::nowKernel),
                Builtin.of(
                        "date_format",
                        DatetimeTextFunctions::bindDateFormat,
                        (call, kernels) -> formatKernel(call, kernels, 1)),
                Builtin.of(
                        "from_unixtime",
                        DatetimeTextFunctions::bindFromUnix,
                        (call, kernels) -> formatKernel(call, kernels, MICROS_PER_SECOND)));
    }

    private static Builtin toTimestamp(String name, Builtin parse, CastMode mode) {
        return Builtin.of(
                name,
                arguments -> {
                    arguments.count(1, 2);
                    return arguments.size() == 2 && isText(arguments.type(0))
                            ? parse.bind(arguments.list(), arguments.context())
                            : CastFunction.bind(arguments.get(0), AtomicType.TIMESTAMP, mode, arguments.context());
                },
                (call, kernels) -> kernels.get(0));
    }

    private static Builtin toDate(String name, Builtin parse, CastMode mode) {
        return Builtin.of(
                name,
                arguments -> {
                    arguments.count(1, 2);
                    BoundExpression value = arguments.size() == 2 && isText(arguments.type(0))
                            ? parse.bind(arguments.list(), arguments.context())
                            : arguments.get(0);
                    return CastFunction.bind(value, AtomicType.DATE, mode, arguments.context());
                },
                (call, kernels) -> kernels.get(0));
    }

    private static boolean isText(DataType type) {
        return type == AtomicType.STRING || type == AtomicType.NULL;
    }

    /** Without an argument it is the time of the batch. */
    private static BoundExpression bindUnix(Arguments arguments, int min) {
        arguments.count(min, 2);
        if (arguments.size() == 0) {
            return arguments.call(AtomicType.BIGINT, false);
        }
        BoundExpression value = arguments.get(0);
        if (isText(value.type())) {
            BoundExpression pattern = arguments.size() == 2 ? arguments.get(1) : DEFAULT_PATTERN;
            value = PARSE.bind(List.of(value, pattern), arguments.context());
        } else if (value.type() == AtomicType.TIMESTAMP_NTZ || value.type() == AtomicType.DATE) {
            value = arguments.cast(0, AtomicType.TIMESTAMP);
        } else if (value.type() != AtomicType.TIMESTAMP) {
            throw arguments.mismatch(0, "STRING, DATE or TIMESTAMP");
        }
        return UNIX.bind(List.of(value), arguments.context());
    }

    private static Kernel nowKernel(BoundCall call, List<Kernel> kernels) {
        return (batch, rows, context) -> CurrentTimeFunctions.longs(
                AtomicType.BIGINT, Math.floorDiv(context.batchTimestampMillis(), 1_000L), rows.limit());
    }

    private static Builtin parsing(String name, String alternative, boolean tries) {
        return Builtin.of(
                name,
                arguments -> {
                    arguments.castAll(0, AtomicType.STRING);
                    checkPattern(arguments, 1, DatetimePattern::forReading);
                    boolean nullable = tries
                            || arguments.anyNullable()
                            || !arguments.context().ansi();
                    return arguments.call(AtomicType.TIMESTAMP, nullable);
                },
                (call, kernels) -> parseKernel(call, kernels, alternative, tries));
    }

    private static void checkPattern(Arguments arguments, int index, Function<String, DatetimePattern> maker) {
        if (arguments.get(index) instanceof Constant constant && constant.value() instanceof String pattern) {
            try {
                Objects.requireNonNull(maker.apply(pattern));
            } catch (IllegalArgumentException e) {
                throw new AnalysisException(
                        ErrorCode.INVALID_ARGUMENT_VALUE,
                        "'" + pattern + "' is no datetime pattern: " + e.getMessage()
                                + ". Use the letters that Spark's datetime patterns have.",
                        arguments.context().origin());
            }
        }
    }

    /** The patterns of one batch by their text; the constant one is made when the query is compiled. */
    private static final class Patterns {
        private final Function<String, DatetimePattern> maker;
        private final @Nullable DatetimePattern constant;
        private final Map<String, DatetimePattern> others = new HashMap<>();

        Patterns(Function<String, DatetimePattern> maker, @Nullable DatetimePattern constant) {
            this.maker = maker;
            this.constant = constant;
        }

        DatetimePattern at(BytesVector texts, int row) {
            DatetimePattern known = constant;
            if (known != null) {
                return known;
            }
            String text = texts.string(row);
            try {
                return others.computeIfAbsent(text, maker);
            } catch (IllegalArgumentException e) {
                throw new EvaluationException(
                        "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER",
                        "Unrecognized datetime pattern: '" + text + "'. " + e.getMessage() + ".");
            }
        }
    }

    private static @Nullable String constantText(BoundExpression expression) {
        return expression instanceof Constant constant ? (String) constant.value() : null;
    }

    private static Kernel parseKernel(BoundCall call, List<Kernel> kernels, String alternative, boolean tries) {
        String text = constantText(call.arguments().get(1));
        DatetimePattern constant = text == null ? null : DatetimePattern.forReading(text);
        return (batch, rows, context) -> {
            BytesVector values = (BytesVector) kernels.get(0).evaluate(batch, rows, context);
            BytesVector texts = (BytesVector) kernels.get(1).evaluate(batch, rows, context);
            Patterns patterns = new Patterns(DatetimePattern::forReading, constant);
            ZoneConverter zone = new ZoneConverter(context.zone());
            long[] out = new long[rows.limit()];
            NullMask nulls = new NullMask(out.length, Validity.and(values.validity(), texts.validity()));
            int[] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                if (!nulls.isValid(row)) {
                    continue;
                }
                try {
                    out[row] = patterns.at(texts, row).readMicros(values.string(row), zone);
                } catch (DateTimeException | ArithmeticException e) {
                    if (context.ansi() && !tries) {
                        throw EvaluationErrors.cannotParseTimestamp(String.valueOf(e.getMessage()), alternative);
                    }
                    nulls.setNull(row);
                }
            }
            return new LongVector(AtomicType.TIMESTAMP, out.length, out, nulls.bits());
        };
    }

    private static BoundExpression bindDateFormat(Arguments arguments) {
        arguments.count(2).cast(0, AtomicType.TIMESTAMP);
        arguments.cast(1, AtomicType.STRING);
        checkPattern(arguments, 1, DatetimePattern::forWriting);
        return arguments.call(AtomicType.STRING);
    }

    private static BoundExpression bindFromUnix(Arguments arguments) {
        arguments.count(1, 2).cast(0, AtomicType.BIGINT);
        if (arguments.size() == 1) {
            return arguments
                    .context()
                    .registry()
                    .builtin("from_unixtime")
                    .bind(List.of(arguments.get(0), DEFAULT_PATTERN), arguments.context());
        }
        arguments.cast(1, AtomicType.STRING);
        checkPattern(arguments, 1, DatetimePattern::forWriting);
        return arguments.call(AtomicType.STRING);
    }

    /** @param micros the microseconds that one unit of the first argument stands for */
    private static Kernel formatKernel(BoundCall call, List<Kernel> kernels, long micros) {
        String text = constantText(call.arguments().get(1));
        DatetimePattern constant = text == null ? null : DatetimePattern.forWriting(text);
        DigitPattern digits = text == null ? null : DigitPattern.of(text);
        return (batch, rows, context) -> {
            LongVector values = (LongVector) kernels.get(0).evaluate(batch, rows, context);
            BytesVector texts = (BytesVector) kernels.get(1).evaluate(batch, rows, context);
            Patterns patterns = new Patterns(DatetimePattern::forWriting, constant);
            return format(values, texts, micros, patterns, digits, rows, context);
        };
    }

    private static BytesVector format(
            LongVector values,
            BytesVector texts,
            long micros,
            Patterns patterns,
            @Nullable DigitPattern digits,
            Selection rows,
            EvaluationContext context) {
        ZoneConverter zone = new ZoneConverter(context.zone());
        TextOutput out = new TextOutput(rows.limit(), Validity.and(values.validity(), texts.validity()));
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!out.isValid(row)) {
                continue;
            }
            long time = values.values()[row] * micros;
            out.begin(row);
            if (digits == null || !digits.write(zone.toLocal(time), out)) {
                out.text(patterns.at(texts, row).write(time, context.zone()));
            }
            out.end(row);
        }
        return out.build(AtomicType.STRING);
    }
}
