package io.tidemark.connectors.kafka;

import io.tidemark.api.connector.Options;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.regex.BoundedText;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** Which partitions a source reads. {@link #toString} gives Spark's spelling. */
sealed interface Subscription {
    /** All partitions of the named topics, each of which has to exist. */
    record Topics(List<String> names) implements Subscription {
        public Topics {
            names = List.copyOf(names);
        }

        @Override
        public String toString() {
            return "Subscribe[" + String.join(", ", names) + "]";
        }
    }

    /** All partitions of the topics in whose name the pattern is found anywhere; internal topics never. */
    record Matching(Pattern pattern) implements Subscription {
        /**
         * Returns whether a topic is meant.
         *
         * @throws TidemarkException {@code INVALID_OPTION} if the pattern takes too long over the name
         */
        boolean means(String topic) {
            try {
                return pattern.matcher(new BoundedText(topic)).find();
            } catch (BoundedText.SearchEndedException e) {
                if (e.budget() == null) {
                    throw KafkaCluster.interrupted();
                }
                throw Options.invalid(
                        "subscribePattern",
                        pattern.pattern(),
                        "It " + e.getMessage() + ". Write it without nested repetition such as (a+)+.");
            }
        }

        @Override
        public String toString() {
            return "SubscribePattern[" + pattern.pattern() + "]";
        }
    }

    /** Those of the listed partitions that exist. */
    record Assigned(List<TopicPartition> partitions) implements Subscription {
        public Assigned {
            partitions = List.copyOf(partitions);
        }

        @Override
        public String toString() {
            return partitions.stream().map(TopicPartition::toString).collect(Collectors.joining(", ", "Assign[", "]"));
        }
    }
}
