package io.tidemark.ops.bench;

/** A job as a pipeline file, which Tidemark and Spark both run. */
final class PipelineText {
    private static final String EVENT =
            "event_id BIGINT, user_id STRING, page STRING, amount DOUBLE, event_time TIMESTAMP";

    private PipelineText() {}

    static String of(Job job) {
        boolean state = job.query() == Query.USERS;
        StringBuilder yaml = new StringBuilder("name: bench\nsources:\n  records:\n    format: kafka\n    options:\n");
        yaml.append("      kafka.bootstrap.servers: ").append(job.bootstrapServers());
        yaml.append("\n      subscribe: ").append(job.topicName());
        yaml.append("\n      startingOffsets: earliest\n");
        if (!job.endless()) {
            yaml.append("      maxOffsetsPerTrigger: ").append(job.batchRows()).append('\n');
        }
        yaml.append("views:\n  - name: parsed\n    sql: SELECT d.* FROM (SELECT from_json(CAST(value AS STRING), '");
        yaml.append(job.query() == Query.WIDE ? wideSchema() : EVENT).append("') AS d FROM records)\n");
        if (job.query() == Query.WINDOWS) {
            yaml.append("    watermark: { column: event_time, delay: 10 minutes }\n");
        }
        yaml.append("sql: |\n  ").append(sql(job.query())).append('\n');
        yaml.append("sink: ").append(state ? "{ format: noop }" : "{ format: delta, path: " + job.table() + " }");
        yaml.append("\noutputMode: ").append(state ? "update" : "append");
        yaml.append("\ntrigger: ").append(job.endless() ? "{ processingTime: 0 seconds }" : "{ availableNow: true }");
        yaml.append("\ncheckpointLocation: ").append(job.checkpoint());
        return yaml.append(
                        """

                        conf:
                          spark.sql.session.timeZone: UTC
                          spark.sql.shuffle.partitions: 4
                          spark.sql.streaming.stateStore.providerClass: \
                        org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider
                          spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled: "true"
                        """)
                .toString();
    }

    private static String sql(Query query) {
        return switch (query) {
            case PASS_THROUGH ->
                "SELECT event_id, user_id, page, amount * 1.19 AS gross, event_time FROM parsed WHERE amount >= 100";
            case WINDOWS ->
                "SELECT window.start AS window_start, window.end AS window_end, page, count(*) AS clicks,"
                        + " sum(amount) AS amount FROM parsed GROUP BY window(event_time, '5 minutes'), page";
            case USERS -> "SELECT user_id, count(*) AS events, sum(amount) AS amount FROM parsed GROUP BY user_id";
            case WIDE -> "SELECT c04, c29, c54, c79 FROM parsed WHERE c54 >= 100";
        };
    }

    /** All hundred columns, as whoever describes a record once would have them; the query reads four. */
    private static String wideSchema() {
        StringBuilder schema = new StringBuilder();
        String[] types = {"BIGINT", "STRING", "DOUBLE", "TIMESTAMP"};
        for (int column = 0; column < 100; column++) {
            schema.append(column == 0 ? "" : ", ")
                    .append(column < 10 ? "c0" : "c")
                    .append(column);
            schema.append(' ').append(types[column % 4]);
        }
        return schema.toString();
    }
}
