package io.tidemark.connectors.kafkabroker;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A broker in a JVM of its own, which can be killed and paused. It goes away with the JVM that started it. One thread
 * at a time.
 */
public final class KafkaBrokerProcess implements AutoCloseable {
    private static final Duration START_DEADLINE = Duration.ofSeconds(60);

    private final Launch launch;
    private final Process process;
    private final String bootstrapServers;
    private @Nullable KafkaTopics topics;

    private KafkaBrokerProcess(Launch launch, Process process, String bootstrapServers) {
        this.launch = launch;
        this.process = process;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * How to start the process.
     *
     * @param port 0 for a free one
     * @param classPath as {@code java -cp} takes it
     * @param log what the broker prints is appended here
     */
    public record Launch(Path directory, int port, String classPath, List<String> jvmArguments, Path log) {
        public Launch {
            jvmArguments = List.copyOf(jvmArguments);
        }

        /** A small heap, this JVM's own class path, and {@code broker.log} next to the data. */
        public static Launch of(Path directory, int port) {
            return new Launch(
                    directory,
                    port,
                    System.getProperty("java.class.path"),
                    List.of("-Xmx384m", "-XX:+UseSerialGC"),
                    directory.resolveSibling(directory.getFileName() + ".broker.log"));
        }
    }

    /** Starts a broker on {@code port} (0: a free one) and waits until it answers. */
    public static KafkaBrokerProcess start(Path directory, int port) {
        return start(Launch.of(directory, port));
    }

    /**
     * Starts a broker and waits until it answers.
     *
     * @throws IllegalStateException if it ends or stays silent instead; the message names its log
     */
    public static KafkaBrokerProcess start(Launch launch) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(launch.jvmArguments());
        command.add("-Dlogback.configurationFile=tidemark-broker-logback.xml");
        command.add("-cp");
        command.add(launch.classPath());
        command.add(EmbeddedKafkaMain.class.getName());
        command.addAll(List.of("--port", Integer.toString(launch.port()), "--dir"));
        command.add(launch.directory().toString());
        command.add("--exit-with-parent");
        try {
            Files.createDirectories(launch.log().toAbsolutePath().getParent());
            File log = launch.log().toFile();
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log))
                    .start();
            return new KafkaBrokerProcess(launch, process, awaitReady(launch, process));
        } catch (IOException e) {
            throw new IllegalStateException("The Kafka broker's process does not start: " + e.getMessage(), e);
        }
    }

    private static String awaitReady(Launch launch, Process process) {
        CompletableFuture<String> address = new CompletableFuture<>();
        Thread reader = new Thread(() -> readOutput(process, address), "broker-output-" + process.pid());
        reader.setDaemon(true);
        reader.start();
        String problem;
        try {
            return address.get(START_DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            problem = String.valueOf(e.getCause());
        } catch (TimeoutException e) {
            problem = "not ready after " + START_DEADLINE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problem = "interrupted";
        }
        process.destroyForcibly();
        throw new IllegalStateException(
                "The Kafka broker's process did not come up (" + problem + "). See " + launch.log());
    }

    /** Reads on to the end, so that the process never blocks on a full pipe. */
    private static void readOutput(Process process, CompletableFuture<String> address) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(EmbeddedKafkaMain.READY)) {
                    address.complete(line.substring(EmbeddedKafkaMain.READY.length()));
                }
            }
        } catch (IOException e) {
            address.completeExceptionally(e);
        }
        address.completeExceptionally(new IOException("the process ended"));
    }

    /** Returns the address for {@code kafka.bootstrap.servers}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    public int port() {
        return Integer.parseInt(bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1));
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Returns what makes and removes topics; opened on first use. */
    public KafkaTopics topics() {
        if (topics == null) {
            topics = new KafkaTopics(bootstrapServers);
        }
        return topics;
    }

    /** Freezes the process (SIGSTOP): connections stay open and nothing answers. */
    public void pause() {
        signal("STOP");
    }

    /** Lets a paused process go on (SIGCONT). */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + name + " " + pid() + " ended with " + code);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot signal process " + pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Kills the process without a word (SIGKILL) and waits until it is gone. */
    public void killForcibly() {
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(10));
    }

    /** Stops the broker cleanly (SIGTERM), by force if that takes longer than 15 s. */
    public void stop() {
        if (topics != null) {
            topics.close();
            topics = null;
        }
        process.destroy();
        if (!awaitEnd(Duration.ofSeconds(15))) {
            killForcibly();
        }
    }

    private boolean awaitEnd(Duration deadline) {
        try {
            return process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Starts a new process on the same data and port; this one must have ended. */
    public KafkaBrokerProcess startAgain() {
        if (isAlive()) {
            throw new IllegalStateException("the broker's process " + pid() + " still runs");
        }
        return start(new Launch(launch.directory(), port(), launch.classPath(), launch.jvmArguments(), launch.log()));
    }

    @Override
    public void close() {
        stop();
    }
}
