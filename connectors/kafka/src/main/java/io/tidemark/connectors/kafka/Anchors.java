package io.tidemark.connectors.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What tells whether an offset still means the log it was taken from: topic ids and leader epochs, for the few offsets
 * that are in play. One thread.
 */
final class Anchors {
    private static final int KEPT = 8;
    private static final Pattern UUID = Pattern.compile("[-_A-Za-z0-9]{22}");

    private final Map<String, Anchor> byOffset = new LinkedHashMap<>();

    /**
     * Facts about one offset; topics and partitions may be absent.
     *
     * @param left how far partitions were read that the cluster did not show any more when they were last in an offset
     *     line: the start of those that are in this line again, and where the others go on if they come back
     */
    record Anchor(
            SortedMap<String, Uuid> topicIds,
            SortedMap<TopicPartition, Integer> leaderEpochs,
            SortedMap<TopicPartition, Long> left) {
        @Nullable
        Uuid topicId(String topic) {
            return topicIds.get(topic);
        }

        int leaderEpoch(TopicPartition tp) {
            return leaderEpochs.getOrDefault(tp, -1);
        }

        /**
         * Returns what is known of {@code end} if the batch that ends there was planned from here: the same topics, but
         * for one that was found to be another when it was planned, which shows in an end below the start.
         */
        Anchor carriedTo(Map<TopicPartition, Long> start, Map<TopicPartition, Long> end) {
            SortedMap<String, Uuid> ids = new TreeMap<>(topicIds);
            start.forEach((tp, from) -> {
                if (end.getOrDefault(tp, from) < from) {
                    ids.remove(tp.topic());
                }
            });
            return new Anchor(ids, KafkaOffsets.map(), left);
        }

        /**
         * Returns {@code {"topicIds":{"t":"…"},"leaderEpochs":{"t":{"0":3}},"left":{"u":{"0":7}}}}, sorted; {@code left}
         * only if there is something in it.
         */
        String json() {
            ObjectNode root = OffsetJson.MAPPER.createObjectNode();
            ObjectNode ids = root.putObject("topicIds");
            topicIds.forEach((topic, id) -> ids.put(topic, id.toString()));
            ObjectNode epochs = root.putObject("leaderEpochs");
            leaderEpochs.forEach((tp, epoch) -> {
                if (epoch >= 0) {
                    epochs.withObjectProperty(tp.topic()).put(Integer.toString(tp.partition()), epoch);
                }
            });
            left.forEach((tp, offset) -> root.withObjectProperty("left")
                    .withObjectProperty(tp.topic())
                    .put(Integer.toString(tp.partition()), offset));
            return root.toString();
        }

        /** Reads what {@link #json} wrote. */
        static Anchor parse(String text) {
            try {
                JsonNode root = OffsetJson.MAPPER.readTree(text);
                SortedMap<String, Uuid> ids = new TreeMap<>();
                for (Map.Entry<String, JsonNode> e : root.path("topicIds").properties()) {
                    ids.put(e.getKey(), uuid(e.getValue().asText()));
                }
                SortedMap<TopicPartition, Integer> epochs = KafkaOffsets.map();
                KafkaOffsets.read(root.path("leaderEpochs").toString())
                        .forEach((tp, epoch) -> epochs.put(tp, Math.toIntExact(epoch)));
                SortedMap<TopicPartition, Long> left =
                        root.has("left") ? KafkaOffsets.read(root.path("left").toString()) : KafkaOffsets.map();
                return new Anchor(ids, epochs, left);
            } catch (JsonProcessingException | IllegalArgumentException | ArithmeticException e) {
                throw new TidemarkException(
                        ErrorCode.SOURCE_OFFSET_INVALID,
                        "The sealed facts about the Kafka offsets are not readable: " + text
                                + ". The checkpoint's sidecar was changed; restore it from a backup.",
                        e);
            }
        }
    }

    /** Returns the id that a text of 22 characters spells; others Kafka decodes as well, with whatever error. */
    private static Uuid uuid(String text) {
        if (!UUID.matcher(text).matches()) {
            throw new IllegalArgumentException("not a topic id: " + text);
        }
        return Uuid.fromString(text);
    }

    @Nullable
    Anchor of(Offset offset) {
        return byOffset.get(offset.json());
    }

    void put(Offset offset, Anchor anchor) {
        byOffset.remove(offset.json());
        byOffset.put(offset.json(), anchor);
        if (byOffset.size() > KEPT) {
            byOffset.remove(byOffset.keySet().iterator().next());
        }
    }
}
