package io.tidemark.connectors.kafkabroker;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;

/**
 * The broker as a program: {@code --port P --dir D [--exit-with-parent]}. Prints one line, {@code READY host:port}, when
 * clients may connect; everything else goes to the error stream. Port 0 takes a free one. SIGTERM stops it cleanly, and
 * so does the end of its input if {@code --exit-with-parent} is given.
 */
public final class EmbeddedKafkaMain {
    /** What the line that announces the address starts with. */
    public static final String READY = "READY ";

    private EmbeddedKafkaMain() {}

    /** Runs until stopped. Exit code 1 if the broker does not start, 2 if the arguments are wrong. */
    public static void main(String[] args) throws InterruptedException {
        PrintStream announcements = System.out;
        System.setOut(System.err);
        int port = 0;
        Path directory = null;
        boolean exitWithParent = false;
        try {
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--port" -> port = Integer.parseInt(args[++i]);
                    case "--dir" -> directory = Path.of(args[++i]);
                    case "--exit-with-parent" -> exitWithParent = true;
                    default -> throw new IllegalArgumentException("unknown argument " + args[i]);
                }
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            end(2, "Cannot read the arguments " + List.of(args) + ": " + e.getMessage());
        }
        if (directory == null) {
            end(2, "Say where the data goes: --dir D");
            return;
        }
        if (exitWithParent) {
            ignoreInterrupts();
        }
        run(announcements, directory, port, exitWithParent);
    }

    private static void run(PrintStream announcements, Path directory, int port, boolean exitWithParent)
            throws InterruptedException {
        EmbeddedKafka broker;
        try {
            broker = EmbeddedKafka.start(directory, port);
        } catch (IllegalStateException e) {
            end(1, e.getMessage());
            return;
        }
        // This JVM is the broker's own: a fatal fault may end it.
        Exit.resetHaltProcedure();
        Exit.resetExitProcedure();
        Thread stopper = new Thread(broker::stop, "broker-stop");
        Runtime.getRuntime().addShutdownHook(stopper);
        announcements.println(READY + broker.bootstrapServers());
        announcements.flush();
        if (exitWithParent) {
            awaitEndOfInput();
            end(0, null);
        }
        Thread.currentThread().join(); // until a signal
    }

    /**
     * Ctrl-C reaches every process of a terminal. The parent decides when its broker ends: it may have rows to finish.
     * The JDK's signal class is reached by name: it is supported, but compilers warn of it.
     */
    private static void ignoreInterrupts() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance("INT"),
                            handler.getField("SIG_IGN").get(null));
        } catch (ReflectiveOperationException e) {
            System.err.println("Ctrl-C will end this broker: " + e);
        }
    }

    private static void awaitEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is said this way; only the end counts.
            }
        } catch (IOException e) {
            // A broken pipe is an end as well.
        }
    }

    private static void end(int code, @Nullable String message) {
        if (message != null) {
            System.err.println(message);
        }
        System.exit(code);
    }
}
