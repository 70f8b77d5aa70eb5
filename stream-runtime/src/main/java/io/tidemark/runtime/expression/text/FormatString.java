package io.tidemark.runtime.expression.text;

import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.BytesVectorBuilder;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.RowKernel;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code format_string(format, values…)}, with the formats of {@link java.util.Formatter}. */
final class FormatString {
    private FormatString() {}

    static Kernel kernel(BoundCall call, List<Kernel> arguments) {
        return RowKernel.lenient(call.type(), arguments, (in, row, out) -> {
            if (in[0].isNull(row)) {
                out.appendNull();
                return;
            }
            @Nullable Object[] values = new @Nullable Object[in.length - 1];
            for (int i = 1; i < in.length; i++) {
                values[i - 1] = in[i].value(row);
            }
            try {
                ((BytesVectorBuilder) out)
                        .appendString(String.format(Locale.US, ((BytesVector) in[0]).string(row), values));
            } catch (IllegalFormatException e) {
                throw new EvaluationException(
                        "INVALID_PARAMETER_VALUE",
                        "format_string cannot use its format for these values: " + e.getMessage()
                                + ". Correct the format, or cast the values to the types it names.");
            }
        });
    }
}
