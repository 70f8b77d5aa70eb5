package io.tidemark.runtime.operator;

import io.tidemark.api.Row;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.state.StateIterator;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.codec.ColumnHash;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowDecoder;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs a plan batch by batch in one thread: map tasks over rows in memory, shuffles by Spark's hash, operators on stores
 * whose versions are kept. Each batch's late watermark is the eviction watermark of the batch before.
 */
final class OperatorHarness {
    static final EvaluationContext EVALUATION = new EvaluationContext(0, ZoneOffset.UTC, true);

    final PhysicalPlan plan;
    private final TestStores stores;
    private final BoundPlan bound;
    private final OutputMode mode;
    private final int partitions;
    private int mapTasks = 1;
    private int rowsPerBatch = 4096;
    private PhysicalPlan current;
    private TaskStatistics statistics = new TaskStatistics();
    private long batchId;
    private long lateMillis;

    OperatorHarness(BoundPlan plan, OutputMode mode, int partitions) {
        this(plan, mode, partitions, new VersionedStores());
    }

    OperatorHarness(BoundPlan plan, OutputMode mode, int partitions, TestStores stores) {
        this.stores = stores;
        this.bound = plan;
        this.mode = mode;
        this.partitions = partitions;
        this.plan = PhysicalPlanner.plan(plan, mode);
        this.current = this.plan;
    }

    /** Says how the rows of each source are cut: into how many tasks, and how many rows a batch of columns has. */
    OperatorHarness cut(int tasks, int rows) {
        mapTasks = tasks;
        rowsPerBatch = rows;
        return this;
    }

    /** Forgets what is remembered outside the stores, as a restart does. */
    void restart() {
        stores.restart();
        current = PhysicalPlanner.plan(bound, mode);
    }

    /**
     * Runs the next batch and returns what it hands to the sink, in order.
     *
     * @param evictionMillis watermark of this batch, and late watermark of the next
     * @param rows of each source's occurrence, by leaf; missing ones have none
     */
    List<Row> batch(long evictionMillis, Map<Integer, List<Row>> rows) {
        statistics = new TaskStatistics();
        TreeMap<Long, Long> late = new TreeMap<>();
        TreeMap<Long, Long> eviction = new TreeMap<>();
        for (StatefulOperator operator : current.operators()) {
            late.put(operator.id(), lateMillis);
            eviction.put(operator.id(), evictionMillis);
        }
        OperatorWatermarks watermarks = new OperatorWatermarks(late, eviction);
        TreeMap<Integer, List<List<ColumnBatch>>> shuffles = new TreeMap<>();
        List<Row> out = new ArrayList<>();
        try {
            for (Stage stage : current.stages()) {
                BatchConsumer sink = sink(stage, shuffles, out);
                for (Pipeline pipeline : stage.pipelines()) {
                    run(pipeline, watermarks, rows, shuffles, sink);
                }
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        batchId++;
        lateMillis = evictionMillis;
        return out;
    }

    /** Runs the next batch over the only source. */
    List<Row> batch(long evictionMillis, Row... rows) {
        return batch(evictionMillis, Map.of(0, List.of(rows)));
    }

    private BatchConsumer sink(Stage stage, Map<Integer, List<List<ColumnBatch>>> shuffles, List<Row> out) {
        if (stage.output() == null) {
            return rows -> out.addAll(rows.rows());
        }
        List<List<ColumnBatch>> blocks = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            blocks.add(new ArrayList<>());
        }
        shuffles.put(stage.output().id(), blocks);
        return rows -> scatter(rows, stage.output(), blocks);
    }

    private void scatter(ColumnBatch rows, Shuffle shuffle, List<List<ColumnBatch>> blocks) {
        if (!rows.schema().equals(shuffle.schema())) {
            throw new AssertionError(rows.schema() + " goes to a shuffle of " + shuffle.schema());
        }
        int[] hashes = new int[rows.selection().limit()];
        Arrays.fill(hashes, ColumnHash.SEED);
        shuffle.keys().forEach(k -> ColumnHash.update(rows.column(k), rows.selection(), hashes));
        for (int p = 0; p < (shuffle.single() ? 1 : partitions); p++) {
            int[] positions = new int[rows.rowCount()];
            int count = 0;
            for (int i = 0; i < rows.rowCount(); i++) {
                int row = rows.selection().at(i);
                if (shuffle.single() || ColumnHash.partition(hashes[row], partitions) == p) {
                    positions[count++] = row;
                }
            }
            blocks.get(p).add(rows.select(Selection.of(positions, count)));
        }
    }

    private void run(
            Pipeline pipeline,
            OperatorWatermarks watermarks,
            Map<Integer, List<Row>> rows,
            Map<Integer, List<List<ColumnBatch>>> shuffles,
            BatchConsumer sink)
            throws Exception {
        if (pipeline.head() instanceof Pipeline.Scan scan) {
            List<Row> all = rows.getOrDefault(scan.leaf(), List.of());
            StructType schema = current.sources().get(scan.source()).requiredSchema();
            for (int task = 0; task < mapTasks; task++) {
                List<Row> part = all.subList(all.size() * task / mapTasks, all.size() * (task + 1) / mapTasks);
                Pipeline.Run run = pipeline.open(context(task, watermarks, StateAccess.NONE), sink);
                for (int from = 0; from < part.size(); from += rowsPerBatch) {
                    run.accept(batch(schema, part.subList(from, Math.min(part.size(), from + rowsPerBatch))));
                }
                run.finish();
            }
            return;
        }
        Pipeline.Reduce reduce = (Pipeline.Reduce) pipeline.head();
        for (int p = 0; p < (reduce.operator().isSinglePartition() ? 1 : partitions); p++) {
            List<StateStore> opened = new ArrayList<>();
            int partition = p;
            TaskContext context = context(p, watermarks, (operator, store) -> {
                StateStoreSpec spec = operator.stores().get(store);
                StateStore made = stores.open(spec, new StateStoreId(operator.id(), partition, spec.name()), batchId);
                opened.add(made);
                return made;
            });
            Pipeline.Run run = pipeline.open(context, sink);
            reduce.operator()
                    .run(context, shuffles.get(reduce.input().id()).get(p).iterator(), run);
            run.finish();
            for (StateStore store : opened) {
                stores.finish(store);
            }
        }
    }

    private TaskContext context(int partition, OperatorWatermarks watermarks, StateAccess state) {
        return new TaskContext(batchId, partition, 0, EVALUATION, statistics, state, watermarks);
    }

    /** Returns what an operator counted in the last batch. */
    StateStatistics counted(long operator) {
        return statistics.state(operator);
    }

    /** Returns the decoded entries of an operator's store, each {@code key -> value}, sorted as text. */
    List<String> state(int operator) {
        StateStoreSpec spec = plan.operators().get(operator).stores().get(0);
        List<String> entries = new ArrayList<>();
        int count = plan.operators().get(operator).isSinglePartition() ? 1 : partitions;
        for (int p = 0; p < count; p++) {
            try (StateStore store = stores.open(spec, new StateStoreId(operator, p), batchId);
                    StateIterator found = store.iterator()) {
                while (found.next()) {
                    entries.add(text(spec.keySchema(), found.key()) + " -> " + text(spec.valueSchema(), found.value()));
                }
            }
        }
        entries.sort(null);
        return entries;
    }

    private static String text(StructType schema, byte[] row) {
        List<ColumnVector> columns =
                new RowDecoder(schema).decode(new RowBlock(row, new int[] {0}, new int[] {row.length}, 1));
        return Plans.show(new ColumnBatch(schema, columns, 1).rows().get(0));
    }

    static ColumnBatch batch(StructType schema, List<Row> content) {
        List<ColumnVector> columns = new ArrayList<>();
        for (StructField field : schema.fields()) {
            VectorBuilder builder = VectorBuilder.of(field.dataType(), content.size());
            content.forEach(row -> builder.append(row.<Object>getAs(field.name())));
            columns.add(builder.build());
        }
        return new ColumnBatch(schema, columns, content.size());
    }
}
