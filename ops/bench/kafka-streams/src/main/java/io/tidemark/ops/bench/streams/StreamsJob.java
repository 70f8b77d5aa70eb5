package io.tidemark.ops.bench.streams;

import io.tidemark.ops.bench.job.Event;
import io.tidemark.ops.bench.job.JobOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/** A workload under {@code exactly_once_v2}, two threads. Commits ten times a second if rows come in, else once. */
public final class StreamsJob {
    private static final String COUNTS = "counts";

    private final JobOptions options;
    private final String application;

    private StreamsJob(JobOptions options) {
        this.options = options;
        this.application = "bench-" + options.home().getFileName();
    }

    public static void main(String[] arguments) throws ExecutionException, InterruptedException {
        StreamsJob job = new StreamsJob(new JobOptions(arguments));
        job.makeOutput();
        KafkaStreams streams = new KafkaStreams(job.topology(), job.settings(), new Committed());
        streams.setUncaughtExceptionHandler(e -> {
            e.printStackTrace();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.ERROR) {
                Runtime.getRuntime().halt(1);
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(20)), "close"));
        streams.start();
    }

    private String output() {
        return application + "-output";
    }

    private void makeOutput() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", options.bootstrapServers()))) {
            NewTopic topic = new NewTopic(output(), Optional.of(options.partitions()), Optional.empty());
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private Topology topology() {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<byte[], Event> events = builder.stream(
                options.topic(),
                Consumed.with(Serdes.ByteArray(), new EventSerde())
                        .withTimestampExtractor((record, partitionTime) -> ((Event) record.value()).eventTime / 1_000));
        switch (options.query()) {
            case "pass-through" -> passThrough(events);
            case "windows" -> windows(events);
            case "users" -> users(events);
            default -> throw new IllegalArgumentException("Cannot run " + options.query() + ".");
        }
        return builder.build();
    }

    private void passThrough(KStream<byte[], Event> events) {
        events.peek((key, event) -> Committed.count())
                .filter((key, event) -> event.amount >= 100)
                .to(output(), Produced.with(Serdes.ByteArray(), new EventSerde()));
    }

    private void windows(KStream<byte[], Event> events) {
        byKey(events.map((key, event) -> KeyValue.pair(event.pageText(), event.amount)))
                .groupByKey()
                .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofMinutes(5), Duration.ofMinutes(10)))
                .emitStrategy(EmitStrategy.onWindowClose())
                .aggregate(
                        Total::new,
                        (page, amount, total) -> total.plus(amount),
                        Materialized.<String, Total, WindowStore<Bytes, byte[]>>as(COUNTS)
                                .withKeySerde(Serdes.String())
                                .withValueSerde(new Total.Serde()))
                .toStream()
                .map((window, total) ->
                        KeyValue.pair(window.key() + "@" + window.window().start(), total))
                .to(output(), Produced.with(Serdes.String(), new Total.Serde()));
    }

    private void users(KStream<byte[], Event> events) {
        byKey(events.map((key, event) -> KeyValue.pair(event.userText(), event.amount)))
                .groupByKey()
                .aggregate(
                        Total::new,
                        (user, amount, total) -> total.plus(amount),
                        Materialized.<String, Total, KeyValueStore<Bytes, byte[]>>as(COUNTS)
                                .withKeySerde(Serdes.String())
                                .withValueSerde(new Total.Serde()))
                .toStream()
                .foreach((user, total) -> {});
    }

    /** Brings equal keys together, through a topic; a row is done when it has come out there and was worked on. */
    private KStream<String, Double> byKey(KStream<String, Double> rows) {
        return rows.repartition(Repartitioned.with(Serdes.String(), Serdes.Double())
                        .withNumberOfPartitions(options.partitions()))
                .peek((key, amount) -> Committed.count());
    }

    private Properties settings() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrapServers());
        settings.put(
                StreamsConfig.STATE_DIR_CONFIG, options.home().resolve("state").toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, options.isEndless() ? 100 : 1_000);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 256L << 20);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        settings.put(StreamsConfig.consumerPrefix("max.poll.records"), 20_000);
        settings.put(StreamsConfig.consumerPrefix("max.partition.fetch.bytes"), 8 << 20);
        settings.put(StreamsConfig.consumerPrefix("group.instance.id"), application); // a restart does not wait
        settings.put(StreamsConfig.producerPrefix("batch.size"), 256 << 10);
        settings.put(StreamsConfig.producerPrefix("linger.ms"), options.isEndless() ? 0 : 20);
        settings.put(StreamsConfig.producerPrefix("buffer.memory"), 128L << 20);
        return settings;
    }
}
