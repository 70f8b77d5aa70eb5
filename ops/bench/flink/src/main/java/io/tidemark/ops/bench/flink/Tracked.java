package io.tidemark.ops.bench.flink;

import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/** Lets rows through, in the task that reads them, and tells {@link Positions} of checkpoints. */
final class Tracked<T> extends RichMapFunction<T, T> implements CheckpointedFunction, CheckpointListener {
    private static final long serialVersionUID = 1;

    private final int partitions;

    Tracked(int partitions) {
        this.partitions = partitions;
    }

    @Override
    public T map(T row) {
        return row;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        Positions.snapshot(context.getCheckpointId(), Positions.read(partitions));
    }

    @Override
    public void initializeState(FunctionInitializationContext context) {
        // no state of its own
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        Positions.complete(checkpoint);
    }
}
