package io.tidemark.ops.bench.streams;

import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** A count and a sum. */
record Total(long count, double sum) {
    Total() {
        this(0, 0);
    }

    Total plus(double amount) {
        return new Total(count + 1, sum + amount);
    }

    /** Sixteen bytes. */
    static final class Serde implements org.apache.kafka.common.serialization.Serde<Total> {
        @Override
        public Serializer<Total> serializer() {
            return (topic, total) -> bytes(total);
        }

        private static byte @Nullable [] bytes(@Nullable Total total) {
            return total == null
                    ? null
                    : ByteBuffer.allocate(Long.BYTES + Double.BYTES)
                            .putLong(total.count())
                            .putDouble(total.sum())
                            .array();
        }

        @Override
        public Deserializer<Total> deserializer() {
            return (topic, bytes) -> total(bytes);
        }

        private static @Nullable Total total(byte @Nullable [] bytes) {
            if (bytes == null) {
                return null;
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new Total(buffer.getLong(), buffer.getDouble());
        }
    }
}
