package io.tidemark.connectors.builtin;

import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.Source;
import io.tidemark.api.connector.SourceContext;
import io.tidemark.api.connector.SourceProvider;
import io.tidemark.api.types.StructType;
import org.jspecify.annotations.Nullable;

/** Format {@code memory} as a source: reads a {@link MemoryStream} of this process, named by an option. */
public final class MemorySourceProvider implements SourceProvider {
    private static final OptionNames NAMES = new OptionNames("memory", MemoryStream.ID_OPTION);

    @Override
    public String format() {
        return "memory";
    }

    @Override
    public StructType schema(Options options, @Nullable StructType declared) {
        NAMES.check(options);
        StructType schema = stream(options).schema();
        if (declared != null && !declared.equals(schema)) {
            throw Options.invalid("schema", declared.toDdl(), "The stream has the columns " + schema.toDdl() + ".");
        }
        return schema;
    }

    @Override
    public Source open(SourceContext context) {
        return new MemorySource(stream(context.options()), context.requiredSchema());
    }

    private static MemoryStream stream(Options options) {
        String id = options.require(MemoryStream.ID_OPTION, "Create a MemoryStream and pass its options().");
        return MemoryRegistry.OF_THIS_JVM.stream(id)
                .orElseThrow(() -> Options.invalid(
                        MemoryStream.ID_OPTION, id, "There is no open MemoryStream of this id in this process."));
    }
}
