package io.tidemark.ops.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.spark.SparkAndKafka.Running;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkAndKafka.class)
class HandOverTest {
    private final Running running;

    HandOverTest(Running running) {
        this.running = running;
    }

    @Test
    void sparkGoesOnWhereTidemarkStoppedAndTidemarkWhereSparkDid() throws Exception {
        HandOver query = new HandOver(running, "boundary");
        query.send(1_000).runTidemark().assertExactlyOnce();
        query.send(1_000).runSpark().assertExactlyOnce();
        query.send(1_000).runTidemark().assertExactlyOnce();
    }

    @Test
    void twoTopicsAreHandedOverToo() throws Exception {
        HandOver query = new HandOver(running, "b-topic1", "a-topic1");
        query.send(1_000).runSpark().assertExactlyOnce();
        query.send(1_000).runTidemark().assertExactlyOnce();
        query.send(1_000).runSpark().assertExactlyOnce();
    }

    @Test
    void neitherEngineRunsAnEmptyBatchOverTheOthersOffsets() throws Exception {
        HandOver query = new HandOver(running, "idle-b", "idle-a");
        query.send(500).runTidemark();
        SortedSet<Long> batches = query.left().offsets();
        query.runSpark();
        assertThat(query.left().offsets()).isEqualTo(batches);
        query.send(500).runSpark();
        batches = query.left().offsets();
        query.runTidemark().assertExactlyOnce();
        assertThat(query.left().offsets()).isEqualTo(batches);
    }

    @Test
    void sparkFinishesABatchThatTidemarkOnlyPlanned() throws Exception {
        HandOver query = new HandOver(running, "planned-by-tidemark");
        query.send(1_000).runTidemarkUntilKilled("after:createExclusive:**/offsets/1");
        assertThat(query.left().offsets()).containsExactly(0L, 1L);
        assertThat(query.left().commits()).containsExactly(0L);
        query.send(500).runSpark().assertExactlyOnce();
        query.send(500).runTidemark().assertExactlyOnce();
    }

    @Test
    void whatTidemarkPreparedAndSparkRanInsteadIsSetAside() throws Exception {
        HandOver query = new HandOver(running, "prepared-by-tidemark");
        query.send(1_000).runTidemarkUntilKilled("after:createExclusive:**/prepared/1");
        assertThat(query.left().prepared()).contains(1L);
        assertThat(query.askSpark())
                .contains("Batch 1 of", "is prepared but not committed: only Tidemark can finish it");
        query.runSparkUnwarned().assertExactlyOnce();
        query.send(500).runTidemark().assertExactlyOnce();
    }

    @Test
    void tidemarkFinishesABatchThatSparkOnlyPlanned() throws Exception {
        HandOver query = new HandOver(running, "planned-by-spark");
        query.send(1_000).runSpark().forgetCommit().forgetTableVersion();
        query.send(500).runTidemark().assertExactlyOnce();
        query.send(500).runSpark().assertExactlyOnce();
    }

    @Test
    void tidemarkLeavesABatchAloneThatSparkPutIntoTheTable() throws Exception {
        HandOver query = new HandOver(running, "written-by-spark");
        query.send(1_000).runSpark().forgetCommit();
        query.runTidemark().assertExactlyOnce();
        query.send(500).runTidemark().assertExactlyOnce();
        query.send(500).runSpark().assertExactlyOnce();
    }
}
