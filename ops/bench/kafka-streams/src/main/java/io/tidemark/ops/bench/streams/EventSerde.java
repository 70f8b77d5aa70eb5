package io.tidemark.ops.bench.streams;

import io.tidemark.ops.bench.job.Event;
import io.tidemark.ops.bench.job.EventScanner;
import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Events come in as JSON and go out as five values in binary, which is no more than the query has to say. */
final class EventSerde implements Serde<Event> {
    /** All stream threads share a serde. */
    private static final ThreadLocal<EventScanner> SCANNER = ThreadLocal.withInitial(EventScanner::new);

    private static final double TAX = 1.19;

    @Override
    public Serializer<Event> serializer() {
        return (topic, event) -> ByteBuffer.allocate(3 * Long.BYTES + 2 + event.userLength + event.pageLength)
                .putLong(event.eventId)
                .put((byte) event.userLength)
                .put(event.user, 0, event.userLength)
                .put((byte) event.pageLength)
                .put(event.page, 0, event.pageLength)
                .putDouble(event.amount * TAX)
                .putLong(event.eventTime)
                .array();
    }

    @Override
    public Deserializer<Event> deserializer() {
        return (topic, json) -> {
            Event event = new Event(); // many are in flight at a time
            SCANNER.get().parse(json, event);
            return event;
        };
    }
}
