package io.tidemark.connectors.builtin;

import io.tidemark.api.Row;
import io.tidemark.api.connector.Sink.BatchAttempt;
import io.tidemark.api.connector.Sink.CommitRequest;
import io.tidemark.api.connector.Sink.TaskWriter;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.vector.ColumnBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows that tasks wrote and no commit has shown yet, in this process only: a token of a process that is gone is not
 * intact, so its batch runs again. Safe for use by the task threads.
 */
final class StagedRows {
    private final int maxRowsPerTask;
    private final Map<String, Block> tasks = new ConcurrentHashMap<>();
    private final Map<String, Block> batches = new ConcurrentHashMap<>();
    private final AtomicLong nextBlock = new AtomicLong();

    /** @param maxRowsPerTask rows beyond it are counted and not kept */
    StagedRows(int maxRowsPerTask) {
        this.maxRowsPerTask = maxRowsPerTask;
    }

    TaskWriter open(BatchAttempt batch, int task, int attempt) {
        return new Collector(batch.attemptUuid() + "/" + batch.batchId() + "/" + task + "/" + attempt + "/"
                + nextBlock.getAndIncrement());
    }

    /** Joins the tasks' rows in the order given. */
    String stage(BatchAttempt batch, List<String> taskResults) {
        List<Row> rows = new ArrayList<>();
        long count = 0;
        for (String result : taskResults) {
            Block block = tasks.get(result);
            if (block == null) {
                throw new IllegalStateException("no task of this run staged " + result);
            }
            rows.addAll(block.rows);
            count += block.count;
        }
        String token = batch.attemptUuid() + "/" + batch.batchId() + "/" + nextBlock.getAndIncrement();
        batches.put(token, new Block(rows, count));
        return token;
    }

    boolean holds(String token) {
        return batches.containsKey(token);
    }

    /** Hands out a staged batch and forgets everything staged; null if it is not there (any more). */
    @Nullable
    Block take(String token) {
        Block block = batches.remove(token);
        if (block != null) {
            clear();
        }
        return block;
    }

    /** Returns the failure of a commit whose rows are gone. */
    static TidemarkException lost(String format, CommitRequest request) {
        return new TidemarkException(
                ErrorCode.SINK_STAGED_FILE_LOST,
                "Cannot commit batch " + request.batchId() + " to the " + format
                        + " sink: its rows were staged in a process that is gone. Run the batch again.");
    }

    void clear() {
        tasks.clear();
        batches.clear();
    }

    /**
     * Some rows.
     *
     * @param count how many there were, kept or not
     */
    record Block(List<Row> rows, long count) {}

    private final class Collector implements TaskWriter {
        private final String name;
        private final List<Row> rows = new ArrayList<>();
        private long count;

        private Collector(String name) {
            this.name = name;
        }

        @Override
        public void write(ColumnBatch batch) {
            count += batch.rowCount();
            List<Row> more = rows.size() < maxRowsPerTask ? batch.rows() : List.of();
            rows.addAll(more.subList(0, Math.min(more.size(), maxRowsPerTask - rows.size())));
        }

        @Override
        public String finish() {
            tasks.put(name, new Block(rows, count));
            return name;
        }

        @Override
        public void close() {}
    }
}
