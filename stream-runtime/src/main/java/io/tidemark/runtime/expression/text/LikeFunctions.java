package io.tidemark.runtime.expression.text;

import static io.tidemark.runtime.expression.text.TextArguments.bytes;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.BooleanVectorBuilder;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.Builtin;
import io.tidemark.runtime.expression.function.RowKernel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code like} and {@code ilike}: text, pattern and, if given, the escape character. */
final class LikeFunctions {
    private static final char USUAL_ESCAPE = '\\';

    private LikeFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                Builtin.of(
                        "like",
                        TextArguments.strings(2, 3, AtomicType.BOOLEAN),
                        (call, arguments) -> kernel(call, arguments, false)),
                Builtin.of(
                        "ilike",
                        TextArguments.strings(2, 3, AtomicType.BOOLEAN),
                        (call, arguments) -> kernel(call, arguments, true)));
    }

    private static Kernel kernel(BoundCall call, List<Kernel> arguments, boolean ignoreCase) {
        String pattern = TextArguments.constant(call, 1);
        String escape = arguments.size() == 2 ? String.valueOf(USUAL_ESCAPE) : TextArguments.constant(call, 2);
        LikePattern fixed = pattern == null || escape == null || escape.isEmpty()
                ? null
                : LikePattern.of(ignoreCase ? CaseFunctions.lower(pattern) : pattern, escape.charAt(0));
        return RowKernel.strictPerBatch(call.type(), arguments, context -> {
            Patterns patterns = new Patterns(fixed, ignoreCase);
            return (in, row, out) -> {
                LikePattern like = patterns.of(
                        bytes(in, 1), row, in.length > 2 ? bytes(in, 2).string(row) : String.valueOf(USUAL_ESCAPE));
                ((BooleanVectorBuilder) out).appendBoolean(matches(like, bytes(in, 0), row, ignoreCase));
            };
        });
    }

    private static boolean matches(LikePattern like, BytesVector text, int row, boolean ignoreCase) {
        if (ignoreCase) {
            byte[] lower = CaseFunctions.lower(text.string(row)).getBytes(StandardCharsets.UTF_8);
            return like.matches(lower, 0, lower.length);
        }
        int p = text.starts()[row];
        return like.matches(text.data(), p, p + text.lengths()[row]);
    }

    /** The pattern of each row, read anew only where it differs from that of the row before. */
    private static final class Patterns {
        private final @Nullable LikePattern fixed;
        private final boolean ignoreCase;
        private String last = "";
        private LikePattern lastPattern = LikePattern.of("", USUAL_ESCAPE);

        Patterns(@Nullable LikePattern fixed, boolean ignoreCase) {
            this.fixed = fixed;
            this.ignoreCase = ignoreCase;
        }

        LikePattern of(BytesVector patterns, int row, String escape) {
            if (fixed != null) {
                return fixed;
            }
            String text = patterns.string(row);
            String key = escape + text;
            if (!key.equals(last)) {
                lastPattern = LikePattern.of(
                        ignoreCase ? CaseFunctions.lower(text) : text, escape.isEmpty() ? '\0' : escape.charAt(0));
                last = key;
            }
            return lastPattern;
        }
    }
}
