package io.tidemark.runtime.expression.text;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Builtin;
import org.jspecify.annotations.Nullable;

/** What functions on strings do with their arguments again and again: type them, and read them row by row. */
final class TextArguments {
    private TextArguments() {}

    /** Types a function whose arguments are all STRING. */
    static Builtin.Typing strings(int min, int max, DataType result) {
        return arguments ->
                arguments.count(min, max).castAll(0, AtomicType.STRING).call(result);
    }

    /** Casts each argument to the type that its letter means: s STRING, b BINARY, i INT; further ones are left out. */
    static Arguments cast(Arguments arguments, int min, String types) {
        arguments.count(min, types.length());
        for (int i = 0; i < arguments.size(); i++) {
            arguments.cast(
                    i,
                    switch (types.charAt(i)) {
                        case 's' -> AtomicType.STRING;
                        case 'b' -> AtomicType.BINARY;
                        default -> AtomicType.INT;
                    });
        }
        return arguments;
    }

    /** Types a function by the letters of {@link #cast}. */
    static Builtin.Typing typed(int min, String types, DataType result) {
        return arguments -> cast(arguments, min, types).call(result);
    }

    /** Leaves BINARY as it is, casts all else to STRING, and returns which it is. */
    static DataType textOrBinary(Arguments arguments, int index) {
        if (arguments.type(index) != AtomicType.BINARY) {
            arguments.cast(index, AtomicType.STRING);
        }
        return arguments.type(index);
    }

    /** Brings two arguments to BINARY if both are, else to STRING. */
    static DataType sameTextOrBinary(Arguments arguments, int a, int b) {
        if (arguments.type(a) == AtomicType.BINARY && arguments.type(b) == AtomicType.BINARY) {
            return AtomicType.BINARY;
        }
        arguments.cast(a, AtomicType.STRING);
        arguments.cast(b, AtomicType.STRING);
        return AtomicType.STRING;
    }

    /** Returns the constant text of an argument, or null if it is no constant or null. */
    static @Nullable String constant(BoundExpression.BoundCall call, int index) {
        return index < call.arguments().size()
                        && call.arguments().get(index) instanceof BoundExpression.Constant constant
                        && constant.value() instanceof String text
                ? text
                : null;
    }

    static BytesVector bytes(ColumnVector[] arguments, int index) {
        return (BytesVector) arguments[index];
    }

    static String string(ColumnVector[] arguments, int index, int row) {
        return ((BytesVector) arguments[index]).string(row);
    }

    static int integer(ColumnVector[] arguments, int index, int row) {
        return ((IntVector) arguments[index]).values()[row];
    }
}
