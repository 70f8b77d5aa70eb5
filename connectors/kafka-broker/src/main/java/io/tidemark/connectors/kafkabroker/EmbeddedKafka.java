package io.tidemark.connectors.kafkabroker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.jspecify.annotations.Nullable;

/**
 * A broker in this JVM, bound to 127.0.0.1, its data in one directory. A later start on the same directory goes on with
 * the same topics. Fatal faults of the broker end up as exceptions in its threads; they never end the JVM. Safe for use
 * by many threads.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final int START_ATTEMPTS = 3;

    private final Path directory;
    private final int port;
    private final KafkaRaftServer server;
    private final SortedMap<String, Integer> listenerPorts;
    private @Nullable KafkaTopics topics;
    private boolean stopped;

    private EmbeddedKafka(Path directory, int port, KafkaRaftServer server, SortedMap<String, Integer> listenerPorts) {
        this.directory = directory;
        this.port = port;
        this.server = server;
        this.listenerPorts = listenerPorts;
    }

    /** Starts a broker on a free port. */
    public static EmbeddedKafka start(Path directory) {
        return start(directory, 0);
    }

    /** Starts a broker on {@code port}, or on a free one if that is 0. */
    public static EmbeddedKafka start(Path directory, int port) {
        return start(directory, port, new TreeMap<>());
    }

    /**
     * Starts a broker with settings of its own.
     *
     * @param port 0 for a free one
     * @param settings broker settings that replace ours
     * @throws IllegalStateException if the broker does not come up, for instance because the port is taken
     */
    public static EmbeddedKafka start(Path directory, int port, SortedMap<String, String> settings) {
        return start(directory, port, settings, new TreeMap<>());
    }

    /**
     * Starts a broker that can be reached by other protocols too, each on a free port of its own.
     *
     * @param listeners the protocol, for instance {@code SASL_SSL}, of each further listener by its name; how it is
     *     secured stands in {@code settings} under {@code listener.name.<name>.}
     * @see #bootstrapServers(String)
     */
    public static EmbeddedKafka start(
            Path directory, int port, SortedMap<String, String> settings, SortedMap<String, String> listeners) {
        Exit.setHaltProcedure((code, message) -> refuseToEnd(code, message));
        Exit.setExitProcedure((code, message) -> refuseToEnd(code, message));
        IllegalStateException failure = new IllegalStateException("not tried");
        for (int attempt = 0; attempt < (port == 0 ? START_ATTEMPTS : 1); attempt++) {
            try {
                return startOnce(directory, port, settings, listeners);
            } catch (IllegalStateException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private static EmbeddedKafka startOnce(
            Path directory, int wantedPort, SortedMap<String, String> settings, SortedMap<String, String> listeners) {
        List<Integer> free = freePorts(2 + listeners.size());
        int port = wantedPort == 0 ? free.get(0) : wantedPort;
        Properties properties = properties(directory, port, free.get(1));
        SortedMap<String, Integer> ports = new TreeMap<>();
        listeners.forEach((name, protocol) -> {
            ports.put(name, free.get(2 + ports.size()));
            String address = "," + name + "://localhost:" + ports.get(name);
            append(properties, "listeners", address);
            append(properties, "advertised.listeners", address);
            append(properties, "listener.security.protocol.map", "," + name + ":" + protocol);
        });
        settings.forEach(properties::setProperty);
        KafkaRaftServer server = null;
        try {
            formatIfNew(directory);
            server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
            server.startup();
            return new EmbeddedKafka(directory, port, server, ports);
        } catch (Exception e) {
            if (server != null) {
                shutDownQuietly(server);
            }
            throw new IllegalStateException(
                    "The Kafka broker does not start on port " + port + " with data in " + directory + ": " + e, e);
        }
    }

    private static void refuseToEnd(int code, @Nullable String message) {
        throw new IllegalStateException("Kafka wanted to end the JVM with code " + code + ": " + message);
    }

    private static void shutDownQuietly(KafkaRaftServer server) {
        try {
            server.shutdown();
        } catch (RuntimeException e) {
            // It never came up; the failure to start is the one to tell.
        }
    }

    private static void append(Properties properties, String name, String more) {
        properties.setProperty(name, properties.getProperty(name) + more);
    }

    /** All are bound at the same time, so they differ. */
    private static List<Integer> freePorts(int count) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, loopback));
            }
            List<Integer> ports =
                    sockets.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new IllegalStateException("No free port on " + loopback, e);
        }
    }

    private static Properties properties(Path directory, int port, int controllerPort) {
        Properties p = new Properties();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", "1");
        p.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        p.setProperty("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        p.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        p.setProperty("controller.listener.names", "CONTROLLER");
        p.setProperty("inter.broker.listener.name", "PLAINTEXT");
        p.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.setProperty("log.dirs", directory.toString());
        for (String single : List.of(
                "offsets.topic.num.partitions",
                "offsets.topic.replication.factor",
                "transaction.state.log.num.partitions",
                "transaction.state.log.replication.factor",
                "transaction.state.log.min.isr",
                "share.coordinator.state.topic.replication.factor",
                "share.coordinator.state.topic.min.isr")) {
            p.setProperty(single, "1");
        }
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        p.setProperty("auto.create.topics.enable", "false");
        // Reopening a directory waits for the old session to end; shorter, and a busy machine fences a broker that
        // lives.
        p.setProperty("broker.session.timeout.ms", "3000");
        p.setProperty("broker.heartbeat.interval.ms", "300");
        p.setProperty("num.network.threads", "1");
        p.setProperty("num.io.threads", "2");
        p.setProperty("log.cleaner.dedupe.buffer.size", "2097152");
        // Retention and deletion that a test can watch.
        p.setProperty("log.retention.check.interval.ms", "500");
        p.setProperty("log.initial.task.delay.ms", "100");
        p.setProperty("log.segment.delete.delay.ms", "100");
        return p;
    }

    private static void formatIfNew(Path directory) throws Exception {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(directory);
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setNodeId(1)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setSupportedFeatures(new ArrayList<>(Feature.PRODUCTION_FEATURES))
                    .run();
        }
    }

    /** Returns the address for {@code kafka.bootstrap.servers}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Returns the address of a further listener. */
    public String bootstrapServers(String listener) {
        Integer own = listenerPorts.get(listener);
        if (own == null) {
            throw new IllegalArgumentException("no listener " + listener + " among " + listenerPorts.keySet());
        }
        return "localhost:" + own;
    }

    public int port() {
        return port;
    }

    public Path directory() {
        return directory;
    }

    /** Returns what makes and removes topics; opened on first use, closed with the broker. */
    public synchronized KafkaTopics topics() {
        if (topics == null) {
            topics = new KafkaTopics(bootstrapServers());
        }
        return topics;
    }

    /** Stops the broker cleanly. Its directory stays and can be opened again. */
    public synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        if (topics != null) {
            topics.close();
        }
        server.shutdown();
        server.awaitShutdown();
    }

    @Override
    public void close() {
        stop();
    }
}
