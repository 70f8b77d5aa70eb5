package io.tidemark.runtime.task;

import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.operator.Pipeline;
import io.tidemark.runtime.operator.TaskContext;
import io.tidemark.runtime.operator.TaskStatistics;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the rows of a source that the query cannot use, by running parts of a batch through the steps to nowhere. Which
 * they are is a function of the rows, so a batch that is run again leaves out the same ones. A row counts as unusable if it
 * fails by itself; what fails only together with others, a sum that overflows, is nobody's fault. One thread.
 */
final class BadRows {
    private static final Logger LOG = LoggerFactory.getLogger(BadRows.class);

    private final Pipeline pipeline;
    private final TaskContext context;
    private final PartitionReader reader;
    private long leftOut;
    private String first = "";

    BadRows(Pipeline pipeline, TaskContext context, PartitionReader reader) {
        this.pipeline = pipeline;
        this.context = context;
        this.reader = reader;
    }

    /** Returns the batch without the rows that cannot be used; the reader gets to know of them. */
    ColumnBatch leaveOut(ColumnBatch batch) throws Exception {
        int count = batch.rowCount();
        BitSet bad = new BitSet();
        collect(batch, 0, count, bad);
        if (bad.isEmpty()) {
            return batch;
        }
        int[] kept = new int[count];
        int usable = 0;
        for (int i = 0; i < count; i++) {
            if (!bad.get(i)) {
                kept[usable++] = batch.selection().at(i);
            }
        }
        return batch.select(Selection.of(kept, usable));
    }

    private void collect(ColumnBatch batch, int from, int until, BitSet bad) throws Exception {
        EvaluationException failure = from == until ? null : probe(batch, from, until);
        if (failure == null) {
            return;
        } else if (until - from == 1) {
            bad.set(from);
            int position = batch.selection().at(from);
            if (leftOut++ == 0) {
                first = reader.place(position).orElse("row " + position) + ": " + failure.condition();
            }
            reader.leaveOut(position, failure.condition());
            return;
        }
        int middle = (from + until) >>> 1;
        collect(batch, from, middle, bad);
        collect(batch, middle, until, bad);
    }

    /** Returns the failure of a batch with the place of the row that made it fail, if it was one. */
    EvaluationException located(EvaluationException failure, ColumnBatch batch) throws Exception {
        int row = firstBad(batch, 0, batch.rowCount());
        Optional<String> place =
                row < 0 ? Optional.empty() : reader.place(batch.selection().at(row));
        return place.map(failure::at).orElse(failure);
    }

    private int firstBad(ColumnBatch batch, int from, int until) throws Exception {
        if (from == until || probe(batch, from, until) == null) {
            return -1;
        } else if (until - from == 1) {
            return from;
        }
        int middle = (from + until) >>> 1;
        int early = firstBad(batch, from, middle);
        return early >= 0 ? early : firstBad(batch, middle, until);
    }

    /** Returns how some rows of a batch fail, or null if they do not. */
    private @Nullable EvaluationException probe(ColumnBatch batch, int from, int until) throws Exception {
        int[] all = batch.selection().positions();
        int[] some = new int[until - from];
        Arrays.setAll(some, i -> all == null ? from + i : all[from + i]);
        TaskContext apart = new TaskContext(
                context.batchId(),
                context.partition(),
                context.attempt(),
                context.evaluation(),
                new TaskStatistics(),
                context.state(),
                context.watermarks());
        try {
            pipeline.open(apart, rows -> {}).accept(batch.select(Selection.of(some, some.length)));
            return null;
        } catch (EvaluationException e) {
            return e;
        }
    }

    /** Says in the log what was left out. */
    void report(String task) {
        if (leftOut > 0) {
            LOG.warn(
                    "{} left out {} records that the query cannot use, the first is {}; the checkpoint's ledger of losses"
                            + " has them all.",
                    task,
                    leftOut,
                    first);
        }
    }
}
