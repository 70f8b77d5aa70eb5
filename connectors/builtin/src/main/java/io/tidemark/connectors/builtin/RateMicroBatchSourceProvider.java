package io.tidemark.connectors.builtin;

import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.Source;
import io.tidemark.api.connector.SourceContext;
import io.tidemark.api.connector.SourceProvider;
import io.tidemark.api.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Format {@code rate-micro-batch}: as many rows in each batch as {@code rowsPerBatch} says, columns {@code timestamp} and
 * {@code value}. Other options: {@code startTimestamp} (0) in milliseconds, {@code advanceMillisPerBatch} (1000), {@code
 * numPartitions} (1).
 */
public final class RateMicroBatchSourceProvider implements SourceProvider {
    private static final OptionNames NAMES = new OptionNames(
            "rate-micro-batch", "rowsPerBatch", "startTimestamp", "advanceMillisPerBatch", "numPartitions");

    @Override
    public String format() {
        return "rate-micro-batch";
    }

    @Override
    public StructType schema(Options options, @Nullable StructType declared) {
        NAMES.check(options);
        RateSourceProvider.refuseDeclared("rate-micro-batch", declared);
        steps(options);
        return CountingReader.SCHEMA;
    }

    @Override
    public Source open(SourceContext context) {
        return new RateMicroBatchSource(steps(context.options()), context.requiredSchema());
    }

    private static RateMicroBatchSource.Steps steps(Options options) {
        options.require("rowsPerBatch", "Say how many rows each batch has.");
        return new RateMicroBatchSource.Steps(
                options.wholeNumber("rowsPerBatch", 1).orElseThrow(),
                options.wholeNumber("startTimestamp", 0).orElse(0),
                options.wholeNumber("advanceMillisPerBatch", 0).orElse(1_000),
                RateSourceProvider.partitions(options));
    }
}
