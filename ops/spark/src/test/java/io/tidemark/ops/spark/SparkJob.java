package io.tidemark.ops.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;

/**
 * A program for measurements: {@code SparkJob BOOTSTRAP TOPIC MAX_OFFSETS SQL_FILE CHECKPOINT TABLE} runs a query over the
 * view {@code events} into a Delta table on Spark local[2], once over what is there.
 */
final class SparkJob {
    private SparkJob() {}

    public static void main(String[] args) throws Exception {
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .appName("tidemark-bench")
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .config("spark.databricks.delta.snapshotPartitions", 1)
                .getOrCreate();
        spark.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", args[0])
                .option("subscribe", args[1])
                .option("startingOffsets", "earliest")
                .option("maxOffsetsPerTrigger", args[2])
                .load()
                .createOrReplaceTempView("events");
        spark.sql(Files.readString(Path.of(args[3])))
                .writeStream()
                .format("delta")
                .option("checkpointLocation", args[4])
                .trigger(Trigger.AvailableNow())
                .start(args[5])
                .awaitTermination();
        spark.stop();
    }
}
