package io.tidemark.connectors.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.Row;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.SinkProvider;
import io.tidemark.api.connector.SourceProvider;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class ProvidersTest {
    @Test
    void everyFormatIsFoundAsAService() {
        assertThat(ServiceLoader.load(SourceProvider.class))
                .extracting(SourceProvider::format)
                .contains("rate", "rate-micro-batch", "memory");
        assertThat(ServiceLoader.load(SinkProvider.class))
                .filteredOn(SinkProvider::allowsTemporaryCheckpoint)
                .extracting(SinkProvider::format)
                .contains("console", "memory", "noop");
    }

    @Test
    void noopCountsTheRowsItDrops() throws IOException {
        StructType schema = StructType.EMPTY.add("n", AtomicType.INT);
        Sink sink =
                new NoopSinkProvider().open(Fixture.sinkContext(Map.of(), schema, OutputMode.UPDATE, Fixture.QUERY));
        Row row = Row.of(schema, List.of(1));
        Fixture.commit(sink, 0, schema, List.of(row, row), List.of(row));
        assertThat(sink.rowsWritten()).isEqualTo(3);
    }
}
