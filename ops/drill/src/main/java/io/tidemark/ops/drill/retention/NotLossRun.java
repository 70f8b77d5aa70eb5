package io.tidemark.ops.drill.retention;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.ops.drill.retention.DrilledQuery.Run;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.jspecify.annotations.Nullable;

/** Plays a case that is no loss, with loss allowed: the worst that may come of it is an error and another start. */
final class NotLossRun {
    private static final int RECORDS = 50;
    private static final double BOUND_SECONDS = 30;

    private final NotLoss cell;
    private final KafkaScene kafka;
    private final Broker broker;
    private final DrilledQuery query;
    private final String topic;
    private final List<String> wrong = new ArrayList<>();

    NotLossRun(NotLoss cell, KafkaScene kafka, Broker broker, Path directory) {
        this.cell = cell;
        this.kafka = kafka;
        this.broker = broker;
        this.topic = kafka.topic("");
        Map<String, String> options = new TreeMap<>();
        options.put("kafka.bootstrap.servers", kafka.servers());
        options.put("kafka.client.id", topic);
        options.put("subscribe", topic);
        options.put("startingOffsets", "earliest");
        options.put("failOnDataLoss", "false");
        options.put("maxRecordsPerPartition", "20");
        options.put("kafka.max.partition.fetch.bytes", "100");
        options.put("kafka.fetch.max.bytes", "100");
        options.put("fetchOffset.retryIntervalMs", "50");
        options.put("tidemark.kafka.connectTimeoutMs", "4000");
        options.put("kafkaConsumer.pollTimeoutMs", "10000");
        this.query = new DrilledQuery(directory, options, 1);
    }

    CellResult run() throws Exception {
        long began = System.nanoTime();
        kafka.create(topic, 2, Map.of());
        send();
        if (query.run(new BatchHooks(0)).error() != null) {
            wrong.add("the first run fails");
        }
        send();
        long trouble = System.nanoTime();
        Run met = meet();
        double seconds = (System.nanoTime() - trouble) / 1e9;
        ErrorCode code = met.code();
        boolean fits = cell.codes().isEmpty()
                ? met.error() == null
                : code != null && cell.codes().contains(code);
        if (!fits) {
            wrong.add("ends with " + met.words() + ": " + met.error());
        }
        if (seconds > BOUND_SECONDS) {
            wrong.add("takes " + (long) seconds + " s to say so");
        }
        send();
        if (query.run(new BatchHooks(1)).error() != null) {
            wrong.add("does not go on afterwards");
        }
        wrong.addAll(
                Accounts.check(kafka.sent(), r -> true, r -> false, query.rows(), query.losses(), Expected.Loss.NONE));
        return new CellResult(
                cell.text(),
                cell.text(),
                "",
                (cell.codes().isEmpty() ? "every row once" : cell.codes() + ", then every row once") + ", no loss",
                met.words(),
                wrong,
                0,
                (System.nanoTime() - began) / 1e9);
    }

    private void send() {
        kafka.send(topic, 0, RECORDS, System.currentTimeMillis());
        kafka.send(topic, 1, RECORDS, System.currentTimeMillis());
    }

    private Run meet() throws Exception {
        BatchHooks hooks = new BatchHooks(1);
        return switch (cell) {
            case AUTHENTICATION ->
                with(
                        Map.of(
                                "kafka.security.protocol", "SASL_PLAINTEXT",
                                "kafka.sasl.mechanism", "PLAIN",
                                "kafka.sasl.jaas.config",
                                        "org.apache.kafka.common.security.plain.PlainLoginModule required"
                                                + " username=\"nobody\" password=\"wrong\";"),
                        hooks);
            case AUTHORIZATION -> {
                Run run = query.run(hooks.midRead(2, () -> kafka.forbidReading(topic)));
                kafka.allowReading(topic);
                yield run;
            }
            case TIMEOUT -> silence(hooks);
            case BROKER_AWAY -> with(Map.of("kafka.bootstrap.servers", "127.0.0.1:" + unusedPort()), hooks);
            case NAME_UNKNOWN -> with(Map.of("kafka.bootstrap.servers", "no-such-broker.invalid:9092"), hooks);
            case QUOTA -> {
                quota(2_000.0);
                Run run = query.run(hooks);
                quota(null);
                yield run;
            }
            case LEADER_CHANGE -> query.run(hooks.midRead(2, broker::restart));
        };
    }

    private Run with(Map<String, String> options, BatchHooks hooks) throws InterruptedException {
        return query.with(options).run(hooks);
    }

    private Run silence(BatchHooks hooks) throws IOException, InterruptedException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            return with(Map.of("kafka.bootstrap.servers", "127.0.0.1:" + silent.getLocalPort()), hooks);
        }
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void quota(@Nullable Double bytesPerSecond) {
        KafkaScene.await(kafka.admin()
                .alterClientQuotas(List.of(new ClientQuotaAlteration(
                        new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, topic)),
                        List.of(new ClientQuotaAlteration.Op("consumer_byte_rate", bytesPerSecond)))))
                .all());
    }
}
