package io.tidemark.ops.drill.retention;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.LostRange;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.connector.Source;
import io.tidemark.api.connector.SourceContext;
import io.tidemark.api.connector.SourceProvider;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.connectors.kafka.KafkaSourceProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Format {@code robbed-kafka}: the Kafka source itself, with the drill's {@link BatchHooks} between its calls. */
public final class HookedSourceProvider implements SourceProvider {
    static final String FORMAT = "robbed-kafka";
    private static final String HOOKS = "drill.hooks";
    private static final Map<String, BatchHooks> REGISTERED = new ConcurrentHashMap<>();

    private final KafkaSourceProvider kafka = new KafkaSourceProvider();

    /** For {@link java.util.ServiceLoader}. */
    public HookedSourceProvider() {}

    /** Makes hooks known for the run whose source has {@code options}, which it completes. */
    static void register(String run, BatchHooks hooks, Map<String, String> options) {
        REGISTERED.put(run, hooks);
        options.put(HOOKS, run);
    }

    static void forget(String run) {
        REGISTERED.remove(run);
    }

    @Override
    public String format() {
        return FORMAT;
    }

    @Override
    public StructType schema(Options options, @Nullable StructType declared) {
        return kafka.schema(withoutHooks(options), declared);
    }

    private static Options withoutHooks(Options options) {
        Map<String, String> rest = new TreeMap<>(options.asMap());
        rest.remove(HOOKS);
        return new Options(rest);
    }

    @Override
    public Source open(SourceContext context) {
        BatchHooks hooks = REGISTERED.get(context.options().require(HOOKS, "It is for the drill alone."));
        if (hooks == null) {
            throw new IllegalStateException("no hooks are registered for this run");
        }
        return new HookedSource(
                kafka.open(new SourceContext(
                        withoutHooks(context.options()),
                        context.schema(),
                        context.requiredSchema(),
                        context.queryId(),
                        context.storage(),
                        context.directory(),
                        new HookedTime(context.time(), hooks),
                        context.conf(),
                        context.parallelism())),
                hooks);
    }

    private record HookedTime(TimeSource time, BatchHooks hooks) implements TimeSource {
        @Override
        public long currentTimeMillis() {
            return time.currentTimeMillis();
        }

        @Override
        public long nanoTime() {
            return time.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            hooks.pausing();
            time.sleep(duration);
        }
    }

    private record HookedSource(Source source, BatchHooks hooks) implements Source {
        @Override
        public String description() {
            return source.description();
        }

        @Override
        public void validate() {
            source.validate();
        }

        @Override
        public Offset initialOffset() {
            return source.initialOffset();
        }

        @Override
        public Optional<Offset> latestOffset(Offset start, ReadLimit limit) {
            return source.latestOffset(start, limit);
        }

        @Override
        public Optional<Offset> reportLatestOffset() {
            return source.reportLatestOffset();
        }

        @Override
        public void prepareForTriggerAvailableNow() {
            source.prepareForTriggerAvailableNow();
        }

        @Override
        public Plan plan(Offset start, Offset end, @Nullable String seal) {
            return source.plan(start, end, seal);
        }

        @Override
        public PartitionReader reader(InputPartition partition, int attempt) {
            return new HookedReader(source.reader(partition, attempt), hooks);
        }

        @Override
        public Optional<String> seal(Offset end) {
            return source.seal(end);
        }

        @Override
        public void resume(Offset end, @Nullable String seal) {
            source.resume(end, seal);
        }

        @Override
        public void prefetch(Offset start) {
            source.prefetch(start);
        }

        @Override
        public void commit(Offset end) {
            source.commit(end);
        }

        @Override
        public SortedMap<String, String> metrics(Offset end) {
            return source.metrics(end);
        }

        @Override
        public void close(Duration deadline) {
            source.close(deadline);
        }
    }

    private record HookedReader(PartitionReader reader, BatchHooks hooks) implements PartitionReader {
        @Override
        public @Nullable ColumnBatch next() throws IOException, InterruptedException {
            hooks.beforeRead();
            return reader.next();
        }

        @Override
        public List<LostRange> losses() {
            return reader.losses();
        }

        @Override
        public Optional<String> place(int position) {
            return reader.place(position);
        }

        @Override
        public boolean leavesOut() {
            return reader.leavesOut();
        }

        @Override
        public void leaveOut(int position, String why) {
            reader.leaveOut(position, why);
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
