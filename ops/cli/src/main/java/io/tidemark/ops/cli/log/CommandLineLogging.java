package io.tidemark.ops.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import java.util.Optional;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Sets logging up in code, which starts faster than XML. It acts only in a process whose main class asked for it with
 * {@link #choose}; elsewhere (tests, programs that embed a part of this) logback goes on with its usual configuration.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class CommandLineLogging extends ContextAwareBase implements Configurator {
    private static final String CHOSEN = "tidemark.logging";
    private static final String FILE = "file";

    /** The property that sets the level of everything that is logged, for instance {@code DEBUG}. */
    private static final String LEVEL = "tidemark.logLevel";

    /** Chatter that says nothing to who runs a query; what matters in it reaches the user as an error of ours. */
    private static final List<String> SILENT = List.of("kafka", "state.change.logger");

    private static final List<String> ERRORS_ONLY = List.of(
            "org.apache.kafka.clients.NetworkClient",
            "org.apache.kafka.controller",
            "io.delta.kernel.internal.snapshot.SnapshotManager",
            "org.apache.hadoop",
            "org.apache.parquet");

    /** Asks for this configuration; call before the first logger is made. */
    public static void choose() {
        System.setProperty(CHOSEN, "cli");
    }

    /** Returns the log of this process, or empty if another configuration is in force. */
    public static Optional<LogFile> file() {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        return factory instanceof LoggerContext context
                ? Optional.ofNullable((LogFile) context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                                .getAppender(FILE))
                        .filter(LogFile.class::isInstance)
                : Optional.empty();
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty(CHOSEN) == null || System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        LogFile file = new LogFile();
        file.setName(FILE);
        file.setContext(context);
        file.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(file);
        String wanted = System.getProperty(LEVEL);
        if (wanted != null) {
            root.setLevel(Level.toLevel(wanted, Level.INFO));
            return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
        }
        root.setLevel(Level.WARN);
        context.getLogger("io.tidemark").setLevel(Level.INFO);
        SILENT.forEach(name -> context.getLogger(name).setLevel(Level.OFF));
        ERRORS_ONLY.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
