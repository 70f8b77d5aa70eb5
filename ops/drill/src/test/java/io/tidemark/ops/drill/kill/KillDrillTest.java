package io.tidemark.ops.drill.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.drill.report.DrillReport;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short kill drill over both queries. Property {@code tidemark.seed} repeats one. */
class KillDrillTest {
    private static final int KILLS = Boolean.getBoolean("tidemark.full") ? 200 : 25;

    @TempDir
    Path directory;

    @Test
    void noKillLosesOrDoublesARow() throws Exception {
        long seed = Long.getLong("tidemark.seed", System.nanoTime() & Long.MAX_VALUE);
        KillSettings settings =
                new KillSettings(seed, KILLS, List.of(DrilledQuery.values()), directory.resolve("drill"));
        System.out.println("kill drill: ops/tidemark drill " + settings.replay());
        KillOutcome outcome = KillDrill.run(settings, new PrintStream(System.out, true, StandardCharsets.UTF_8));
        DrillReport report = outcome.report();
        assertThat(report.violations()).isEmpty();
        assertThat(report.neverCrashed()).isEmpty();
        assertThat(report.cases()).isEqualTo(KILLS);
        assertThat(report.details()).containsEntry("rowsLost", 0L).containsEntry("rowsDoubled", 0L);
        assertThat(DrilledQuery.WINDOWS)
                .allSatisfy(window -> assertThat(outcome.deathsIn(window)).isPositive());
        assertThat(outcome.page()).contains("nothing lost, nothing doubled").contains("</html>");
    }
}
