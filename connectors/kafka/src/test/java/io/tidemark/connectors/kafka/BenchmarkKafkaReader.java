package io.tidemark.connectors.kafka;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.connectors.kafkabroker.KafkaBrokerProcess;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How many records a second one reader turns into columns, and what an idle look costs. Arguments: rows, bytes a row,
 * compression (none, lz4, zstd), an empty directory.
 */
final class BenchmarkKafkaReader {
    private BenchmarkKafkaReader() {}

    public static void main(String[] args) throws Exception {
        int rows = Integer.parseInt(args[0]);
        int size = Integer.parseInt(args[1]);
        Path directory = Path.of(args[3]);
        Files.createDirectories(directory);
        try (KafkaBrokerProcess broker = KafkaBrokerProcess.start(directory.resolve("broker"), 0)) {
            broker.topics().create("clicks", 1);
            produce(broker.bootstrapServers(), rows, size, args[2]);
            Map<String, String> options = Map.of(
                    "kafka.bootstrap.servers",
                    broker.bootstrapServers(),
                    "subscribe",
                    "clicks",
                    "startingOffsets",
                    "earliest");
            for (String columns : new String[] {"value", "all"}) {
                StructType all = KafkaSchema.plain();
                StructType required = columns.equals("all") ? all : StructType.EMPTY.add(all.field(1));
                try (SourceUnderTest source =
                        SourceUnderTest.open(directory.resolve(columns), options, TimeSource.system(), required)) {
                    source.fresh();
                    Offset end = source.source
                            .latestOffset(source.at(), ReadLimit.SOURCE_DEFAULT)
                            .orElseThrow();
                    for (int round = 0; round < 5; round++) {
                        read(source, end, columns, rows);
                    }
                    idle(source, end);
                }
            }
        }
    }

    private static void produce(String servers, int rows, int size, String compression) {
        SplittableRandom random = new SplittableRandom(7);
        byte[][] values = new byte[1000][size];
        for (byte[] value : values) {
            Arrays.fill(value, (byte) 'x');
            for (int i = 0; i < size; i += 3) {
                value[i] = (byte) ('a' + random.nextInt(26));
            }
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        servers,
                        "compression.type",
                        compression,
                        "linger.ms",
                        20,
                        "batch.size",
                        262_144,
                        "buffer.memory",
                        67_108_864L),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < rows; i++) {
                producer.send(new ProducerRecord<>("clicks", 0, null, values[i % values.length]));
            }
        }
    }

    private static void read(SourceUnderTest source, Offset end, String columns, int rows) throws Exception {
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long began = System.nanoTime();
        long count = 0;
        for (InputPartition p : source.source.plan(source.at(), end, null).partitions()) {
            try (PartitionReader reader = source.source.reader(p, 0)) {
                for (ColumnBatch batch = reader.next(); batch != null; batch = reader.next()) {
                    count += batch.rowCount();
                }
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        double cpuSeconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e9;
        System.out.printf(
                "%s: %d of %d rows in %.2f s: %.2f M rows/s, %.2f M rows/s of cpu%n",
                columns, count, rows, seconds, count / seconds / 1e6, count / cpuSeconds / 1e6);
    }

    private static long processCpu() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    private static void idle(SourceUnderTest source, Offset end) {
        for (int i = 0; i < 500; i++) {
            source.source.latestOffset(end, ReadLimit.SOURCE_DEFAULT);
        }
        long began = System.nanoTime();
        long cpu = processCpu();
        for (int i = 0; i < 1000; i++) {
            source.source.latestOffset(end, ReadLimit.SOURCE_DEFAULT);
        }
        System.out.printf(
                "an idle look: %.0f us, %.0f us of cpu%n",
                (System.nanoTime() - began) / 1e6, (processCpu() - cpu) / 1e6);
    }
}
