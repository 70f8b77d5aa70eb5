package io.tidemark.ops.bench.flink;

import io.tidemark.ops.bench.job.Event;
import io.tidemark.ops.bench.job.EventParser;
import java.io.Serializable;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Parses a record and keeps what one query needs of it. */
final class Records<T> implements KafkaRecordDeserializationSchema<T> {
    private static final long serialVersionUID = 1;

    private final TypeInformation<T> type;
    private final Projection<T> projection;
    private final String parserName;
    private final int partitions;
    private transient @Nullable EventParser parser;
    private transient Event event = new Event();
    private transient long[] read = new long[0];

    /** What a query needs. The event is used again for the next record. */
    interface Projection<T> extends Serializable {
        T of(Event event);
    }

    Records(TypeInformation<T> type, Projection<T> projection, String parserName, int partitions) {
        this.type = type;
        this.projection = projection;
        this.parserName = parserName;
        this.partitions = partitions;
    }

    @Override
    public void open(InitializationContext context) {
        parser = EventParser.of(parserName);
        event = new Event();
        read = new long[0];
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<T> out) {
        if (read.length == 0) {
            read = Positions.read(partitions); // of the thread that runs the task
        }
        java.util.Objects.requireNonNull(parser).parse(record.value(), event);
        read[record.partition()] = record.offset() + 1;
        out.collect(projection.of(event));
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return type;
    }
}
