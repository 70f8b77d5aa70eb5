package io.tidemark.ops.bench.ceiling;

import io.tidemark.ops.bench.job.Event;
import io.tidemark.ops.bench.job.EventParser;
import io.tidemark.ops.bench.job.JobOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * One thread with some of the partitions: reads, parses, works, commits. It commits after so many rows, and when it has
 * reached the end; an endless job after each poll.
 */
final class Worker {
    private static final Duration POLL = Duration.ofMillis(100);

    private final JobOptions options;
    private final Ledger ledger;
    private final Work work;
    private final @Nullable EventParser parser;
    private final int[] partitions;
    private final long batchRows;
    private final long[] positions;

    /** @param parser absent if rows are only read */
    Worker(JobOptions options, Ledger ledger, Work work, @Nullable EventParser parser, int[] partitions, int threads) {
        this.options = options;
        this.ledger = ledger;
        this.work = work;
        this.parser = parser;
        this.partitions = partitions;
        this.batchRows = options.isEndless() ? 1 : Math.max(1, options.batchRows() / threads);
        this.positions = new long[options.partitions()];
    }

    void run() throws IOException {
        List<TopicPartition> assigned = Arrays.stream(partitions)
                .mapToObj(p -> new TopicPartition(options.topic(), p))
                .toList();
        Event event = new Event();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings());
                work) {
            consumer.assign(assigned);
            consumer.seekToBeginning(assigned);
            Map<TopicPartition, Long> ends = consumer.endOffsets(assigned);
            long pending = 0;
            while (true) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (parser != null) {
                        parser.parse(record.value(), event);
                        work.add(event);
                    }
                    positions[record.partition()] = record.offset() + 1;
                }
                pending += records.count();
                if (pending >= batchRows || (pending > 0 && isAtEnd(ends))) {
                    work.flush();
                    ledger.commit(positions, partitions);
                    pending = 0;
                }
            }
        }
    }

    private boolean isAtEnd(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(e -> positions[e.getKey().partition()] >= e.getValue());
    }

    private Map<String, Object> settings() {
        String bytes = ByteArrayDeserializer.class.getName();
        return Map.of(
                "bootstrap.servers",
                options.bootstrapServers(),
                "key.deserializer",
                bytes,
                "value.deserializer",
                bytes,
                "enable.auto.commit",
                "false",
                "max.poll.records",
                "20000",
                "max.partition.fetch.bytes",
                "8388608",
                "fetch.max.bytes",
                "33554432",
                "check.crcs",
                "true");
    }
}
