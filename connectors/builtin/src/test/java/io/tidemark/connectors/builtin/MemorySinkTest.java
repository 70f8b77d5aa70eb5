package io.tidemark.connectors.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.Row;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.Sink.CommitRequest;
import io.tidemark.api.connector.Sink.LedgerEntry;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemorySinkTest {
    private final StructType schema = StructType.EMPTY.add("n", AtomicType.INT);

    @AfterEach
    void drop() {
        MemorySink.drop("q");
    }

    @Test
    void rowsAreReadByTheNameOfTheQueryInTheOrderOfTheTasks() throws IOException {
        Sink sink = open(OutputMode.APPEND, Fixture.QUERY);
        Fixture.commit(sink, 0, schema, List.of(row(1), row(2)), List.of(row(3)));
        Fixture.commit(sink, 1, schema, List.of());
        Fixture.commit(sink, 2, schema, List.of(row(4)));
        assertThat(MemorySink.rows("q")).containsExactly(row(1), row(2), row(3), row(4));
        assertThat(MemorySink.batches("q")).containsOnlyKeys(0L, 1L, 2L).containsEntry(1L, List.of());
        assertThat(sink.rowsWritten()).isEqualTo(1);
        assertThat(MemorySink.rows("another")).isEmpty();
    }

    @Test
    void nothingShowsBeforeTheCommitAndACommitCountsOnce() throws IOException {
        Sink sink = open(OutputMode.APPEND, Fixture.QUERY);
        CommitRequest request = Fixture.stage(sink, 0, schema, List.of(row(1)));
        assertThat(MemorySink.rows("q")).isEmpty();
        assertThat(sink.isIntact(request.token())).isTrue();
        sink.commit(request);
        sink.commit(request);
        assertThat(MemorySink.rows("q")).containsExactly(row(1));
    }

    @Test
    void aRestartedQueryGoesOnAndABatchItHoldsIsDropped() throws IOException {
        Fixture.commit(open(OutputMode.APPEND, Fixture.QUERY), 0, schema, List.of(row(1)));
        Sink sink = open(OutputMode.APPEND, Fixture.QUERY);
        assertThat(sink.ledger()).contains(new LedgerEntry(0, sink.tableId().orElseThrow(), 1, "hash-0"));
        Fixture.commit(sink, 0, schema, List.of(row(1)));
        Fixture.commit(sink, 1, schema, List.of(row(2)));
        assertThat(MemorySink.rows("q")).containsExactly(row(1), row(2));
    }

    @Test
    void anotherQueryOfTheSameNameStartsAnew() throws IOException {
        Fixture.commit(open(OutputMode.APPEND, Fixture.QUERY), 0, schema, List.of(row(1)));
        Sink sink = open(OutputMode.APPEND, new UUID(1, 2));
        assertThat(sink.ledger()).isEmpty();
        assertThat(MemorySink.rows("q")).isEmpty();
    }

    @Test
    void completeModeReplacesWhatWasThere() throws IOException {
        Sink sink = open(OutputMode.COMPLETE, Fixture.QUERY);
        Fixture.commit(sink, 0, schema, List.of(row(1), row(2)));
        Fixture.commit(sink, 1, schema, List.of(row(9)));
        assertThat(MemorySink.rows("q")).containsExactly(row(9));
        assertThat(sink.keepsLedger()).isFalse();
    }

    @Test
    void aBatchStagedByAProcessThatIsGoneIsNotIntact() throws IOException {
        CommitRequest request = Fixture.stage(open(OutputMode.APPEND, Fixture.QUERY), 0, schema, List.of(row(1)));
        Sink sink = open(OutputMode.APPEND, Fixture.QUERY);
        assertThat(sink.isIntact(request.token())).isFalse();
        assertThatThrownBy(() -> sink.commit(request)).hasMessageContaining("Run the batch again");
    }

    private Sink open(OutputMode mode, UUID query) {
        return new MemorySinkProvider().open(Fixture.sinkContext(Map.of(), schema, mode, query));
    }

    private Row row(int n) {
        return Row.of(schema, List.of(n));
    }
}
