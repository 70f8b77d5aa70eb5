package io.tidemark.runtime.task;

import io.tidemark.api.TimeSource;
import io.tidemark.runtime.operator.StateAccess;
import io.tidemark.runtime.operator.StatefulOperator;
import io.tidemark.state.StagedState;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.StateStores;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The stores of one attempt of a task. Either {@link #commit} stages the next version of all of them, or closing leaves all
 * as they were. One thread.
 */
final class TaskState implements StateAccess, AutoCloseable {
    private final StateRun run;
    private final StatefulOperator operator;
    private final int partition;
    private final String attempt;
    private final TimeSource time;
    private final @Nullable StateStore[] opened;

    /** @param attempt names the directory of what is staged */
    TaskState(StateRun run, StatefulOperator operator, int partition, String attempt, TimeSource time) {
        this.run = run;
        this.operator = operator;
        this.partition = partition;
        this.attempt = attempt;
        this.time = time;
        this.opened = new StateStore[operator.stores().size()];
    }

    @Override
    public StateStore open(StatefulOperator wanted, int store) {
        if (wanted.id() != operator.id()) {
            throw new IllegalStateException(
                    wanted.describe() + " asks for its state in a task of " + operator.describe());
        }
        StateStore open = opened[store];
        if (open == null) {
            StateStoreSpec spec = operator.stores().get(store);
            StateStoreId id = new StateStoreId(operator.id(), partition, spec.name());
            open = stores().open(spec, id, run.versions().apply(id), attempt);
            opened[store] = open;
        }
        return open;
    }

    private StateStores stores() {
        StateStores stores = run.stores();
        if (stores == null) {
            throw new IllegalStateException(operator.describe() + " runs without state stores");
        }
        return stores;
    }

    /** Stages a new version of every store, also of those the operator had no use for: every batch makes one. */
    StateCommit commit() {
        long rows = 0;
        long memory = 0;
        TreeMap<String, Long> metrics = new TreeMap<>();
        List<StagedState> staged = new ArrayList<>();
        long begun = time.nanoTime();
        for (int i = 0; i < opened.length; i++) {
            StateStore store = open(operator, i);
            long size = store.size();
            rows = rows < 0 || size < 0 ? -1 : rows + size;
            memory += store.memoryBytes();
            staged.add(store.commit());
            store.metrics().forEach((metric, value) -> metrics.merge(metric, value, Long::sum));
        }
        return new StateCommit(staged, rows, time.nanoTime() - begun, memory, metrics);
    }

    /** Ends the use of all stores; aborts those that were not committed. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (StateStore store : opened) {
            if (store != null) {
                try {
                    store.close();
                } catch (RuntimeException e) {
                    failure = e;
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
