package io.tidemark.connectors.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The next offset to read, per partition, and its text in Spark's order of keys. */
record KafkaOffsets(SortedMap<TopicPartition, Long> byPartition) {
    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private static final Pattern PARTITION = Pattern.compile("0|[1-9][0-9]{0,9}");

    KafkaOffsets {
        TreeMap<TopicPartition, Long> copy = new TreeMap<>(ORDER);
        copy.putAll(byPartition);
        byPartition = Collections.unmodifiableSortedMap(copy);
    }

    /** Returns an empty map in the order of partitions. */
    static <V> TreeMap<TopicPartition, V> map() {
        return new TreeMap<>(ORDER);
    }

    /**
     * Reads an offset line, whatever the order of its keys.
     *
     * @throws TidemarkException {@code SOURCE_OFFSET_INVALID} if it is not one
     */
    static KafkaOffsets parse(Offset offset) {
        try {
            return new KafkaOffsets(readLogged(offset.json()));
        } catch (IllegalArgumentException e) {
            throw new TidemarkException(
                    ErrorCode.SOURCE_OFFSET_INVALID,
                    "The logged offset " + offset.json() + " is not one of a Kafka source: " + e.getMessage()
                            + ". Check that the sources of the query are the same, in the same order, as when the"
                            + " checkpoint was written.",
                    e);
        }
    }

    /**
     * Reads what stands in a checkpoint: {@code {"topic":{"0":5}}} with offsets alone, not "earliest" or "latest".
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what
     */
    static SortedMap<TopicPartition, Long> readLogged(String text) {
        SortedMap<TopicPartition, Long> offsets = read(text);
        offsets.forEach((tp, offset) -> {
            if (offset < 0) {
                throw new IllegalArgumentException("partition " + tp + " has the negative offset " + offset);
            }
        });
        return offsets;
    }

    /**
     * Reads {@code {"topic":{"0":5}}}.
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what
     */
    static SortedMap<TopicPartition, Long> read(String text) {
        JsonNode root = tree(text);
        TreeMap<TopicPartition, Long> result = map();
        for (Map.Entry<String, JsonNode> topic : root.properties()) {
            if (!topic.getValue().isObject()) {
                throw new IllegalArgumentException(
                        "topic '" + topic.getKey() + "' has no map from partition to number");
            }
            for (Map.Entry<String, JsonNode> partition : topic.getValue().properties()) {
                if (!partition.getValue().isIntegralNumber()
                        || !partition.getValue().canConvertToLong()) {
                    throw new IllegalArgumentException("topic '" + topic.getKey() + "' partition " + partition.getKey()
                            + " has no whole number: " + partition.getValue());
                }
                result.put(
                        new TopicPartition(topic.getKey(), partitionNumber(partition.getKey())),
                        partition.getValue().longValue());
            }
        }
        return result;
    }

    /**
     * Reads {@code {"topic":[0,1]}}.
     *
     * @throws IllegalArgumentException if the text is anything else; the message says what
     */
    static List<TopicPartition> readPartitions(String text) {
        List<TopicPartition> result = new ArrayList<>();
        for (Map.Entry<String, JsonNode> topic : tree(text).properties()) {
            if (!topic.getValue().isArray()) {
                throw new IllegalArgumentException("topic '" + topic.getKey() + "' has no list of partitions");
            }
            for (JsonNode partition : topic.getValue()) {
                result.add(new TopicPartition(topic.getKey(), partitionNumber(partition.asText())));
            }
        }
        result.sort(ORDER);
        return result;
    }

    private static JsonNode tree(String text) {
        try {
            @Nullable JsonNode root = OffsetJson.MAPPER.readTree(text);
            if (root == null || !root.isObject()) {
                throw new IllegalArgumentException("not a JSON object");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON (" + e.getOriginalMessage() + ")", e);
        }
    }

    private static int partitionNumber(String text) {
        if (PARTITION.matcher(text).matches()) { // no other spelling: two of them would be one partition
            try {
                return Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'" + text + "' is too large for a partition number", e);
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not a partition number");
    }

    /** Returns the offset line that Spark would write. */
    Offset toOffset() {
        SortedMap<String, List<Integer>> partitions = new TreeMap<>();
        List<String> puts = new ArrayList<>();
        for (TopicPartition tp : byPartition.keySet()) {
            partitions.computeIfAbsent(tp.topic(), t -> new ArrayList<>()).add(tp.partition());
            puts.add(tp.topic());
        }
        StringBuilder out = new StringBuilder("{");
        for (Iterator<String> topics = ScalaHashOrder.of(puts, String::hashCode).iterator(); topics.hasNext(); ) {
            String topic = topics.next();
            out.append('"').append(topic).append("\":{");
            List<Integer> order = ScalaHashOrder.of(partitions.getOrDefault(topic, List.of()), p -> p);
            for (int i = 0; i < order.size(); i++) {
                TopicPartition tp = new TopicPartition(topic, order.get(i));
                out.append(i == 0 ? "\"" : ",\"").append(tp.partition()).append("\":");
                out.append(byPartition.get(tp));
            }
            out.append(topics.hasNext() ? "}," : "}");
        }
        return new Offset(out.append('}').toString());
    }
}
