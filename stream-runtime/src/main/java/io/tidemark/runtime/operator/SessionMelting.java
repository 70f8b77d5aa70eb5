package io.tidemark.runtime.operator;

import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.StructVector;
import io.tidemark.runtime.aggregate.AggregateFunction;
import io.tidemark.runtime.expression.function.VectorGather;
import io.tidemark.state.StateIterator;
import io.tidemark.state.StateStore;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowDecoder;
import io.tidemark.state.codec.RowEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Melts the new sessions of a batch with the stored ones of their keys. One thread; for one batch.
 *
 * <p>All of them are kept as rows of the state's value. Sorted by key and start, a session that starts at or before the
 * end of those before it joins them. Where starts are equal a stored session goes first, then the one that ends first,
 * then the one that came first: so orders Spark too, and functions such as {@code first} depend on it.
 */
final class SessionMelting {
    private final SessionLayout layout;
    private final RowEncoder valueEncoder;
    private final GroupTable keys;
    private final RowBlock.Builder rows = new RowBlock.Builder(1024, 1024 * 64);
    private final RowBlock.Builder storedKeys = new RowBlock.Builder(16, 1024);
    private int[] groups = new int[1024];
    private long[] starts = new long[1024];
    private long[] ends = new long[1024];
    private int fresh;

    SessionMelting(SessionLayout layout) {
        this.layout = layout;
        this.valueEncoder = new RowEncoder(layout.value());
        this.keys = new GroupTable(layout.prefix());
    }

    /** Takes new sessions: rows of the value's schema. */
    void add(ColumnBatch batch, Selection selection) {
        int[] groupOf = keys.groupsOf(layout.prefixColumns(batch.columns()), selection);
        StructVector session = (StructVector) batch.column(layout.session());
        long[] from = ((LongVector) session.child(0)).values();
        long[] until = ((LongVector) session.child(1)).values();
        int at = rows.count();
        reserve(at + selection.count());
        for (int i = 0; i < selection.count(); i++) {
            int row = selection.at(i);
            groups[at] = groupOf[row];
            starts[at] = from[row];
            ends[at++] = until[row];
        }
        valueEncoder.encode(batch.columns(), selection, rows);
        fresh = at;
    }

    /** Reads what the store has of every key that has a new session. Called once, behind the last of them. */
    void addStored(StateStore store) {
        RowBlock prefixes = keys.keys();
        for (int group = 0; group < keys.size(); group++) {
            try (StateIterator stored = store.prefixScan(prefixes.copy(group))) {
                while (stored.next()) {
                    byte[] value = stored.value();
                    int at = rows.count();
                    reserve(at + 1);
                    int start = layout.startOffset(value);
                    groups[at] = group;
                    starts[at] = EncodedWord.at(value, start);
                    ends[at] = EncodedWord.at(value, start + 8);
                    rows.add(value);
                    storedKeys.add(stored.key());
                }
            }
        }
    }

    private void reserve(int count) {
        if (count > groups.length) {
            int room = Math.max(count, groups.length + (groups.length >> 1));
            groups = Arrays.copyOf(groups, room);
            starts = Arrays.copyOf(starts, room);
            ends = Arrays.copyOf(ends, room);
        }
    }

    /**
     * What came of it.
     *
     * @param grouping the grouping columns of each session
     * @param starts of each session; microseconds
     * @param buffers of each session
     * @param gone keys of stored sessions that are no more
     */
    record Sessions(int count, List<ColumnVector> grouping, long[] starts, List<ColumnVector> buffers, RowBlock gone) {}

    Sessions melt(List<AggregateFunction> functions) {
        int count = rows.count();
        if (count == 0) {
            return new Sessions(0, List.of(), new long[0], List.of(), RowBlock.EMPTY);
        }
        int[] order = order(count);
        int[] sessionOf = new int[count]; // by place in the order
        int[] firstOf = new int[count];
        long[] sessionStarts = new long[count];
        long[] sessionEnds = new long[count];
        RowBlock.Builder gone = new RowBlock.Builder(16, 1024);
        RowBlock stored = storedKeys.build();
        int session = -1;
        for (int i = 0; i < count; i++) {
            int row = order[i];
            if (session < 0 || groups[row] != groups[order[i - 1]] || starts[row] > sessionEnds[session]) {
                session++;
                firstOf[session] = i;
                sessionStarts[session] = starts[row];
                sessionEnds[session] = ends[row];
            } else {
                sessionEnds[session] = Math.max(sessionEnds[session], ends[row]);
            }
            sessionOf[i] = session;
            if (row >= fresh && starts[row] != sessionStarts[session]) {
                int key = row - fresh;
                gone.add(stored.data(), stored.start(key), stored.length(key));
            }
        }
        int sessions = session + 1;
        List<ColumnVector> columns = decoded(order);
        AggregateBuffers buffers = new AggregateBuffers(functions);
        buffers.grow(sessions);
        buffers.merge(sessionOf, columns, layout.grouping().size(), Selection.all(count));
        return new Sessions(
                sessions,
                grouping(columns, firstOf, sessionStarts, sessionEnds, sessions),
                Arrays.copyOf(sessionStarts, sessions),
                buffers.buffers(sessions),
                gone.build());
    }

    /** Returns the rows by key, start and so on; keys in the order in which they came. */
    private int[] order(int count) {
        int[] ends = new int[keys.size() + 1];
        for (int i = 0; i < count; i++) {
            ends[groups[i] + 1]++;
        }
        for (int group = 0; group < keys.size(); group++) {
            ends[group + 1] += ends[group];
        }
        int[] next = Arrays.copyOf(ends, keys.size());
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[next[groups[i]]++] = i;
        }
        StableSort sort = new StableSort(this::compare);
        for (int group = 0; group < keys.size(); group++) {
            sort.sort(order, ends[group], ends[group + 1]);
        }
        return order;
    }

    private int compare(int left, int right) {
        if (starts[left] != starts[right]) {
            return Long.compare(starts[left], starts[right]);
        }
        boolean leftFresh = left < fresh;
        return leftFresh == right < fresh ? Long.compare(ends[left], ends[right]) : leftFresh ? 1 : -1;
    }

    private List<ColumnVector> decoded(int[] order) {
        RowBlock block = rows.build();
        int[] at = new int[order.length];
        int[] lengths = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            at[i] = block.start(order[i]);
            lengths[i] = block.length(order[i]);
        }
        return new RowDecoder(layout.value()).decode(new RowBlock(block.data(), at, lengths, order.length));
    }

    private List<ColumnVector> grouping(
            List<ColumnVector> columns, int[] firstOf, long[] sessionStarts, long[] sessionEnds, int sessions) {
        List<ColumnVector> grouping = new ArrayList<>(layout.grouping().size());
        for (int c = 0; c < layout.grouping().size(); c++) {
            grouping.add(
                    c == layout.session()
                            ? TimeWindowStep.window(
                                    (StructType) layout.grouping().field(c).dataType(),
                                    sessionStarts,
                                    sessionEnds,
                                    sessions)
                            : VectorGather.gather(columns.get(c), firstOf, sessions));
        }
        return grouping;
    }
}
