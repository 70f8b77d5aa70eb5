package io.tidemark.ops.spark;

import io.tidemark.ops.drill.Events;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a pipeline does with the view {@code events} (Kafka's columns), which both engines are told alike.
 *
 * @param views in YAML, indented by two; may be empty
 * @param sql one line
 * @param mergeKeys columns; may be empty
 * @param conf settings besides the number of state partitions
 */
record PipelineText(
        String name, String views, String sql, String outputMode, String mergeKeys, Map<String, String> conf) {
    /** Divisible by the number of Kafka partitions, so that each gives as much to every batch. */
    static final int MAX_OFFSETS = 402;

    /** A query without state: parse, compute, filter. */
    static final PipelineText STATELESS = new PipelineText(
            "hand-over",
            "",
            "SELECT d.event_id, d.user_id, d.page, d.amount * 2 AS doubled, d.event_time, topic, offset FROM"
                    + " (SELECT from_json(CAST(value AS STRING), '" + Events.SCHEMA
                    + "') AS d, topic, offset FROM events) WHERE d.event_id >= 0",
            "append",
            "",
            Map.of());

    /**
     * Returns a query over the view {@code clicks}: the events parsed, with a watermark of {@code delay}, and
     * with {@code share}: doubles whose sums are exact, whoever adds first.
     */
    static PipelineText overClicks(String name, String delay, String sql, String outputMode) {
        String views =
                """
                  - name: clicks
                    sql: SELECT d.*, d.event_id / 1024D AS share FROM (SELECT from_json(CAST(value AS STRING), '%s') AS d FROM events)
                    watermark: { column: event_time, delay: %s }
                """
                        .formatted(Events.SCHEMA, delay);
        return new PipelineText(name, views, sql, outputMode, "", Map.of());
    }

    /** Returns this query with a line about duplicates in its last view. */
    PipelineText dropping(String line) {
        return new PipelineText(name, views + "    " + line + "\n", sql, outputMode, mergeKeys, conf);
    }

    /** Returns this query with one more column in its view. */
    PipelineText computing(String column) {
        return new PipelineText(
                name,
                views.replace("d.event_id / 1024D", column + ", d.event_id / 1024D"),
                sql,
                outputMode,
                mergeKeys,
                conf);
    }

    /** Returns this query with rows that replace those of their key. */
    PipelineText replacing(String keys) {
        return new PipelineText(name, views, sql, "update", keys, conf);
    }

    /** Returns this query with one more setting. */
    PipelineText with(String key, String value) {
        TreeMap<String, String> more = new TreeMap<>(conf);
        more.put(key, value);
        return new PipelineText(name, views, sql, outputMode, mergeKeys, more);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Returns the file. */
    String yaml(String brokers, String topics, String table, String checkpoint) {
        StringBuilder yaml = new StringBuilder(
                """
                name: %s
                sources:
                  events:
                    format: kafka
                    options:
                      kafka.bootstrap.servers: %s
                      subscribe: %s
                      startingOffsets: earliest
                      maxOffsetsPerTrigger: %d
                """
                        .formatted(name, brokers, topics, MAX_OFFSETS));
        if (!views.isEmpty()) {
            yaml.append("views:\n").append(views);
        }
        yaml.append(
                """
                sql: |
                  %s
                sink:
                  format: delta
                  path: %s
                  mergeKeys: [%s]
                outputMode: %s
                checkpointLocation: %s
                conf:
                  spark.sql.shuffle.partitions: 2
                """
                        .formatted(sql, table, mergeKeys, outputMode, checkpoint));
        conf.forEach((key, value) ->
                yaml.append("  ").append(key).append(": \"").append(value).append("\"\n"));
        return yaml.toString();
    }
}
