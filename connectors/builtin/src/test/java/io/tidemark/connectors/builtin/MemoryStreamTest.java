package io.tidemark.connectors.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.connector.Source;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.connectors.builtin.Fixture.ManualTime;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryStreamTest {
    private final StructType schema =
            StructType.of(new StructField("page", AtomicType.STRING), new StructField("n", AtomicType.INT, false));
    private final MemoryStream stream = MemoryStream.create(schema);
    private final MemorySourceProvider provider = new MemorySourceProvider();

    @AfterEach
    void close() {
        stream.close();
    }

    @Test
    void thereIsNoOffsetUntilSomethingIsAdded() {
        Source source = open(schema);
        assertThat(source.latestOffset(source.initialOffset(), ReadLimit.SOURCE_DEFAULT))
                .isEmpty();
        assertThat(stream.add(stream.row("/", 1))).isZero();
        assertThat(source.latestOffset(source.initialOffset(), ReadLimit.SOURCE_DEFAULT))
                .contains(new Offset("0"));
    }

    @Test
    void eachAddIsOneStepAndOnePartition() {
        stream.add(stream.row("/a", 1), stream.row(null, 2));
        stream.add();
        stream.add(List.of(stream.row("/b", 3)));
        Source source = open(schema);
        Source.Plan all = source.plan(source.initialOffset(), new Offset("2"), null);
        assertThat(all.partitions()).hasSize(3);
        assertThat(Fixture.rows(source, all.partitions()))
                .containsExactly(stream.row("/a", 1), stream.row(null, 2), stream.row("/b", 3));
        Source.Plan last = source.plan(new Offset("1"), new Offset("2"), null);
        assertThat(Fixture.rows(source, last.partitions())).containsExactly(stream.row("/b", 3));
    }

    @Test
    void aQueryThatStartsAgainReadsTheSameRows() {
        stream.add(stream.row("/a", 1));
        Source first = open(schema);
        Source second = open(schema);
        first.close();
        second.resume(new Offset("0"), null);
        assertThat(Fixture.rows(
                        second,
                        second.plan(new Offset("-1"), new Offset("0"), null).partitions()))
                .containsExactly(stream.row("/a", 1));
    }

    @Test
    void onlyTheColumnsAskedForAreRead() {
        stream.add(stream.row("/a", 1), stream.row("/b", 2));
        StructType n = StructType.of(schema.field(1));
        Source source = open(n);
        assertThat(Fixture.rows(
                        source,
                        source.plan(new Offset("-1"), new Offset("0"), null).partitions()))
                .extracting(row -> row.values().toString())
                .containsExactly("[1]", "[2]");
        Source counting = open(StructType.EMPTY);
        assertThat(Fixture.rows(
                        counting,
                        counting.plan(new Offset("-1"), new Offset("0"), null).partitions()))
                .hasSize(2);
    }

    @Test
    void availableNowFixesTheEnd() {
        stream.add(stream.row("/a", 1));
        Source source = open(schema);
        source.prepareForTriggerAvailableNow();
        stream.add(stream.row("/b", 2));
        assertThat(source.latestOffset(new Offset("-1"), ReadLimit.SOURCE_DEFAULT))
                .contains(new Offset("0"));
        assertThat(source.reportLatestOffset()).contains(new Offset("1"));
    }

    @Test
    void rowsThatDoNotFitAreRefusedAndNothingIsAdded() {
        assertThatThrownBy(() -> stream.add(stream.row("/a", 1), stream.row("/b", "two")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("value two does not fit column n INT NOT NULL");
        assertThatThrownBy(() -> stream.add(stream.row("/a", null))).hasMessage("column n INT NOT NULL takes no null");
        assertThat(stream.newestOffset()).isEqualTo(-1);
    }

    @Test
    void aCheckpointThatIsAheadOfTheStreamIsRefused() {
        stream.add(stream.row("/a", 1));
        Source source = open(schema);
        assertThatThrownBy(() -> source.resume(new Offset("4"), null))
                .hasMessageContaining("up to step 4, but it only goes to step 0");
    }

    @Test
    void aClosedStreamIsNotFound() {
        stream.close();
        assertThatThrownBy(() -> open(schema)).hasMessageContaining("There is no open MemoryStream of this id");
    }

    private Source open(StructType required) {
        Options options = new Options(stream.options());
        return Fixture.open(
                provider,
                options,
                provider.schema(options, null),
                required,
                new ManualTime(0),
                Path.of("sources", "0"));
    }
}
