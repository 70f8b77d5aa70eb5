package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.connectors.kafkabroker.EmbeddedKafka;
import io.tidemark.ops.drill.DeltaTableOracle.Count;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch that does not fit into memory ends the process as a kill does, and the next start goes on from there. */
class OutOfMemoryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DIE = "-XX:OnOutOfMemoryError=kill -9 %p";

    @TempDir
    Path directory;

    @Test
    void aBatchThatRunsOutOfHeapEndsTheProcessAndTheNextStartGoesOnExactly() throws Exception {
        assertThat(Path.of("..", "tidemark")).content().contains('"' + DIE + '"');
        try (EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("kafka"));
                Events events = new Events(broker.bootstrapServers())) {
            broker.topics().create("large", 1);
            events.send("large", 1, 0, 40);
            Scene scene = new Scene(directory.resolve("scene"), broker.bootstrapServers(), "large")
                    .edit("d.page,", "repeat(d.page, 300000) AS page,");
            TidemarkCommand small = TidemarkCommand.ofThisBuild().withJvmArguments("-Xmx72m", DIE);

            try (TidemarkRun run = scene.start(small, directory.resolve("said.txt"))) {
                run.awaitExit(137, PATIENCE);
            }

            assertThat(scene.checkpoint().resolve("_tidemark/sealed/0")).exists();
            assertThat(scene.checkpoint().resolve("commits/0")).doesNotExist();
            scene.run().isFine();
            assertThat(scene.events()).isEqualTo(Count.exactlyOnce(40));
        }
    }
}
