package io.tidemark.ops.drill.crash;

import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.Source;
import io.tidemark.api.connector.SourceContext;
import io.tidemark.api.connector.SourceProvider;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import org.jspecify.annotations.Nullable;

/** Format {@code drilled-kafka}: reads a {@link KafkaLog} of this process, with the columns and offsets of Kafka. */
public final class KafkaLogProvider implements SourceProvider {
    static final String FORMAT = "drilled-kafka";
    static final String LOG = "log";

    private static final StructType SCHEMA = StructType.EMPTY
            .add("key", AtomicType.BINARY)
            .add("value", AtomicType.BINARY)
            .add("topic", AtomicType.STRING)
            .add("partition", AtomicType.INT)
            .add("offset", AtomicType.BIGINT)
            .add("timestamp", AtomicType.TIMESTAMP)
            .add("timestampType", AtomicType.INT);

    /** For {@link java.util.ServiceLoader}. */
    public KafkaLogProvider() {}

    @Override
    public String format() {
        return FORMAT;
    }

    @Override
    public StructType schema(Options options, @Nullable StructType declared) {
        return SCHEMA;
    }

    @Override
    public Source open(SourceContext context) {
        String id = context.options().require(LOG, "Only a drill can open this source.");
        return new KafkaLogSource(
                context, KafkaLog.of(id).orElseThrow(() -> Options.invalid(LOG, id, "The drill has closed it.")));
    }
}
