package io.tidemark.ops.spark;

import io.tidemark.connectors.kafkabroker.KafkaBrokerProcess;
import io.tidemark.ops.drill.TidemarkCommand;
import io.tidemark.ops.drill.WarmCommandLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One Spark session and one broker for all test classes of this JVM, started on first use. */
final class SparkAndKafka implements BeforeAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SparkAndKafka.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        running(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Running.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return running(context);
    }

    private static Running running(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Running.class, key -> new Running(), Running.class);
    }

    /** The session and the broker. Stopped by JUnit when all tests are done. */
    static final class Running implements AutoCloseable {
        private final Path directory;
        private final SparkSession spark;
        private final KafkaBrokerProcess broker;
        private final WarmCommandLine tidemark;

        private Running() {
            try {
                directory = Files.createTempDirectory("tidemark-spark");
                tidemark = WarmCommandLine.start(TidemarkCommand.ofThisBuild(), directory.resolve("tidemark.log"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            broker = KafkaBrokerProcess.start(new KafkaBrokerProcess.Launch(
                    directory.resolve("kafka"),
                    0,
                    TidemarkCommand.ofThisBuild().classPath(),
                    List.of("-Xmx384m", "-XX:+UseSerialGC"),
                    directory.resolve("broker.log")));
            spark = SparkSession.builder()
                    .master("local[2]")
                    .appName("tidemark-hand-over")
                    .config("spark.ui.enabled", false)
                    .config("spark.driver.bindAddress", "127.0.0.1")
                    .config("spark.driver.host", "127.0.0.1")
                    .config("spark.local.dir", directory.resolve("local").toString())
                    .config(
                            "spark.sql.warehouse.dir",
                            directory.resolve("warehouse").toString())
                    .config("spark.sql.session.timeZone", "UTC")
                    .config("spark.sql.shuffle.partitions", 2)
                    .config("spark.sql.streaming.stateStore.maintenanceInterval", "1s") // of the process
                    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                    .config("spark.databricks.delta.snapshotPartitions", 1)
                    .getOrCreate();
        }

        SparkSession spark() {
            return spark;
        }

        KafkaBrokerProcess broker() {
            return broker;
        }

        /** Runs Tidemark's command line and returns its exit code. */
        int tidemark(List<String> arguments, Path log) {
            return tidemark.run(arguments, log);
        }

        /** Returns a new folder that is never reused. */
        Path newDirectory(String name) {
            try {
                return Files.createTempDirectory(directory, name);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            spark.stop();
            broker.close();
            tidemark.close();
            try (var files = Files.walk(directory)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
