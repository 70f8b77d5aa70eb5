package io.tidemark.runtime.batch;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.SinkContext;
import io.tidemark.api.connector.SinkProvider;
import io.tidemark.api.connector.Source;
import io.tidemark.api.connector.SourceContext;
import io.tidemark.api.connector.SourceProvider;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.api.streaming.StreamWrite;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.streaming.StreamingQueryManager;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.ClaimRequest;
import io.tidemark.checkpoint.Ownership;
import io.tidemark.checkpoint.format.PlanRecord;
import io.tidemark.checkpoint.format.SealedPlan.SinkRecord;
import io.tidemark.checkpoint.format.StreamMetadata;
import io.tidemark.runtime.conf.QueryConf;
import io.tidemark.runtime.operator.PhysicalPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a query: everything that can be wrong with it is found before anything is written, then its checkpoint is
 * claimed, then its identity is read (or made), and only then its thread begins. Sink and sources open at the same time,
 * since both may be slow.
 */
public final class QueryStarter {
    private static final Logger LOG = LoggerFactory.getLogger(QueryStarter.class);

    /** Makes the calling process fence a run that still holds the checkpoint; see the command line's take-over. */
    public static final String TAKE_OVER = "takeOver";

    /** Makes a query go on with a sink that lacks what it has committed; see the command line's new-sink. */
    public static final String NEW_SINK = "newSink";

    private final StreamWrite write;
    private final PhysicalPlan plan;
    private final List<SourceProvider> sourceProviders;
    private final SinkProvider sinkProvider;
    private final QueryConf conf;
    private final TimeSource time;
    private final StreamingQueryManager manager;
    private final BiFunction<Boolean, OptionalInt, String> explain;
    private final StorageProvider storages;

    /**
     * @param sourceProviders by the K of the plan's sources
     * @param explain gives the plan as text, extended or not, for so many partitions
     */
    public QueryStarter(
            StreamWrite write,
            PhysicalPlan plan,
            List<SourceProvider> sourceProviders,
            SinkProvider sinkProvider,
            QueryConf conf,
            TimeSource time,
            StreamingQueryManager manager,
            StorageProvider storages,
            BiFunction<Boolean, OptionalInt, String> explain) {
        this.write = write;
        this.plan = plan;
        this.sourceProviders = List.copyOf(sourceProviders);
        this.sinkProvider = sinkProvider;
        this.conf = conf;
        this.time = time;
        this.manager = manager;
        this.storages = storages;
        this.explain = explain;
    }

    /** Starts the query. On return it owns its checkpoint and runs. */
    public StreamingQuery start() {
        CheckpointPlace place = CheckpointPlace.of(write, conf, sinkProvider.allowsTemporaryCheckpoint());
        Storage storage = storages.openCheckpoint(place.location(), hadoopConf(conf.all()));
        Checkpoint checkpoint = Checkpoint.open(storage, place.location());
        checkpoint.refuseUnfinishedRepair();
        Optional<StreamMetadata> before = checkpoint.metadata();
        UUID assumed = before.map(StreamMetadata::queryId).orElseGet(UUID::randomUUID);
        Opened opened = open(assumed, checkpoint, before.isEmpty());
        try {
            UUID runId = UUID.randomUUID();
            Ownership ownership = checkpoint.claim(claim(runId));
            try {
                checkpoint.refuseUnfinishedRepair();
                UUID queryId = checkpoint.metadataOrCreate(() -> assumed).queryId();
                if (!queryId.equals(assumed)) {
                    // Another run made the query while this one was on its way here. It is fenced off by now, so that
                    // its query has to go on in this run.
                    opened.close();
                    opened = open(queryId, checkpoint, false);
                }
                QueryParts parts = new QueryParts(
                        queryId,
                        plan,
                        record(opened.sources),
                        conf,
                        checkpoint,
                        ownership,
                        opened.sources,
                        opened.sink,
                        opened.sink
                                .location()
                                .map(location -> new SinkRecord(sinkProvider.format(), location))
                                .orElse(null),
                        new Options(write.options()).flag(NEW_SINK, false),
                        time);
                Runnable atEnd = place.temporary()
                        ? () -> deleteQuietly(storage, checkpoint.layout().root())
                        : () -> {};
                Function<Boolean, String> text = extended -> explain.apply(extended, partitions(checkpoint));
                MicroBatchQuery query =
                        new MicroBatchQuery(parts, runId, write.name(), write.trigger(), manager, text, atEnd);
                query.start();
                return query;
            } catch (RuntimeException e) {
                ownership.close();
                throw e;
            }
        } catch (RuntimeException e) {
            opened.close();
            checkpoint.close();
            throw e;
        }
    }

    /** Returns into how many partitions a query splits rows by key that is started with these settings. */
    public static int partitions(QueryConf conf) {
        return LoggedConf.partitions(LoggedConf.fresh(conf));
    }

    /** Returns what the checkpoint has fixed; empty if it cannot be read any more. */
    private OptionalInt partitions(Checkpoint checkpoint) {
        try {
            return OptionalInt.of(checkpoint
                    .offsets()
                    .latest()
                    .map(newest -> LoggedConf.partitions(newest.metadata().conf()))
                    .orElseGet(() -> partitions(conf)));
        } catch (TidemarkException e) {
            return OptionalInt.empty();
        }
    }

    private record Opened(List<Source> sources, Sink sink) {
        void close() {
            sources.forEach(Source::close);
            sink.close();
        }
    }

    private Opened open(UUID queryId, Checkpoint checkpoint, boolean fresh) {
        CompletableFuture<Sink> sink = CompletableFuture.supplyAsync(() -> sinkProvider.open(sinkContext(queryId)));
        List<Source> sources = new ArrayList<>();
        try {
            for (int k = 0; k < plan.sources().size(); k++) {
                Source source = sourceProviders.get(k).open(sourceContext(k, queryId, checkpoint));
                sources.add(source);
                if (fresh) {
                    source.validate();
                }
            }
            return new Opened(sources, sink.join());
        } catch (RuntimeException e) {
            sources.forEach(Source::close);
            sink.thenAccept(Sink::close);
            if (e instanceof CompletionException wrapped && wrapped.getCause() instanceof RuntimeException cause) {
                throw cause;
            } else if (e instanceof CompletionException wrapped && wrapped.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }

    private SourceContext sourceContext(int k, UUID queryId, Checkpoint checkpoint) {
        PhysicalPlan.SourceSlot slot = plan.sources().get(k);
        return new SourceContext(
                new Options(slot.relation().options()),
                slot.schema(),
                slot.requiredSchema(),
                queryId,
                checkpoint.storage(),
                checkpoint.layout().source(k),
                time,
                conf.all(),
                conf.taskThreads());
    }

    private SinkContext sinkContext(UUID queryId) {
        TreeMap<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        options.putAll(write.options());
        options.remove(CheckpointPlace.OPTION);
        options.remove(TAKE_OVER);
        options.remove(NEW_SINK);
        return new SinkContext(
                new Options(options),
                plan.outputSchema(),
                write.partitionBy(),
                write.outputMode(),
                queryId,
                write.name(),
                storages,
                time,
                conf.all());
    }

    private PlanRecord record(List<Source> sources) {
        List<PlanRecord.SourceRecord> records = new ArrayList<>();
        for (int k : plan.leafSources()) {
            records.add(new PlanRecord.SourceRecord(
                    plan.sources().get(k).relation().format(), sources.get(k).description()));
        }
        return new PlanRecord(
                records,
                OperatorRecords.of(plan.operators()),
                write.outputMode().displayName(),
                conf.timeZone().getId(),
                conf.ansi());
    }

    private ClaimRequest claim(UUID runId) {
        boolean takeOver = new Options(write.options()).flag(TAKE_OVER, false);
        return new ClaimRequest(
                host(), ProcessHandle.current().pid(), time.currentTimeMillis(), runId.toString(), takeOver);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private static SortedMap<String, String> hadoopConf(Map<String, String> conf) {
        TreeMap<String, String> hadoop = new TreeMap<>();
        conf.forEach((key, value) -> {
            if (key.startsWith("spark.hadoop.")) {
                hadoop.put(key.substring("spark.hadoop.".length()), value);
            }
        });
        return hadoop;
    }

    private static void deleteQuietly(Storage storage, String root) {
        try {
            storage.deleteRecursively(root);
        } catch (IOException e) {
            LOG.warn("The temporary checkpoint '{}' could not be deleted.", root, e);
        }
    }
}
