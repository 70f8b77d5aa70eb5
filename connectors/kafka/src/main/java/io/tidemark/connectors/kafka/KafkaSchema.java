package io.tidemark.connectors.kafka;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;

/** The columns of a Kafka source, as Spark has them. */
final class KafkaSchema {
    static final StructType HEADER =
            StructType.EMPTY.add("key", AtomicType.STRING).add("value", AtomicType.BINARY);

    private static final StructType PLAIN = StructType.EMPTY
            .add("key", AtomicType.BINARY)
            .add("value", AtomicType.BINARY)
            .add("topic", AtomicType.STRING)
            .add("partition", AtomicType.INT)
            .add("offset", AtomicType.BIGINT)
            .add("timestamp", AtomicType.TIMESTAMP)
            .add("timestampType", AtomicType.INT);

    private KafkaSchema() {}

    /** The columns without headers. */
    static StructType plain() {
        return PLAIN;
    }

    /** The columns with {@code headers} at the end. */
    static StructType withHeaders() {
        return PLAIN.add("headers", new ArrayType(HEADER));
    }
}
