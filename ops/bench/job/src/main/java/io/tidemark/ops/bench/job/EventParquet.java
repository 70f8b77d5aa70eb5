package io.tidemark.ops.bench.job;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Writes what {@code pass-through} keeps of events to Parquet files as Spark writes them by default: snappy, optional
 * columns. Dictionaries only for pages, of which there are few: those of columns where every value is new are given up
 * after they were made.
 */
public final class EventParquet {
    private static final double TAX = 1.19;
    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType(
            "message spark_schema { optional int64 event_id; optional binary user_id (STRING);"
                    + " optional binary page (STRING); optional double gross;"
                    + " optional int64 event_time (TIMESTAMP(MICROS,true)); }");

    private EventParquet() {}

    /** Opens a file; closing the writer writes its footer. */
    public static ParquetWriter<Event> open(OutputFile file) throws IOException {
        return new Builder(file)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_1_0)
                .withDictionaryEncoding(false)
                .withDictionaryEncoding("page", true)
                .build();
    }

    /** Whether {@code pass-through} keeps {@code event}. */
    public static boolean isKept(Event event) {
        return event.amount >= 100;
    }

    private static final class Builder extends ParquetWriter.Builder<Event, Builder> {
        Builder(OutputFile file) {
            super(file);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @Deprecated
        protected WriteSupport<Event> getWriteSupport(Configuration settings) {
            return new Support();
        }

        @Override
        protected WriteSupport<Event> getWriteSupport(ParquetConfiguration settings) {
            return new Support();
        }
    }

    @org.jspecify.annotations.NullUnmarked // Parquet sets the consumer before it writes
    private static final class Support extends WriteSupport<Event> {
        private RecordConsumer consumer;

        @Override
        @Deprecated
        public WriteContext init(Configuration settings) {
            return new WriteContext(SCHEMA, Map.of());
        }

        @Override
        public WriteContext init(ParquetConfiguration settings) {
            return new WriteContext(SCHEMA, Map.of());
        }

        @Override
        public void prepareForWrite(RecordConsumer recordConsumer) {
            consumer = recordConsumer;
        }

        @Override
        public void write(Event event) {
            consumer.startMessage();
            consumer.startField("event_id", 0);
            consumer.addLong(event.eventId);
            consumer.endField("event_id", 0);
            consumer.startField("user_id", 1);
            consumer.addBinary(Binary.fromReusedByteArray(event.user, 0, event.userLength));
            consumer.endField("user_id", 1);
            consumer.startField("page", 2);
            consumer.addBinary(Binary.fromReusedByteArray(event.page, 0, event.pageLength));
            consumer.endField("page", 2);
            consumer.startField("gross", 3);
            consumer.addDouble(event.amount * TAX);
            consumer.endField("gross", 3);
            consumer.startField("event_time", 4);
            consumer.addLong(event.eventTime);
            consumer.endField("event_time", 4);
            consumer.endMessage();
        }
    }
}
