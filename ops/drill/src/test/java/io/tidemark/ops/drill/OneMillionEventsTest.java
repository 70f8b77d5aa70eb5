package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.connectors.kafkabroker.KafkaBrokerProcess;
import io.tidemark.ops.drill.DeltaTableOracle.Count;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneMillionEventsTest {
    private static final int EVENTS = 1_000_000;

    @TempDir
    Path directory;

    @Test
    void everyOneOfAMillionEventsIsInTheTableOnce() throws Exception {
        try (KafkaBrokerProcess broker = KafkaBrokerProcess.start(directory.resolve("kafka"), 0);
                Events events = new Events(broker.bootstrapServers())) {
            broker.topics().create("events", 4);
            events.send("events", 4, 0, EVENTS);
            DrilledPipeline pipeline = DrilledPipeline.events(
                    TidemarkCommand.ofThisBuild(), directory, broker.bootstrapServers(), "events", 1);
            try (TidemarkRun run = pipeline.startAvailableNow(150_000)) {
                run.awaitExit(0, Duration.ofMinutes(2));
            }
            DeltaTableOracle table = DeltaTableOracle.read(pipeline.table());
            assertThat(table.countEvents()).isEqualTo(Count.exactlyOnce(EVENTS));
            List<Long> batches = LongStream.range(0, 7).boxed().toList();
            assertThat(table.transactions())
                    .extracting(DeltaTableOracle.Transaction::batchId)
                    .isEqualTo(batches);
            assertThat(pipeline.left().offsets()).containsExactlyElementsOf(batches);
            assertThat(pipeline.left().commits()).containsExactlyElementsOf(batches);
        }
    }
}
