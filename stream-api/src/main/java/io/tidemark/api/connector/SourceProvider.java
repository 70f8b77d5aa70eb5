package io.tidemark.api.connector;

import io.tidemark.api.types.StructType;
import org.jspecify.annotations.Nullable;

/** Makes sources of one format. Stateless. */
public interface SourceProvider {
    /** Returns the name users write in {@code format(…)}, in lower case. */
    String format();

    /**
     * Checks the options and returns the columns. Reads nothing that a network could refuse.
     *
     * @param declared what the user declared with {@code schema(…)}, or null
     * @throws io.tidemark.api.error.TidemarkException if an option is unknown, missing, forbidden or wrong
     */
    StructType schema(Options options, @Nullable StructType declared);

    /** Opens the source for one run of a query. May connect lazily. */
    Source open(SourceContext context);
}
