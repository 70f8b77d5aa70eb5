package io.tidemark.ops.drill.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.drill.RecoveryWindow;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeathsTest {
    /** Chance here leads into one window only, and every fifth operation is not reached. */
    @ParameterizedTest
    @ValueSource(ints = {25, 100, 200, 1_000})
    void everyWindowAndEveryOperationIsMetHoweverPoorChanceIs(int kills) {
        for (long seed = 0; seed < 20; seed++) {
            KillSettings settings = new KillSettings(seed, kills, List.of(DrilledQuery.values()), Path.of("unused"));
            Random random = new Random(seed);
            Deaths deaths = new Deaths(settings, random);
            int byChance = 0;
            for (int i = 0; i < kills; i++) {
                DrilledQuery query = DrilledQuery.values()[i / settings.leg() % DrilledQuery.values().length];
                Optional<NamedOperation> operation = deaths.next(query).filter(any -> random.nextInt(5) > 0);
                byChance += operation.isEmpty() ? 1 : 0;
                deaths.count(
                        operation.map(NamedOperation::window).orElse(RecoveryWindow.W7),
                        operation.isEmpty() || operation.get().window() != RecoveryWindow.W1,
                        operation);
            }
            assertThat(deaths.missed()).as("seed " + seed).isEmpty();
            assertThat(byChance).as("seed " + seed).isGreaterThan(kills / 4);
        }
    }
}
