package io.tidemark.ops.drill.retention;

import io.tidemark.connectors.kafkabroker.EmbeddedKafka;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The broker of all cells: in this JVM, with retention, compaction and rights that a drill can watch. */
final class SharedBroker implements Broker, AutoCloseable {
    private static final SortedMap<String, String> SETTINGS = new TreeMap<>(Map.of(
            "log.cleaner.backoff.ms", "100",
            "log.retention.check.interval.ms", "200",
            "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found", "true"));
    /** Of a record batch: base offset (8 bytes), then the length of what follows (4 bytes). */
    private static final int BATCH_HEAD = 12;

    private EmbeddedKafka broker;

    SharedBroker(Path directory) {
        broker = EmbeddedKafka.start(directory, 0, SETTINGS);
    }

    @Override
    public String servers() {
        return broker.bootstrapServers();
    }

    @Override
    public void restart() {
        broker.stop();
        start();
    }

    private void start() {
        broker = EmbeddedKafka.start(broker.directory(), broker.port(), SETTINGS);
    }

    @Override
    public void cut(String topic, int partition, long end) {
        broker.stop();
        try {
            Files.deleteIfExists(broker.directory().resolve(".kafka_cleanshutdown")); // so that the log is looked at
            cutSegments(broker.directory().resolve(topic + "-" + partition), end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    private static void cutSegments(Path partition, long end) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(partition)) {
            files = listed.sorted().toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (!name.matches("[0-9]{20}\\..*")) {
                continue;
            }
            long base = Long.parseLong(name.substring(0, 20));
            if (!name.endsWith(".log") || (base >= end && base > 0)) {
                Files.delete(file);
            } else {
                cut(file, end);
            }
        }
    }

    private static void cut(Path segment, long end) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            long position = 0;
            while (position + BATCH_HEAD <= file.length()) {
                file.seek(position);
                if (file.readLong() >= end) {
                    break;
                }
                position += BATCH_HEAD + file.readInt();
            }
            file.setLength(position);
        }
    }

    @Override
    public void close() {
        broker.stop();
    }
}
