package io.tidemark.connectors.kafka;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What the driver asks the cluster: which partitions there are and how far they go. Every call ends within the
 * configured deadline, with an error that names the servers. Any thread.
 */
final class KafkaCluster implements AutoCloseable {
    private final KafkaSourceConfig config;
    private final KafkaErrors errors;
    private final SlowCalls slow;
    private final CompletableFuture<Admin> admin;

    /** Makes the client on {@code background}, where it does not hold up the start. */
    KafkaCluster(
            KafkaSourceConfig config, KafkaErrors errors, SlowCalls slow, KafkaClients clients, Executor background) {
        this.config = config;
        this.errors = errors;
        this.slow = slow;
        this.admin = CompletableFuture.supplyAsync(clients::admin, background);
    }

    /**
     * The partitions that the subscription means.
     *
     * @param topicIds of the topics that exist
     * @param missing topics that the user named and that do not exist
     */
    record Layout(List<TopicPartition> partitions, SortedMap<String, Uuid> topicIds, SortedSet<String> missing) {}

    /**
     * A place in a partition.
     *
     * @param leaderEpoch -1 if the broker does not say
     */
    record Position(long offset, int leaderEpoch) {}

    /** Asks for offsets without waiting; {@link #positions} waits. */
    ListOffsetsResult ask(Collection<TopicPartition> partitions, Function<TopicPartition, OffsetSpec> spec) {
        return ask(
                partitions,
                spec,
                config.readCommitted() ? IsolationLevel.READ_COMMITTED : IsolationLevel.READ_UNCOMMITTED);
    }

    /** As {@link #ask(Collection, Function)}, as a reader with some isolation level would. */
    ListOffsetsResult ask(
            Collection<TopicPartition> partitions,
            Function<TopicPartition, OffsetSpec> spec,
            IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> request = KafkaOffsets.map();
        partitions.forEach(tp -> request.put(tp, spec.apply(tp)));
        return client().listOffsets(request, new ListOffsetsOptions(isolation));
    }

    /** Waits for the answers about {@code partitions}. */
    SortedMap<TopicPartition, Position> positions(ListOffsetsResult asked, Collection<TopicPartition> partitions) {
        SortedMap<TopicPartition, Position> result = KafkaOffsets.map();
        for (TopicPartition tp : partitions) {
            ListOffsetsResultInfo info = get("ask for the offsets of " + tp, asked.partitionResult(tp));
            result.put(tp, new Position(info.offset(), info.leaderEpoch().orElse(-1)));
        }
        return result;
    }

    /** Returns where {@code partitions} begin or end. */
    SortedMap<TopicPartition, Position> positions(
            Collection<TopicPartition> partitions, Function<TopicPartition, OffsetSpec> spec) {
        return partitions.isEmpty() ? KafkaOffsets.map() : positions(ask(partitions, spec), partitions);
    }

    /** Returns the partitions that exist now. */
    Layout layout() {
        Subscription subscription = config.subscription();
        if (subscription instanceof Subscription.Topics topics) {
            return describe(topics.names(), p -> true);
        } else if (subscription instanceof Subscription.Matching matching) {
            List<String> names = new ArrayList<>();
            for (TopicListing topic :
                    get("list the topics", client().listTopics().listings())) {
                if (!topic.isInternal() && matching.means(topic.name())) {
                    names.add(topic.name());
                }
            }
            Layout found = describe(names, p -> true);
            return new Layout(found.partitions(), found.topicIds(), new TreeSet<>());
        }
        Subscription.Assigned assigned = (Subscription.Assigned) subscription;
        List<String> names = assigned.partitions().stream()
                .map(TopicPartition::topic)
                .distinct()
                .toList();
        return describe(names, assigned.partitions()::contains);
    }

    /** Returns the id that the topic has now, or empty if there is no such topic. */
    Optional<Uuid> topicId(String topic) {
        return Optional.ofNullable(
                describe(List.of(topic), p -> true).topicIds().get(topic));
    }

    /** Returns the ids that the topics have now, of those that there are. */
    SortedMap<String, Uuid> topicIds(Collection<String> topics) {
        return describe(List.copyOf(topics), p -> false).topicIds();
    }

    private Layout describe(List<String> names, Predicate<TopicPartition> wanted) {
        List<TopicPartition> partitions = new ArrayList<>();
        SortedMap<String, Uuid> ids = new TreeMap<>();
        SortedSet<String> missing = new TreeSet<>();
        if (!names.isEmpty()) {
            Map<String, KafkaFuture<TopicDescription>> asked =
                    new TreeMap<>(client().describeTopics(names).topicNameValues());
            asked.forEach((name, future) -> {
                long began = slow.begin();
                try {
                    TopicDescription topic = future.get(config.deadline().toMillis(), TimeUnit.MILLISECONDS);
                    ids.put(name, topic.topicId());
                    topic.partitions().stream()
                            .map(p -> new TopicPartition(name, p.partition()))
                            .filter(wanted)
                            .forEach(partitions::add);
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                        throw errors.translate("describe topic " + name, e);
                    }
                    missing.add(name);
                } catch (TimeoutException e) {
                    throw errors.translate("describe topic " + name, e);
                } catch (InterruptedException e) {
                    throw interrupted();
                } finally {
                    slow.ended("describe topic " + name, began);
                }
            });
        }
        partitions.sort(KafkaOffsets.ORDER);
        return new Layout(List.copyOf(partitions), ids, missing);
    }

    private Admin client() {
        try {
            return admin.get(config.deadline().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw errors.translate("make a client", e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private <T> T get(String doing, KafkaFuture<T> future) {
        long began = slow.begin();
        try {
            return future.get(config.deadline().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw errors.translate(doing, e);
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            slow.ended(doing, began);
        }
    }

    static TidemarkException interrupted() {
        Thread.currentThread().interrupt();
        return new TidemarkException(
                ErrorCode.QUERY_STOPPED, "The query was stopped while it waited for Kafka. Start it again to go on.");
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    /** Ends what is under way within {@code deadline}. */
    void close(Duration deadline) {
        admin.whenComplete((client, failure) -> {
            if (client != null) {
                client.close(deadline);
            }
        });
    }
}
