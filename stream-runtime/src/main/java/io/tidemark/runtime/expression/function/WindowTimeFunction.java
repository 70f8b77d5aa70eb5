package io.tidemark.runtime.expression.function;

import io.tidemark.api.error.Origin;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.FieldAccessFunction;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.util.List;

/** {@code window_time}: the last microsecond of a window, that is its end less one. */
public final class WindowTimeFunction {
    private static final int END = 1;
    /** Has no place in the registry: only a column that is known to be a window may be its argument. */
    private static final FunctionDefinition FUNCTION = Builtin.of(
            "window_time",
            arguments -> {
                throw new IllegalStateException("window_time is bound by its column");
            },
            WindowTimeFunction::kernel);

    private WindowTimeFunction() {}

    /** Returns the time of {@code window}, a struct of start and end. */
    public static BoundCall of(BoundExpression window, Origin origin) {
        DataType time = ((StructType) window.type()).field(END).dataType();
        return new BoundCall(FUNCTION, List.of(window), time, true, origin);
    }

    /** Returns whether {@code call} is one of this function. */
    public static boolean is(BoundCall call) {
        return call.function() == FUNCTION;
    }

    private static Kernel kernel(BoundCall call, List<Kernel> arguments) {
        BoundExpression window = call.arguments().get(0);
        BoundCall access = FieldAccessFunction.of(window, END, call.origin());
        Kernel end = access.function().kernel(access, arguments);
        DataType type = call.type();
        return (batch, rows, context) -> {
            LongVector ends = (LongVector) end.evaluate(batch, rows, context);
            long[] out = new long[rows.limit()];
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                if (Validity.isValid(ends.validity(), row)) {
                    out[row] = ends.values()[row] - 1;
                }
            }
            return new LongVector(type, out.length, out, ends.validity());
        };
    }
}
