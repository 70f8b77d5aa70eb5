package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.connectors.kafkabroker.KafkaBrokerProcess;
import io.tidemark.ops.drill.DeltaTableOracle.Count;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillDrillTest {
    @TempDir
    Path directory;

    @Test
    void noKillLosesOrDoublesAnEvent() throws Exception {
        KillDrill drill = new KillDrill("kill drill");
        try (KafkaBrokerProcess broker = KafkaBrokerProcess.start(directory.resolve("kafka"), 0)) {
            broker.topics().create("events", 3);
            DrilledPipeline pipeline = KillDrill.quick(
                    directory, (command, home) -> DrilledPipeline.events(command, home, broker, "events", 100));
            long sent;
            try (ArrivingEvents events = new ArrivingEvents(broker.bootstrapServers(), "events", 3, Events::json)) {
                drill.killEverywhere(pipeline);
                sent = events.stop();
            }
            KillDrill.finish(pipeline);
            DeltaTableOracle table = DeltaTableOracle.read(pipeline.table());
            assertThat(table.countEvents()).isEqualTo(Count.exactlyOnce(sent));
            long batches = KillDrill.assertEveryBatchOnce(pipeline, table);
            drill.say(sent + " events in " + batches + " batches, each once");
        }
    }
}
