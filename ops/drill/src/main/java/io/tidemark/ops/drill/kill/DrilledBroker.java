package io.tidemark.ops.drill.kill;

import io.tidemark.connectors.kafkabroker.KafkaBrokerProcess;
import io.tidemark.connectors.kafkabroker.KafkaTopics;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** The broker of a drill, in a process of its own that is killed and frozen. Used by one thread. */
final class DrilledBroker implements AutoCloseable {
    private KafkaBrokerProcess process;
    private @Nullable FutureTask<KafkaBrokerProcess> starting;

    DrilledBroker(Path directory, String classPath) {
        process = KafkaBrokerProcess.start(new KafkaBrokerProcess.Launch(
                directory.resolve("kafka"),
                0,
                classPath,
                List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"),
                directory.resolve("broker.log")));
    }

    /** Returns the address, which stays the same. */
    String bootstrapServers() {
        return process.bootstrapServers();
    }

    void createTopic(String topic) {
        try (KafkaTopics topics = new KafkaTopics(bootstrapServers())) {
            topics.create(topic, DrilledQuery.PARTITIONS);
        }
    }

    /** Returns how many records a topic has. */
    long records(String topic) throws InterruptedException {
        awaitStarted();
        long records = 0;
        try (KafkaTopics topics = new KafkaTopics(bootstrapServers())) {
            for (int partition = 0; partition < DrilledQuery.PARTITIONS; partition++) {
                records += topics.latest(topic, partition);
            }
        }
        return records;
    }

    void pause() throws InterruptedException {
        awaitStarted();
        process.pause();
    }

    void resume() {
        process.resume();
    }

    /** Kills it, and begins to start it again on the same data and port. */
    void kill() throws InterruptedException {
        awaitStarted();
        process.killForcibly();
        FutureTask<KafkaBrokerProcess> again = new FutureTask<>(process::startAgain);
        starting = again;
        Thread thread = new Thread(again, "broker-start");
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits until it answers again. */
    void awaitStarted() throws InterruptedException {
        if (starting == null) {
            return;
        }
        try {
            process = starting.get();
            starting = null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker does not come back", e.getCause());
        }
    }

    @Override
    public void close() {
        try {
            awaitStarted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.resume();
            process.killForcibly(); // nobody needs its data any more
        }
    }
}
