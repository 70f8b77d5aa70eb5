package io.tidemark.runtime.expression.collection;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.MapVector;
import io.tidemark.api.vector.StructVector;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Builtin;
import io.tidemark.runtime.expression.function.Constants;
import io.tidemark.runtime.expression.function.TypeCoercion;
import io.tidemark.runtime.expression.function.VectorGather;
import java.util.ArrayList;
import java.util.List;

/** Functions that make structs, arrays and maps of single values. */
final class MakeFunctions {
    private static final Builtin NAMED_STRUCT =
            Builtin.of("named_struct", MakeFunctions::bindNamedStruct, MakeFunctions::namedStruct);

    private MakeFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                NAMED_STRUCT,
                Builtin.of("struct", MakeFunctions::bindStruct, MakeFunctions::namedStruct),
                Builtin.of("array", MakeFunctions::bindArray, MakeFunctions::array),
                Builtin.of("map", MakeFunctions::bindMap, MakeFunctions::map),
                Builtin.of("map_from_arrays", MakeFunctions::bindMapFromArrays, MakeFunctions::mapFromArrays));
    }

    /** Without names known from elsewhere the fields are called col1, col2 and so on. */
    private static BoundExpression bindStruct(Arguments arguments) {
        List<BoundExpression> namesAndValues = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            BoundExpression value = arguments.get(i);
            String name = value instanceof BoundExpression.ColumnRef column ? column.name() : "col" + (i + 1);
            namesAndValues.add(new Constant(name, AtomicType.STRING));
            namesAndValues.add(value);
        }
        return NAMED_STRUCT.bind(namesAndValues, arguments.context());
    }

    private static BoundExpression bindNamedStruct(Arguments arguments) {
        requirePairs(arguments, "named_struct", 2);
        List<StructField> fields = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            int index = i;
            Constant name = Constants.fold(arguments.get(i), arguments.context())
                    .filter(constant -> constant.value() instanceof String)
                    .orElseThrow(() -> arguments.mismatch(index, "a constant STRING that names a field"));
            arguments.set(i, name);
            BoundExpression value = arguments.get(i + 1);
            fields.add(new StructField(String.valueOf(name.value()), value.type(), value.nullable()));
        }
        return arguments.call(new StructType(fields), false);
    }

    private static void requirePairs(Arguments arguments, String function, int min) {
        if (arguments.size() < min || arguments.size() % 2 != 0) {
            throw new AnalysisException(
                    ErrorCode.WRONG_ARGUMENT_COUNT,
                    "The function '" + function + "' takes pairs of arguments but was given " + arguments.size()
                            + " arguments. Add or remove arguments.",
                    arguments.context().origin());
        }
    }

    private static Kernel namedStruct(BoundCall call, List<Kernel> arguments) {
        StructType type = (StructType) call.type();
        return (batch, rows, context) -> {
            List<ColumnVector> children = new ArrayList<>(type.size());
            for (int i = 1; i < arguments.size(); i += 2) {
                children.add(arguments.get(i).evaluate(batch, rows, context));
            }
            return new StructVector(type, rows.limit(), children, null);
        };
    }

    private static BoundExpression bindArray(Arguments arguments) {
        DataType element = arguments.size() == 0 ? AtomicType.NULL : arguments.castToCommonType(0);
        return arguments.call(new ArrayType(element, arguments.anyNullable()), false);
    }

    private static Kernel array(BoundCall call, List<Kernel> arguments) {
        ArrayType type = (ArrayType) call.type();
        return (batch, rows, context) ->
                ArrayKernels.rowWise(type, ArrayKernels.evaluateAll(arguments, batch, rows, context), 0, 1, rows);
    }

    private static BoundExpression bindMap(Arguments arguments) {
        requirePairs(arguments, "map", 0);
        DataType keys = common(arguments, 0);
        DataType values = common(arguments, 1);
        MapKeys.checkType(arguments, 0, keys);
        boolean nullable = false;
        for (int i = 0; i < arguments.size(); i++) {
            arguments.set(
                    i, TypeCoercion.castIfNeeded(arguments.get(i), i % 2 == 0 ? keys : values, arguments.context()));
            nullable |= i % 2 != 0 && arguments.get(i).nullable();
        }
        return arguments.call(new MapType(keys, values, nullable), false);
    }

    private static DataType common(Arguments arguments, int first) {
        DataType common = AtomicType.NULL;
        for (int i = first; i < arguments.size(); i += 2) {
            int index = i;
            DataType before = common;
            common = TypeCoercion.commonType(
                            before, arguments.type(i), arguments.context().ansi())
                    .orElseThrow(() -> arguments.mismatch(index, before.sql()));
        }
        return common;
    }

    private static Kernel map(BoundCall call, List<Kernel> arguments) {
        MapType type = (MapType) call.type();
        MapKeys rule = new MapKeys(type.keyType());
        ArrayType keyArray = new ArrayType(type.keyType(), false);
        ArrayType valueArray = new ArrayType(type.valueType());
        return (batch, rows, context) -> {
            ColumnVector[] in = ArrayKernels.evaluateAll(arguments, batch, rows, context);
            ArrayVector keys = ArrayKernels.rowWise(keyArray, in, 0, 2, rows);
            ArrayVector values = ArrayKernels.rowWise(valueArray, in, 1, 2, rows);
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                rule.check(keys.elements(), keys.starts()[row], keys.lengths()[row]);
            }
            return new MapVector(
                    type, rows.limit(), keys.starts(), keys.lengths(), keys.elements(), values.elements(), null);
        };
    }

    private static BoundExpression bindMapFromArrays(Arguments arguments) {
        arguments.count(2);
        ArrayType[] arrays = new ArrayType[2];
        for (int i = 0; i < 2; i++) {
            if (arguments.type(i) == AtomicType.NULL) {
                arguments.cast(i, new ArrayType(AtomicType.NULL));
            }
            if (!(arguments.type(i) instanceof ArrayType array)) {
                throw arguments.mismatch(i, "ARRAY");
            }
            arrays[i] = array;
        }
        MapKeys.checkType(arguments, 0, arrays[0].elementType());
        return arguments.call(new MapType(arrays[0].elementType(), arrays[1].elementType(), arrays[1].containsNull()));
    }

    private static Kernel mapFromArrays(BoundCall call, List<Kernel> arguments) {
        MapType type = (MapType) call.type();
        MapKeys rule = new MapKeys(type.keyType());
        return (batch, rows, context) -> {
            ColumnVector[] in = ArrayKernels.evaluateAll(arguments, batch, rows, context);
            long[] validity = ArrayKernels.validity(in);
            ArrayVector keys = (ArrayVector) in[0];
            ArrayVector values = (ArrayVector) in[1];
            Positions keyAt = new Positions();
            Positions valueAt = new Positions();
            int[] starts = new int[rows.limit()];
            int[] lengths = new int[rows.limit()];
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                starts[row] = keyAt.size();
                if (Validity.isValid(validity, row)) {
                    lengths[row] = keys.lengths()[row];
                    if (lengths[row] != values.lengths()[row]) {
                        throw new EvaluationException(
                                "MAP_ARRAYS_LENGTH_DIFFERENT",
                                "map_from_arrays was given " + lengths[row] + " keys and " + values.lengths()[row]
                                        + " values. Give it as many of each.");
                    }
                    rule.check(keys.elements(), keys.starts()[row], lengths[row]);
                    keyAt.addRange(keys.starts()[row], lengths[row]);
                    valueAt.addRange(values.starts()[row], lengths[row]);
                }
            }
            return new MapVector(
                    type,
                    rows.limit(),
                    starts,
                    lengths,
                    VectorGather.gather(keys.elements(), keyAt.values(), keyAt.size()),
                    VectorGather.gather(values.elements(), valueAt.values(), valueAt.size()),
                    validity);
        };
    }
}
