package io.tidemark.runtime.task;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.Source;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.LongVector;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.operator.BatchConsumer;
import io.tidemark.runtime.operator.OperatorWatermarks;
import io.tidemark.runtime.operator.PhysicalPlan;
import io.tidemark.runtime.operator.Pipeline;
import io.tidemark.runtime.operator.Shuffle;
import io.tidemark.runtime.operator.Stage;
import io.tidemark.runtime.operator.StatefulOperator;
import io.tidemark.runtime.operator.TaskContext;
import io.tidemark.runtime.shuffle.ShuffleSpace;
import io.tidemark.state.StagedState;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.StateStores;
import io.tidemark.state.StateVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A query of three stages over rows in memory: sums by key that last over batches, and over these, sums of what each batch
 * changed by {@code key % 7}. Its tasks can be made to fail, to hang, and to have their shuffle files damaged.
 */
final class StageWorld implements AutoCloseable {
    static final StructType ROWS =
            new StructType(List.of(new StructField("k", AtomicType.BIGINT), new StructField("v", AtomicType.BIGINT)));
    static final Shuffle BY_KEY = new Shuffle(0, ROWS, List.of(0), false);
    static final Shuffle BY_GROUP = new Shuffle(1, ROWS, List.of(0), false);
    static final StateStoreSpec LONGS =
            new StateStoreSpec(new StructType(List.of(ROWS.field(0))), new StructType(List.of(ROWS.field(1))));

    final TreeStores stores;
    private final StateStores state;
    final Rows source = new Rows();
    final Staging sink = new Staging();
    final Path spills;
    final ShuffleSpace space;
    final TaskScheduler scheduler;
    private final int partitions;
    private final List<StatefulOperator> operators;
    private final StageRunner runner;
    private Trouble trouble = (place, context) -> {};

    /** Something that happens to a task at a place: {@code 1 begins}, {@code 1 ends} for the operators of stage 1. */
    interface Trouble {
        void at(String place, TaskContext context) throws Exception;
    }

    StageWorld(Path spills, long memory, int threads, int partitions, Speculation speculation) {
        this(new TreeStores(), spills, memory, threads, partitions, speculation);
    }

    StageWorld(StateStores state, Path spills, long memory, int threads, int partitions, Speculation speculation) {
        this.state = state;
        this.stores = state instanceof TreeStores trees ? trees : new TreeStores();
        this.spills = spills;
        this.partitions = partitions;
        this.space = new ShuffleSpace(memory, spills);
        this.scheduler = new TaskScheduler("stages", threads, 4, speculation, TimeSource.system());
        Sums byKey = new Sums(1, 7, "1");
        Sums byGroup = new Sums(0, Long.MAX_VALUE, "2");
        this.operators = List.of(byGroup, byKey);
        PhysicalPlan plan = new PhysicalPlan(
                List.of(),
                List.of(),
                List.of(
                        new Stage(0, List.of(new Pipeline(new Pipeline.Scan(0, 0), List.of())), BY_KEY),
                        new Stage(1, List.of(new Pipeline(new Pipeline.Reduce(BY_KEY, byKey), List.of())), BY_GROUP),
                        new Stage(2, List.of(new Pipeline(new Pipeline.Reduce(BY_GROUP, byGroup), List.of())), null)),
                List.of(),
                operators,
                ROWS);
        this.runner = new StageRunner(plan, scheduler, space, TimeSource.system());
    }

    void trouble(Trouble happens) {
        trouble = happens;
    }

    /** A batch that ran. */
    record Ran(List<String> rows, List<StagedState> states, List<TaskResult> results, Effort effort) {}

    Ran run(long batchId) throws InterruptedException {
        Tally tally = new Tally();
        List<TaskResult> results = runner.run(work(batchId, new BatchWork.Destination(sink, attempt(batchId))), tally);
        List<String> rows = new ArrayList<>();
        List<StagedState> states = new ArrayList<>();
        for (TaskResult result : results) {
            if (result.staged() != null) {
                rows.addAll(sink.finished.get(result.staged()));
            }
            states.addAll(result.states());
        }
        return new Ran(rows, states, results, tally.effort());
    }

    List<OperatorReport> reports(Ran ran) {
        return OperatorReport.of(operators, ran.results);
    }

    List<TaskResult> observe(long batchId) throws InterruptedException {
        return runner.observe(work(batchId, null), new Tally());
    }

    private static Sink.BatchAttempt attempt(long batchId) {
        return new Sink.BatchAttempt(batchId, 1, "run");
    }

    private BatchWork work(long batchId, BatchWork.@Nullable Destination destination) {
        return new BatchWork(
                batchId,
                "run",
                new EvaluationContext(0, ZoneOffset.UTC, true),
                List.of(source),
                List.of(source.partitions()),
                new StateRun(state, id -> new StateVersion(batchId), OperatorWatermarks.NONE, partitions),
                destination);
    }

    /** Returns the spill files of a map task, of all its runs. */
    List<Path> spilled(int shuffle, int mapTask) {
        try (var files = Files.walk(spills)) {
            String label = "shuffle-" + shuffle + "-map-" + mapTask + "-";
            return files.filter(f -> f.getFileName().toString().startsWith(label))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        scheduler.close();
        space.close();
    }

    /** Returns a row of one long, as state keeps it. */
    static byte[] row(long value) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(8, value)
                .array();
    }

    static long value(byte[] row) {
        return ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN).getLong(8);
    }

    static ColumnBatch batch(List<long[]> rows) {
        long[] keys = new long[rows.size()];
        long[] values = new long[rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            keys[i] = rows.get(i)[0];
            values[i] = rows.get(i)[1];
        }
        return new ColumnBatch(
                ROWS,
                List.of(
                        new LongVector(AtomicType.BIGINT, keys.length, keys, null),
                        new LongVector(AtomicType.BIGINT, values.length, values, null)),
                rows.size());
    }

    /** Rows in memory, a few batches a partition. */
    static final class Rows implements Source {
        private final List<List<ColumnBatch>> content = new ArrayList<>();
        final ConcurrentHashMap<Integer, AtomicInteger> reads = new ConcurrentHashMap<>();

        record Part(int index) implements InputPartition {
            @Override
            public String describe() {
                return "rows-" + index;
            }
        }

        void draw(Random random, int partitions, int keys) {
            content.clear();
            reads.clear();
            for (int p = 0; p < partitions; p++) {
                List<ColumnBatch> batches = new ArrayList<>();
                for (int b = random.nextInt(4); b >= 0; b--) {
                    List<long[]> rows = new ArrayList<>();
                    for (int i = random.nextInt(120); i >= 0; i--) {
                        rows.add(new long[] {random.nextInt(keys), random.nextInt(1000)});
                    }
                    batches.add(batch(rows));
                }
                content.add(batches);
            }
        }

        List<InputPartition> partitions() {
            List<InputPartition> parts = new ArrayList<>();
            for (int p = 0; p < content.size(); p++) {
                parts.add(new Part(p));
            }
            return parts;
        }

        /** Returns how often each partition was read, by partition. */
        List<Integer> reads() {
            List<Integer> counts = new ArrayList<>();
            for (int p = 0; p < content.size(); p++) {
                counts.add(reads.getOrDefault(p, new AtomicInteger()).get());
            }
            return counts;
        }

        @Override
        public PartitionReader reader(InputPartition partition, int attempt) {
            int index = ((Part) partition).index;
            reads.computeIfAbsent(index, p -> new AtomicInteger()).incrementAndGet();
            Iterator<ColumnBatch> batches = content.get(index).iterator();
            return new PartitionReader() {
                @Override
                public @Nullable ColumnBatch next() {
                    return batches.hasNext() ? batches.next() : null;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public String description() {
            return "rows";
        }

        @Override
        public Offset initialOffset() {
            throw new UnsupportedOperationException("the partitions are given");
        }

        @Override
        public Optional<Offset> latestOffset(Offset start, ReadLimit limit) {
            return Optional.empty();
        }

        @Override
        public void prepareForTriggerAvailableNow() {}

        @Override
        public Plan plan(Offset start, Offset end, @Nullable String seal) {
            return new Plan(partitions(), List.of());
        }

        @Override
        public SortedMap<String, String> metrics(Offset end) {
            return new TreeMap<>();
        }

        @Override
        public void close(Duration deadline) {}
    }

    /** Keeps the rows of each writer that was finished. */
    static final class Staging implements Sink {
        final ConcurrentHashMap<String, List<String>> finished = new ConcurrentHashMap<>();

        @Override
        public TaskWriter openTask(BatchAttempt batch, int task, int attempt) {
            List<String> rows = new ArrayList<>();
            return new TaskWriter() {
                @Override
                public void write(ColumnBatch written) {
                    written.rows().forEach(row -> rows.add(row.get(0) + ":" + row.get(1)));
                }

                @Override
                public String finish() {
                    String name = batch.batchId() + "-" + task + "-" + attempt;
                    if (finished.put(name, rows) != null) {
                        throw new IllegalStateException("two attempts are called " + name);
                    }
                    return name;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public String description() {
            return "staging";
        }

        @Override
        public Optional<LedgerEntry> ledger() {
            return Optional.empty();
        }

        @Override
        public boolean keepsLedger() {
            return false;
        }

        @Override
        public String stage(BatchAttempt batch, List<String> taskResults) {
            return String.join(",", taskResults);
        }

        @Override
        public boolean isIntact(String token) {
            return true;
        }

        @Override
        public void commit(CommitRequest request) {}

        @Override
        public long rowsWritten() {
            return -1;
        }

        @Override
        public SortedMap<String, String> metrics() {
            return new TreeMap<>();
        }

        @Override
        public Optional<String> tableId() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }

    /** Adds up values by key over all batches; hands out {@code (key % modulus, sum)} of the keys that changed. */
    private final class Sums implements StatefulOperator {
        private static final int ROWS_OUT = 50;

        private final long id;
        private final long modulus;
        private final String place;

        Sums(long id, long modulus, String place) {
            this.id = id;
            this.modulus = modulus;
            this.place = place;
        }

        @Override
        public void run(TaskContext context, Iterator<ColumnBatch> input, BatchConsumer out) throws Exception {
            trouble.at(place + " begins", context);
            StateStore store = context.state().open(this, 0);
            Map<Long, Long> changed = new LinkedHashMap<>();
            while (input.hasNext()) {
                ColumnBatch batch = input.next();
                long[] keys = ((LongVector) batch.column(0)).values();
                long[] values = ((LongVector) batch.column(1)).values();
                for (int i = 0; i < batch.rowCount(); i++) {
                    byte[] key = row(keys[i]);
                    byte[] found = store.get(key);
                    long sum = values[i] + (found == null ? 0 : value(found));
                    store.put(key, row(sum));
                    changed.put(keys[i], sum);
                }
            }
            context.statistics().state(id).addUpdated(changed.size(), 1);
            List<long[]> rows = new ArrayList<>();
            for (Map.Entry<Long, Long> entry : changed.entrySet()) {
                rows.add(new long[] {entry.getKey() % modulus, entry.getValue()});
                if (rows.size() == ROWS_OUT) {
                    out.accept(batch(rows));
                    rows.clear();
                }
            }
            out.accept(batch(rows));
            trouble.at(place + " ends", context);
        }

        @Override
        public String describe() {
            return "Sums " + id;
        }

        @Override
        public boolean isSinglePartition() {
            return false;
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public String name() {
            return "sums";
        }

        @Override
        public List<StateStoreSpec> stores() {
            return List.of(LONGS);
        }

        @Override
        public @Nullable String watermarkColumn() {
            return null;
        }

        @Override
        public long watermarkDelayMillis() {
            return 0;
        }

        @Override
        public boolean wantsAnotherBatch(long evictionMillis, long nextMillis) {
            return false;
        }
    }
}
