package io.tidemark.connectors.kafka;

import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.Source;
import io.tidemark.api.connector.SourceContext;
import io.tidemark.api.connector.SourceProvider;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.types.StructType;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Format {@code kafka}. */
public final class KafkaSourceProvider implements SourceProvider {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSourceProvider.class);

    @Override
    public String format() {
        return "kafka";
    }

    @Override
    public StructType schema(Options options, @Nullable StructType declared) {
        if (declared != null) {
            throw new TidemarkException(
                    ErrorCode.INVALID_OPTION,
                    "Kafka source has a fixed schema and cannot be set with a custom one. Remove schema(…) and parse the"
                            + " column 'value' in the query.");
        }
        KafkaSourceConfig config = new KafkaOptionParser(options, Map.of()).parse();
        return config.includeHeaders() ? KafkaSchema.withHeaders() : KafkaSchema.plain();
    }

    @Override
    public Source open(SourceContext context) {
        KafkaSourceConfig config = new KafkaOptionParser(context.options(), context.conf()).parse();
        try {
            KafkaClients.check(config);
        } catch (ConfigException e) {
            throw new KafkaErrors(config).translate("make a client", e);
        }
        if (context.options().get("kafka.group.id").isPresent()) {
            LOG.warn(
                    "kafka.group.id is passed on, but offsets are kept in the checkpoint and never committed to Kafka.");
        }
        return new KafkaSource(context, config);
    }
}
