package io.tidemark.ops.drill.fence;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.drill.fence.PublishRace.Way;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sample of the drill. Property {@code tidemark.seed} repeats one. */
class FenceDrillTest {
    private final long seed = Long.getLong("tidemark.seed", System.nanoTime() & Long.MAX_VALUE);
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    @Test
    void aDriverThatWasTakenOverFromEndsAndChangesNothing(TestInfo test) throws Exception {
        say(test);
        TakeoverDrill.Found found = new TakeoverDrill(directory, seed, out).run(12, null);
        assertThat(found.violations()).isEmpty();
        assertThat(found.neverStopped()).isEmpty();
        assertThat(found.cases()).isGreaterThanOrEqualTo(12);
    }

    @Test
    void aProcessThatWasTakenOverFromExitsWithThree(TestInfo test) throws Exception {
        say(test);
        ProcessTakeovers.Found found = new ProcessTakeovers(directory, seed, out).run(1);
        assertThat(found.violations()).isEmpty();
        assertThat(found.neverStopped()).isEmpty();
        assertThat(found.cases()).isOne();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void ofTwoProcessesThatPublishTheSameOneWins(Way way) throws Exception {
        PublishRace.Found found = new PublishRace(way, directory.resolve("race"), way == Way.DELTA ? 30 : 1_000).run();
        assertThat(found.violations()).isEmpty();
        assertThat(found.close()).as("how often both were at it at once").isPositive();
    }

    private void say(TestInfo test) {
        System.out.println(test.getDisplayName() + ": seed " + seed);
    }
}
