package io.tidemark.runtime.expression.collection;

import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.BooleanVectorBuilder;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.BytesVectorBuilder;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVectorBuilder;
import io.tidemark.api.vector.MapVector;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Builtin;
import io.tidemark.runtime.expression.function.RowComparator;
import io.tidemark.runtime.expression.function.RowKernel;
import io.tidemark.runtime.expression.function.TypeCoercion;
import io.tidemark.runtime.expression.function.VectorGather;
import java.util.Arrays;
import java.util.List;

/** Functions that search and rearrange arrays. */
final class ArrayFunctions {
    private ArrayFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                Builtin.of("size", ArrayFunctions::bindSize, ArrayFunctions::size)
                        .alias("cardinality"),
                Builtin.of("array_size", ArrayFunctions::bindArraySize, ArrayFunctions::size),
                Builtin.of("array_contains", a -> bindSearch(a, AtomicType.BOOLEAN), ArrayFunctions::contains),
                Builtin.of("array_position", a -> bindSearch(a, AtomicType.BIGINT), ArrayFunctions::position),
                Builtin.of("array_remove", ArrayFunctions::bindRemove, ArrayFunctions::remove),
                Builtin.of("sort_array", ArrayFunctions::bindSort, ArrayFunctions::sortArray),
                Builtin.of("array_sort", a -> orderedArray(a.count(1)).call(a.type(0)), ArrayFunctions::arraySort),
                Builtin.of("array_distinct", a -> orderedArray(a.count(1)).call(a.type(0)), ArrayFunctions::distinct),
                Builtin.of("array_compact", ArrayFunctions::bindCompact, ArrayFunctions::compact),
                Builtin.of("array_max", ArrayFunctions::bindExtreme, (call, a) -> extreme(call, a, 1)),
                Builtin.of("array_min", ArrayFunctions::bindExtreme, (call, a) -> extreme(call, a, -1)),
                Builtin.of("array_join", ArrayFunctions::bindJoin, ArrayFunctions::join),
                Builtin.of("slice", ArrayFunctions::bindSlice, ArrayFunctions::slice),
                Builtin.of("flatten", ArrayFunctions::bindFlatten, ArrayFunctions::flatten));
    }

    static ArrayType requireArray(Arguments arguments, int index) {
        if (arguments.type(index) instanceof ArrayType array) {
            return array;
        }
        throw arguments.mismatch(index, "ARRAY");
    }

    /** Requires an array whose elements have an order. */
    private static Arguments orderedArray(Arguments arguments) {
        if (!TypeCoercion.isOrderable(requireArray(arguments, 0).elementType())) {
            throw arguments.mismatch(0, "ARRAY of values that have an order");
        }
        return arguments;
    }

    private static RowComparator order(BoundCall call) {
        return RowComparator.of(((ArrayType) call.arguments().get(0).type()).elementType());
    }

    private static BoundExpression bindSize(Arguments arguments) {
        arguments.count(1);
        if (arguments.type(0) == AtomicType.NULL) {
            arguments.cast(0, new ArrayType(AtomicType.NULL));
        } else if (!(arguments.type(0) instanceof MapType)) {
            requireArray(arguments, 0);
        }
        return arguments.call(AtomicType.INT);
    }

    private static BoundExpression bindArraySize(Arguments arguments) {
        requireArray(arguments.count(1), 0);
        return arguments.call(AtomicType.INT);
    }

    /** Outside ANSI rules the size of null is -1, but for {@code array_size}. */
    private static Kernel size(BoundCall call, List<Kernel> arguments) {
        boolean legacy = call.function().name().equals("size");
        return (batch, rows, context) -> {
            ColumnVector in = arguments.get(0).evaluate(batch, rows, context);
            int[] lengths = in instanceof MapVector map ? map.lengths() : ((ArrayVector) in).lengths();
            if (!legacy || context.ansi() || !in.mayHaveNulls()) {
                return new IntVector(AtomicType.INT, in.length(), lengths, in.validity());
            }
            int[] sizes = Arrays.copyOf(lengths, in.length());
            for (int row = 0; row < sizes.length; row++) {
                sizes[row] = in.isNull(row) ? -1 : sizes[row];
            }
            return new IntVector(AtomicType.INT, in.length(), sizes, null);
        };
    }

    private static BoundExpression bindSearch(Arguments arguments, DataType result) {
        searchTypes(arguments);
        return arguments.call(result, true);
    }

    /** Brings the elements and the value to look for to one type. */
    private static void searchTypes(Arguments arguments) {
        ArrayType array = requireArray(arguments.count(2), 0);
        if (arguments.type(1) == AtomicType.NULL) {
            throw arguments.mismatch(1, "a value with a type");
        }
        DataType common = TypeCoercion.commonType(
                        array.elementType(),
                        arguments.type(1),
                        arguments.context().ansi())
                .orElseThrow(() -> arguments.mismatch(1, array.elementType().sql()));
        ArrayType wanted = new ArrayType(common, array.containsNull());
        arguments.set(0, TypeCoercion.castIfNeeded(arguments.get(0), wanted, arguments.context()));
        arguments.set(1, TypeCoercion.castIfNeeded(arguments.get(1), common, arguments.context()));
        orderedArray(arguments);
    }

    private static Kernel contains(BoundCall call, List<Kernel> arguments) {
        RowComparator order = order(call);
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            ArrayVector array = (ArrayVector) in[0];
            ColumnVector elements = array.elements();
            boolean found = false;
            boolean maybe = false;
            int end = array.starts()[row] + array.lengths()[row];
            for (int i = array.starts()[row]; i < end && !found; i++) {
                if (elements.isNull(i)) {
                    maybe = true;
                } else {
                    found = order.compare(elements, i, in[1], row) == 0;
                }
            }
            if (!found && maybe) {
                out.appendNull();
            } else {
                ((BooleanVectorBuilder) out).appendBoolean(found);
            }
        });
    }

    private static Kernel position(BoundCall call, List<Kernel> arguments) {
        RowComparator order = order(call);
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            ArrayVector array = (ArrayVector) in[0];
            int place = 0;
            for (int i = 0; i < array.lengths()[row] && place == 0; i++) {
                int at = array.starts()[row] + i;
                if (!array.elements().isNull(at) && order.compare(array.elements(), at, in[1], row) == 0) {
                    place = i + 1;
                }
            }
            ((LongVectorBuilder) out).appendLong(place);
        });
    }

    private static BoundExpression bindRemove(Arguments arguments) {
        searchTypes(arguments);
        return arguments.call(arguments.type(0));
    }

    private static Kernel remove(BoundCall call, List<Kernel> arguments) {
        RowComparator order = order(call);
        return ArrayKernels.picking((ArrayType) call.type(), arguments, (elements, start, length, in, row, picked) -> {
            for (int i = start; i < start + length; i++) {
                if (elements.isNull(i) || order.compare(elements, i, in[1], row) != 0) {
                    picked.add(i);
                }
            }
        });
    }

    private static BoundExpression bindSort(Arguments arguments) {
        orderedArray(arguments.count(1, 2));
        if (arguments.size() > 1) {
            arguments.cast(1, AtomicType.BOOLEAN);
        }
        return arguments.call(arguments.type(0));
    }

    private static Kernel sortArray(BoundCall call, List<Kernel> arguments) {
        RowComparator order = order(call);
        return ArrayKernels.picking((ArrayType) call.type(), arguments, (elements, start, length, in, row, picked) -> {
            boolean ascending = in.length < 2 || ((BooleanVector) in[1]).values()[row];
            int from = picked.size();
            picked.addRange(start, length);
            picked.sort(from, elements, order, ascending, ascending);
        });
    }

    private static Kernel arraySort(BoundCall call, List<Kernel> arguments) {
        RowComparator order = order(call);
        return ArrayKernels.picking((ArrayType) call.type(), arguments, (elements, start, length, in, row, picked) -> {
            int from = picked.size();
            picked.addRange(start, length);
            picked.sort(from, elements, order, true, false);
        });
    }

    private static Kernel distinct(BoundCall call, List<Kernel> arguments) {
        RowComparator order = order(call);
        return ArrayKernels.picking((ArrayType) call.type(), arguments, (elements, start, length, in, row, picked) -> {
            Positions sorted = new Positions();
            sorted.addRange(start, length);
            sorted.sort(0, elements, order, true, true);
            boolean[] repeated = new boolean[length];
            for (int i = 1; i < length; i++) {
                int before = sorted.values()[i - 1];
                int now = sorted.values()[i];
                repeated[now - start] = order.compareWithNulls(elements, before, elements, now) == 0;
            }
            for (int i = 0; i < length; i++) {
                if (!repeated[i]) {
                    picked.add(start + i);
                }
            }
        });
    }

    private static BoundExpression bindCompact(Arguments arguments) {
        ArrayType array = requireArray(arguments.count(1), 0);
        return arguments.call(new ArrayType(array.elementType(), false));
    }

    private static Kernel compact(BoundCall call, List<Kernel> arguments) {
        return ArrayKernels.picking((ArrayType) call.type(), arguments, (elements, start, length, in, row, picked) -> {
            for (int i = start; i < start + length; i++) {
                if (!elements.isNull(i)) {
                    picked.add(i);
                }
            }
        });
    }

    private static BoundExpression bindExtreme(Arguments arguments) {
        orderedArray(arguments.count(1));
        return arguments.call(requireArray(arguments, 0).elementType(), true);
    }

    /** @param sign 1 for the greatest element, -1 for the least one */
    private static Kernel extreme(BoundCall call, List<Kernel> arguments, int sign) {
        RowComparator order = order(call);
        return (batch, rows, context) -> {
            ArrayVector arrays = (ArrayVector) arguments.get(0).evaluate(batch, rows, context);
            ColumnVector elements = arrays.elements();
            int[] best = new int[rows.limit()];
            Arrays.fill(best, -1);
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                int end = arrays.isNull(row) ? 0 : arrays.starts()[row] + arrays.lengths()[row];
                for (int at = arrays.starts()[row]; at < end; at++) {
                    boolean better = !elements.isNull(at)
                            && (best[row] < 0 || sign * order.compare(elements, at, elements, best[row]) > 0);
                    best[row] = better ? at : best[row];
                }
            }
            return VectorGather.gather(elements, best, rows.limit());
        };
    }

    private static BoundExpression bindJoin(Arguments arguments) {
        arguments.count(2, 3).cast(0, new ArrayType(AtomicType.STRING, true));
        return arguments.castAll(1, AtomicType.STRING).call(AtomicType.STRING);
    }

    private static Kernel join(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            ArrayVector array = (ArrayVector) in[0];
            BytesVector texts = (BytesVector) array.elements();
            BytesVectorBuilder result = (BytesVectorBuilder) out;
            int used = 0;
            boolean first = true;
            int end = array.starts()[row] + array.lengths()[row];
            for (int i = array.starts()[row]; i < end; i++) {
                boolean missing = texts.isNull(i);
                if (missing && in.length < 3) {
                    continue;
                }
                used = first ? used : put(result, used, (BytesVector) in[1], row);
                used = missing ? put(result, used, (BytesVector) in[2], row) : put(result, used, texts, i);
                first = false;
            }
            result.appendReserved(used);
        });
    }

    private static int put(BytesVectorBuilder out, int used, BytesVector text, int row) {
        int length = text.lengths()[row];
        byte[] data = out.reserveBytes(Math.addExact(used, length));
        System.arraycopy(text.data(), text.starts()[row], data, out.used() + used, length);
        return used + length;
    }

    private static BoundExpression bindSlice(Arguments arguments) {
        requireArray(arguments.count(3), 0);
        return arguments.castAll(1, AtomicType.INT).call(arguments.type(0));
    }

    private static Kernel slice(BoundCall call, List<Kernel> arguments) {
        return ArrayKernels.picking((ArrayType) call.type(), arguments, (elements, start, length, in, row, picked) -> {
            int first = ((IntVector) in[1]).values()[row];
            int wanted = ((IntVector) in[2]).values()[row];
            if (first == 0) {
                throw new EvaluationException(
                        "INVALID_PARAMETER_VALUE.START",
                        "The value of parameter(s) `start` in `slice` is invalid: Expects a positive or a negative value"
                                + " for `start`, but got 0.");
            } else if (wanted < 0) {
                throw new EvaluationException(
                        "INVALID_PARAMETER_VALUE.LENGTH",
                        "The value of parameter(s) `length` in `slice` is invalid: Expects `length` greater than or"
                                + " equal to 0, but got " + wanted + ".");
            }
            int from = first > 0 ? first - 1 : length + first;
            if (from >= 0 && from < length) {
                picked.addRange(start + from, Math.min(wanted, length - from));
            }
        });
    }

    private static BoundExpression bindFlatten(Arguments arguments) {
        ArrayType outer = requireArray(arguments.count(1), 0);
        if (!(outer.elementType() instanceof ArrayType inner)) {
            throw arguments.mismatch(0, "ARRAY of ARRAY");
        }
        return arguments.call(inner, arguments.anyNullable() || outer.containsNull());
    }

    /** Null where one of the inner arrays is. */
    private static Kernel flatten(BoundCall call, List<Kernel> arguments) {
        ArrayType type = (ArrayType) call.type();
        return (batch, rows, context) -> {
            ArrayVector outer = (ArrayVector) arguments.get(0).evaluate(batch, rows, context);
            ArrayVector inner = (ArrayVector) outer.elements();
            Positions picked = new Positions();
            int[] starts = new int[rows.limit()];
            int[] lengths = new int[rows.limit()];
            long[] validity = Validity.allOf(rows.limit());
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                starts[row] = picked.size();
                int end = outer.isNull(row) ? -1 : outer.starts()[row] + outer.lengths()[row];
                boolean known = end >= 0;
                for (int at = outer.starts()[row]; at < end && known; at++) {
                    known = !inner.isNull(at);
                }
                if (!known) {
                    Validity.clear(validity, row);
                    continue;
                }
                for (int at = outer.starts()[row]; at < end; at++) {
                    picked.addRange(inner.starts()[at], inner.lengths()[at]);
                }
                lengths[row] = picked.size() - starts[row];
            }
            ColumnVector elements = VectorGather.gather(inner.elements(), picked.values(), picked.size());
            return new ArrayVector(type, rows.limit(), starts, lengths, elements, validity);
        };
    }
}
