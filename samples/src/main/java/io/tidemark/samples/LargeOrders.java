package io.tidemark.samples;

import static io.tidemark.api.functions.col;
import static io.tidemark.api.functions.expr;

import io.tidemark.api.Dataset;
import io.tidemark.api.Row;
import io.tidemark.api.TidemarkSession;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.streaming.Trigger;

/**
 * Orders above an amount, from a topic to a Delta table: with the Java API, everything that is there, then the end.
 *
 * <p>Arguments: the brokers ({@code localhost:9092}) and the directory for table and checkpoint.
 */
public final class LargeOrders {
    private LargeOrders() {}

    public static void main(String[] arguments) throws InterruptedException {
        run(arguments[0], arguments[1]);
    }

    /** Runs until all orders that are in the topic now are in the table. */
    static void run(String brokers, String directory) throws InterruptedException {
        try (TidemarkSession session =
                TidemarkSession.builder().appName("large-orders").getOrCreate()) {
            Dataset<Row> orders = session.readStream()
                    .format("kafka")
                    .option("kafka.bootstrap.servers", brokers)
                    .option("subscribe", "orders")
                    .option("startingOffsets", "earliest")
                    .load();
            Dataset<Row> large = orders.select(
                            expr("from_json(CAST(value AS STRING), 'id STRING, amount DECIMAL(12, 2), at TIMESTAMP')")
                                    .as("d"))
                    .select("d.*")
                    .where(col("amount").geq(100));
            StreamingQuery query = large.writeStream()
                    .queryName("large-orders")
                    .format("delta")
                    .option("checkpointLocation", directory + "/checkpoints/large-orders")
                    .trigger(Trigger.AvailableNow())
                    .start(directory + "/large_orders");
            query.awaitTermination();
        }
    }
}
