package io.tidemark.runtime.expression.json;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Builtin;
import io.tidemark.runtime.expression.function.Constants;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code from_json(text, schema[, options])}. The type of the call is what is read: an optimiser may take fields out of
 * it where {@link #mayNarrow} says so.
 */
public final class FromJson {
    private static final int OPTIONS = 2;

    private final Function<String, DataType> schemas;

    /** @param schemas reads the text of a schema: a table definition or a type */
    private FromJson(Function<String, DataType> schemas) {
        this.schemas = schemas;
    }

    static Builtin function(Function<String, DataType> schemas) {
        return Builtin.of("from_json", new FromJson(schemas)::bind, FromJson::kernel);
    }

    /**
     * Returns whether leaving fields out of the type of this {@code from_json} changes nothing for the others. It does
     * where a field that cannot be read ends the query or fills the column for malformed records.
     */
    public static boolean mayNarrow(BoundCall call) {
        ReadOptions options = options(call);
        return !options.isFailFast()
                && RecordShape.of(call.type(), options).corruptColumn().isEmpty();
    }

    private BoundExpression bind(Arguments arguments) {
        arguments.count(2, 3);
        if (arguments.type(0) != AtomicType.STRING && arguments.type(0) != AtomicType.NULL) {
            throw arguments.mismatch(0, "STRING");
        }
        arguments.cast(0, AtomicType.STRING);
        Constant schemaText = Constants.fold(arguments.get(1), arguments.context())
                .filter(constant -> constant.value() instanceof String)
                .orElseThrow(() -> new AnalysisException(
                        ErrorCode.INVALID_SCHEMA_TEXT,
                        "The schema of from_json must be a constant text. Write for instance"
                                + " 'user_id STRING, amount DOUBLE'.",
                        arguments.context().origin()));
        arguments.set(1, schemaText);
        if (arguments.size() > OPTIONS) {
            arguments.set(OPTIONS, constantOptions(arguments, OPTIONS));
        }
        DataType type = asNullable(schemas.apply(String.valueOf(schemaText.value())));
        BoundCall call = (BoundCall) arguments.call(type, true);
        check(type, options(call).checked(), arguments.context());
        return call;
    }

    /** Returns the options argument as a constant map of strings. */
    static Constant constantOptions(Arguments arguments, int index) {
        return Constants.fold(arguments.get(index), arguments.context())
                .filter(constant -> constant.value() instanceof Map)
                .orElseThrow(() -> arguments.mismatch(index, "a constant MAP<STRING, STRING>"));
    }

    private static ReadOptions options(BoundCall call) {
        return options(call, OPTIONS);
    }

    static ReadOptions options(BoundCall call, int index) {
        boolean given = call.arguments().size() > index
                && call.arguments().get(index) instanceof Constant constant
                && constant.value() instanceof Map;
        Map<?, ?> values = given ? (Map<?, ?>) ((Constant) call.arguments().get(index)).value() : Map.of();
        return new ReadOptions(values == null ? Map.of() : values, call.origin());
    }

    private static void check(DataType type, ReadOptions options, BindContext context) {
        if (!(type instanceof StructType) && !(type instanceof ArrayType) && !(type instanceof MapType)) {
            throw new AnalysisException(
                    ErrorCode.TYPE_MISMATCH,
                    "from_json cannot read " + type.sql() + ". Its schema must be a struct, an array or a map.",
                    context.origin());
        }
        checkMapKeys(type, context);
        RecordShape.of(type, options).corruptColumn().ifPresent(ordinal -> {
            DataType corrupt = ((StructType) type).field(ordinal).dataType();
            if (corrupt != AtomicType.STRING) {
                throw new AnalysisException(
                        ErrorCode.TYPE_MISMATCH,
                        "The column '" + options.columnNameOfCorruptRecord()
                                + "' takes the text of malformed records, so it must be STRING, not "
                                + corrupt.sql() + ".",
                        context.origin());
            }
        });
        TemporalPattern.of(options, "timestampFormat", context.zone());
        TemporalPattern.of(options, "timestampNTZFormat", context.zone());
        TemporalPattern.of(options, "dateFormat", context.zone());
    }

    private static void checkMapKeys(DataType type, BindContext context) {
        if (type instanceof MapType map) {
            if (map.keyType() != AtomicType.STRING) {
                throw new AnalysisException(
                        ErrorCode.TYPE_MISMATCH,
                        "from_json cannot read " + map.sql() + ": the keys of a map in JSON are STRING.",
                        context.origin());
            }
            checkMapKeys(map.valueType(), context);
        } else if (type instanceof ArrayType array) {
            checkMapKeys(array.elementType(), context);
        } else if (type instanceof StructType struct) {
            struct.fields().forEach(field -> checkMapKeys(field.dataType(), context));
        }
    }

    /** JSON can leave out or null anything, so everything read from it may be null. */
    private static DataType asNullable(DataType type) {
        if (type instanceof ArrayType array) {
            return new ArrayType(asNullable(array.elementType()), true);
        } else if (type instanceof MapType map) {
            return new MapType(map.keyType(), asNullable(map.valueType()), true);
        } else if (type instanceof StructType struct) {
            return new StructType(struct.fields().stream()
                    .map(field -> new StructField(field.name(), asNullable(field.dataType()), true))
                    .toList());
        }
        return type;
    }

    private static Kernel kernel(BoundCall call, List<Kernel> arguments) {
        ReadOptions options = options(call);
        RecordShape shape = RecordShape.of(call.type(), options);
        Kernel text = arguments.get(0);
        return (batch, rows, context) -> evaluate(shape, options, text, batch, rows, context);
    }

    private static ColumnVector evaluate(
            RecordShape shape,
            ReadOptions options,
            Kernel text,
            ColumnBatch batch,
            Selection rows,
            EvaluationContext context) {
        BytesVector records = (BytesVector) text.evaluate(batch, rows, context);
        VectorBuilder out = VectorBuilder.of(shape.type(), rows.limit());
        TemporalText temporal = new TemporalText(options, context.zone());
        FastRecordReader fast = options.hasDefaultLimits() ? new FastRecordReader(shape, out, temporal) : null;
        CompleteRecordReader complete = new CompleteRecordReader(shape, options, temporal);
        byte[] data = records.data();
        for (int i = 0; i < rows.count(); i++) {
            int row = rows.at(i);
            while (out.length() < row) {
                out.appendNull();
            }
            if (records.isNull(row)) {
                out.appendNull();
                continue;
            }
            int start = records.starts()[row];
            int end = start + records.lengths()[row];
            if (fast == null || !fast.read(data, start, end)) {
                appendOutcome(complete.read(data, start, end), shape, options, out, records, row);
            }
        }
        return out.build();
    }

    private static void appendOutcome(
            CompleteRecordReader.Outcome outcome,
            RecordShape shape,
            ReadOptions options,
            VectorBuilder out,
            BytesVector records,
            int row) {
        if (outcome.problem() == null) {
            ReadValues.append(out, outcome.value());
            return;
        }
        if (options.isFailFast()) {
            throw new EvaluationException(
                    ErrorCode.MALFORMED_RECORD,
                    "MALFORMED_RECORD_IN_PARSING",
                    "from_json met a malformed record: " + outcome.problem()
                            + ". Its mode is FAILFAST. Correct the record at its source, or read with"
                            + " mode=PERMISSIVE, where such a record becomes null.");
        }
        if (shape.type() instanceof StructType struct) {
            @Nullable
            Object[] fields =
                    outcome.value() == null ? new @Nullable Object[struct.size()] : (Object[]) outcome.value();
            if (shape.corruptColumn().isPresent()) {
                fields[shape.corruptColumn().getAsInt()] = records.bytes(row);
            }
            ReadValues.append(out, fields);
        } else {
            ReadValues.append(out, outcome.value());
        }
    }
}
