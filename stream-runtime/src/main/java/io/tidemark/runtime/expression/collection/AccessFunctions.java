package io.tidemark.runtime.expression.collection;

import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.MapVector;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Builtin;
import io.tidemark.runtime.expression.function.TypeCoercion;
import io.tidemark.runtime.expression.function.VectorGather;
import java.util.Arrays;
import java.util.List;

/** Access to one element of an array by its index, or to one value of a map by its key. */
final class AccessFunctions {
    private AccessFunctions() {}

    /** What happens at an index that the array does not have. */
    private enum Missing {
        FAILS_IN_ANSI,
        IS_NULL
    }

    static List<FunctionDefinition> all() {
        return List.of(
                access("[]", 0, Missing.FAILS_IN_ANSI),
                access("element_at", 1, Missing.FAILS_IN_ANSI),
                access("try_element_at", 1, Missing.IS_NULL),
                access("get", 0, Missing.IS_NULL));
    }

    private static Builtin access(String name, int firstIndex, Missing missing) {
        return Builtin.of(name, AccessFunctions::bind, (call, arguments) -> {
            if (call.arguments().get(0).type() instanceof MapType map) {
                return mapKernel(map, arguments);
            }
            return arrayKernel(call, arguments, firstIndex, missing);
        });
    }

    private static BoundExpression bind(Arguments arguments) {
        arguments.count(2);
        if (arguments.type(0) instanceof MapType map) {
            arguments.cast(1, map.keyType());
            return arguments.call(map.valueType(), true);
        } else if (arguments.type(0) instanceof ArrayType array) {
            if (!TypeCoercion.isIntegral(arguments.type(1)) || arguments.type(1) != AtomicType.BIGINT) {
                arguments.cast(1, AtomicType.INT);
            }
            return arguments.call(array.elementType(), true);
        }
        throw arguments.mismatch(0, "ARRAY or MAP");
    }

    private static Kernel arrayKernel(BoundCall call, List<Kernel> arguments, int firstIndex, Missing missing) {
        return (batch, rows, context) -> {
            ColumnVector[] in = ArrayKernels.evaluateAll(arguments, batch, rows, context);
            long[] validity = ArrayKernels.validity(in);
            ArrayVector arrays = (ArrayVector) in[0];
            boolean fails = missing == Missing.FAILS_IN_ANSI && context.ansi();
            int[] which = new int[rows.limit()];
            int[] from = new int[rows.limit()];
            Arrays.fill(which, -1);
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                if (!Validity.isValid(validity, row)) {
                    continue;
                }
                long index =
                        in[1] instanceof LongVector longs ? longs.values()[row] : ((IntVector) in[1]).values()[row];
                int length = arrays.lengths()[row];
                long place = firstIndex == 0 ? index : fromOne(index, length);
                if (place >= 0 && place < length) {
                    which[row] = 0;
                    from[row] = arrays.starts()[row] + (int) place;
                } else if (fails) {
                    throw outOfBounds(index, length, firstIndex);
                }
            }
            return VectorGather.gather(call.type(), List.of(arrays.elements()), which, from, rows.limit());
        };
    }

    /** Returns the place from 0 of an index from 1, or from the end if negative. */
    private static long fromOne(long index, int length) {
        if (index == 0) {
            throw new EvaluationException(
                    "INVALID_INDEX_OF_ZERO",
                    "The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).");
        }
        return index > 0 ? index - 1 : length + index;
    }

    private static EvaluationException outOfBounds(long index, int length, int firstIndex) {
        String problem = "The index " + index + " is out of bounds. The array has " + length + " elements. ";
        return firstIndex == 0
                ? new EvaluationException(
                        "INVALID_ARRAY_INDEX",
                        problem + "Use the SQL function `get()` to tolerate accessing element at invalid index and"
                                + " return NULL instead.")
                : new EvaluationException(
                        "INVALID_ARRAY_INDEX_IN_ELEMENT_AT",
                        problem + "Use `try_element_at` to tolerate accessing element at invalid index and return"
                                + " NULL instead.");
    }

    private static Kernel mapKernel(MapType type, List<Kernel> arguments) {
        MapKeys rule = new MapKeys(type.keyType());
        return (batch, rows, context) -> {
            ColumnVector[] in = ArrayKernels.evaluateAll(arguments, batch, rows, context);
            long[] validity = ArrayKernels.validity(in);
            MapVector maps = (MapVector) in[0];
            int[] which = new int[rows.limit()];
            int[] from = new int[rows.limit()];
            Arrays.fill(which, -1);
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                if (Validity.isValid(validity, row)) {
                    int found = rule.find(maps.keys(), maps.starts()[row], maps.lengths()[row], in[1], row);
                    which[row] = found < 0 ? -1 : 0;
                    from[row] = Math.max(0, found);
                }
            }
            return VectorGather.gather(type.valueType(), List.of(maps.entryValues()), which, from, rows.limit());
        };
    }
}
