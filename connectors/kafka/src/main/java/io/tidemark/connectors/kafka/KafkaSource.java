package io.tidemark.connectors.kafka;

import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.connector.Source;
import io.tidemark.api.connector.SourceContext;
import io.tidemark.connectors.kafka.Anchors.Anchor;
import io.tidemark.connectors.kafka.Surveyor.Survey;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka source of one run. Planning, surveying and reading are in classes of their own; this one holds them together.
 */
final class KafkaSource implements Source {
    private final SourceContext context;
    private final KafkaSourceConfig config;
    private final KafkaErrors errors;
    private final ExecutorService background;
    private final KafkaCluster cluster;
    private final ConsumerPool pool;
    private final TopicWatch watch;
    private final Anchors anchors = new Anchors();
    private final OffsetPlanner offsets;
    private final BatchPlanner batches;
    private final HangingTransactions transactions;
    private final SlowCalls slow;
    private final StartingOffsetResolver starts;
    private final InitialOffsetFile initialFile;
    private StartingOffsetResolver.@Nullable Resolved validated;
    private @Nullable Offset resumedAt;

    KafkaSource(SourceContext context, KafkaSourceConfig config) {
        this.context = context;
        this.config = config;
        this.errors = new KafkaErrors(config);
        this.slow = new SlowCalls(config, context.time());
        String name = "tidemark-" + context.queryId().toString().substring(0, 8);
        this.background = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, name + "-kafka");
            thread.setDaemon(true);
            return thread;
        });
        KafkaClients clients = new KafkaClients(config, name);
        this.cluster = new KafkaCluster(config, errors, slow, clients, background);
        this.pool = new ConsumerPool(clients, background);
        this.watch = new TopicWatch(config, cluster);
        Surveyor surveyor = new Surveyor(config, cluster, context.time());
        EpochCheck epochs = new EpochCheck(config, clients, errors, slow);
        this.offsets = new OffsetPlanner(config, surveyor, anchors, epochs, context.time());
        this.batches = new BatchPlanner(config, surveyor, offsets, anchors, epochs);
        this.transactions = new HangingTransactions(config, cluster, context.time());
        this.starts = new StartingOffsetResolver(config, cluster, surveyor);
        this.initialFile = new InitialOffsetFile(context.storage(), context.directory());
        pool.warmUp();
    }

    @Override
    public String description() {
        return "KafkaV2[" + config.subscription() + "]";
    }

    @Override
    public void validate() {
        if (initialFile.read().isEmpty()) {
            validated = starts.resolve();
        }
    }

    @Override
    public Offset initialOffset() {
        Optional<Offset> stored = initialFile.read();
        if (stored.isPresent()) {
            return stored.get();
        }
        StartingOffsetResolver.Resolved resolved = validated != null ? validated : starts.resolve();
        Offset first = initialFile.store(resolved.offsets().toOffset());
        anchors.put(first, resolved.survey().anchor());
        return first;
    }

    @Override
    public Optional<Offset> latestOffset(Offset start, ReadLimit limit) {
        Optional<Offset> latest = offsets.latestOffset(start, limit);
        Survey survey = offsets.lastSurvey();
        if (survey != null) {
            transactions.look(survey.latest());
        }
        return latest;
    }

    @Override
    public Optional<Offset> reportLatestOffset() {
        Survey survey = offsets.lastSurvey();
        if (survey == null || survey.latest().isEmpty()) {
            return Optional.empty();
        }
        SortedMap<TopicPartition, Long> latest = KafkaOffsets.map();
        survey.latest().forEach((tp, p) -> latest.put(tp, p.offset()));
        return Optional.of(new KafkaOffsets(latest).toOffset());
    }

    @Override
    public void prepareForTriggerAvailableNow() {
        offsets.fixEnd();
    }

    @Override
    public Plan plan(Offset start, Offset end, @Nullable String seal) {
        if (seal != null) {
            anchors.put(end, Anchor.parse(seal));
        }
        Plan plan = batches.plan(start, end);
        watch.begin(plan.partitions().stream().map(KafkaPartition.class::cast).toList());
        return plan;
    }

    @Override
    public PartitionReader reader(InputPartition partition, int attempt) {
        KafkaPartition range = (KafkaPartition) partition;
        if (attempt > 0) {
            pool.forget(range.partition()); // it may be what failed the attempt before
        }
        return new KafkaPartitionReader(
                range, context.requiredSchema(), config, errors, slow, cluster, pool, watch, context.time(), attempt);
    }

    @Override
    public Optional<String> seal(Offset end) {
        Anchor anchor = anchors.of(end);
        if (anchor == null && resumedAt != null) { // the run that planned this end died before it could seal it
            Anchor start = anchors.of(resumedAt);
            if (start != null) {
                anchor = start.carriedTo(
                        KafkaOffsets.parse(resumedAt).byPartition(),
                        KafkaOffsets.parse(end).byPartition());
                anchors.put(end, anchor);
            }
        }
        return Optional.ofNullable(anchor).map(Anchor::json);
    }

    @Override
    public void resume(Offset end, @Nullable String seal) {
        if (seal != null) {
            anchors.put(end, Anchor.parse(seal));
        }
        resumedAt = end;
        offsets.resume(end);
    }

    @Override
    public void prefetch(Offset start) {
        pool.prefetch(KafkaOffsets.parse(start).byPartition());
    }

    @Override
    public SortedMap<String, String> metrics(Offset end) {
        Survey survey = offsets.lastSurvey();
        if (survey == null || survey.latest().isEmpty()) {
            return Collections.emptySortedMap();
        }
        SortedMap<TopicPartition, Long> read = KafkaOffsets.parse(end).byPartition();
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        long sum = 0;
        for (TopicPartition tp : survey.latest().keySet()) {
            long behind = survey.latest(tp) - read.getOrDefault(tp, 0L);
            min = Math.min(min, behind);
            max = Math.max(max, behind);
            sum += behind;
        }
        SortedMap<String, String> metrics = transactions.metrics();
        metrics.putAll(slow.metrics());
        metrics.put("minOffsetsBehindLatest", Long.toString(min));
        metrics.put("maxOffsetsBehindLatest", Long.toString(max));
        metrics.put(
                "avgOffsetsBehindLatest",
                Double.toString((double) sum / survey.latest().size()));
        return metrics;
    }

    @Override
    public void close(Duration deadline) {
        pool.close(deadline.dividedBy(2));
        cluster.close(deadline.dividedBy(2));
        background.shutdown();
    }
}
