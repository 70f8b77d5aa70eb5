package io.tidemark.runtime.expression.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.BytesVectorBuilder;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Builtin;
import io.tidemark.runtime.expression.function.RowKernel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code get_json_object(text, path)}. */
final class GetJsonObject {
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .configure(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS, true)
            .configure(JsonReadFeature.ALLOW_SINGLE_QUOTES, true)
            .build();

    private GetJsonObject() {}

    static Builtin function() {
        return Builtin.of("get_json_object", GetJsonObject::bind, GetJsonObject::kernel);
    }

    private static BoundExpression bind(Arguments arguments) {
        return arguments.count(2).castAll(0, AtomicType.STRING).call(AtomicType.STRING, true);
    }

    private static Kernel kernel(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strictPerBatch(call.type(), arguments, context -> {
            Paths paths = new Paths();
            return (in, row, out) -> {
                JsonPath path = paths.of((BytesVector) in[1], row);
                String found = path == null ? null : path.find(((BytesVector) in[0]).string(row), FACTORY);
                if (found == null) {
                    out.appendNull();
                } else {
                    ((BytesVectorBuilder) out).appendString(found);
                }
            };
        });
    }

    /** The path of each row, parsed anew only where it differs from that of the row before. */
    private static final class Paths {
        private @Nullable String text;
        private @Nullable JsonPath path;

        @Nullable
        JsonPath of(BytesVector texts, int row) {
            String wanted = texts.string(row);
            if (!wanted.equals(text)) {
                text = wanted;
                path = JsonPath.parse(wanted);
            }
            return path;
        }
    }
}
