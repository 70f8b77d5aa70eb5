package io.tidemark.runtime.expression.json;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.BytesVectorBuilder;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Builtin;
import io.tidemark.runtime.expression.function.RowKernel;
import java.util.List;

/** {@code to_json(value[, options])} of a struct, an array or a map. */
final class ToJson {
    private ToJson() {}

    static Builtin function() {
        return Builtin.of("to_json", ToJson::bind, ToJson::kernel);
    }

    private static BoundExpression bind(Arguments arguments) {
        arguments.count(1, 2);
        DataType type = arguments.type(0);
        if (!(type instanceof StructType) && !(type instanceof ArrayType) && !(type instanceof MapType)) {
            throw arguments.mismatch(0, "STRUCT, ARRAY or MAP");
        }
        checkKeys(arguments, type);
        if (arguments.size() > 1) {
            arguments.set(1, FromJson.constantOptions(arguments, 1));
        }
        BoundCall call =
                (BoundCall) arguments.call(AtomicType.STRING, arguments.get(0).nullable());
        ReadOptions options = FromJson.options(call, 1).checked();
        if (options.flag("pretty", false)) {
            throw new AnalysisException(
                    ErrorCode.SQL_UNSUPPORTED,
                    "to_json does not write pretty JSON. Leave the option pretty out.",
                    arguments.context().origin());
        }
        ValueWriter.Style.of(options, arguments.context().zone());
        return call;
    }

    private static void checkKeys(Arguments arguments, DataType type) {
        if (type instanceof MapType map) {
            if (!ValueWriter.isKey(map.keyType())) {
                throw arguments.mismatch(
                        "a key of type " + map.keyType().sql() + " cannot be the name of a member. Cast it to STRING.");
            }
            checkKeys(arguments, map.valueType());
        } else if (type instanceof ArrayType array) {
            checkKeys(arguments, array.elementType());
        } else if (type instanceof StructType struct) {
            struct.fields().forEach(field -> checkKeys(arguments, field.dataType()));
        }
    }

    private static Kernel kernel(BoundCall call, List<Kernel> arguments) {
        ReadOptions options = FromJson.options(call, 1);
        DataType type = call.arguments().get(0).type();
        return RowKernel.strictPerBatch(call.type(), arguments.subList(0, 1), context -> {
            ValueWriter writer = ValueWriter.of(type, ValueWriter.Style.of(options, context.zone()));
            JsonOutput json = new JsonOutput();
            return (in, row, out) -> {
                json.clear();
                writer.write(in[0], row, json);
                ((BytesVectorBuilder) out).appendBytes(json.data(), 0, json.size());
            };
        });
    }
}
