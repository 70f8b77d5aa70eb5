package io.tidemark.ops.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How Spark is started: {@code local[2]}, no UI, one partition for a table's log, the packages that Java 17 hides opened. */
final class SparkCommand {
    private static final List<String> OPENED = List.of(
            "java.lang",
            "java.lang.invoke",
            "java.lang.reflect",
            "java.io",
            "java.net",
            "java.nio",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "jdk.internal.ref",
            "sun.nio.ch",
            "sun.nio.cs",
            "sun.security.action",
            "sun.util.calendar");

    private SparkCommand() {}

    static List<String> of(Path root, Path pipeline) {
        List<String> options = new ArrayList<>(List.of("-Xmx4g"));
        OPENED.forEach(name -> options.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        options.addAll(List.of(
                "-Dspark.log.level=ERROR",
                "-Dspark.master=local[2]",
                "-Dspark.ui.enabled=false",
                "-Dspark.driver.bindAddress=127.0.0.1",
                "-Dspark.driver.host=127.0.0.1",
                "-Dspark.locality.wait=0s",
                "-Dspark.sql.warehouse.dir=" + pipeline.resolveSibling("warehouse"),
                "-Dspark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension",
                "-Dspark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog",
                "-Dspark.databricks.delta.snapshotPartitions=1"));
        return JavaCommand.of(
                root.resolve("ops/bench/spark"),
                options,
                "SPARK_OPTS",
                "io.tidemark.ops.spark.job.SparkPipeline",
                List.of(pipeline.toString()));
    }
}
