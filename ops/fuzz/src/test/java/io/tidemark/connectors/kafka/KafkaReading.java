package io.tidemark.connectors.kafka;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.storage.Storage;

/** Lets tests elsewhere read what a Kafka source keeps in a checkpoint. */
public final class KafkaReading {
    private KafkaReading() {}

    /** Reads an offset line of {@code offsets/N}. */
    public static String offset(String line) {
        return KafkaOffsets.parse(new Offset(line)).byPartition().toString();
    }

    /** Reads what {@code sealed/N} keeps of an offset line. */
    public static String seal(String text) {
        return Anchors.Anchor.parse(text).json();
    }

    /** Reads {@code sources/K/0}, empty if there is none. */
    public static String initialOffset(Storage storage, String directory) {
        return new InitialOffsetFile(storage, directory).read().toString();
    }
}
