package io.tidemark.ops.drill.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Call;
import io.tidemark.ops.drill.crash.storage.StorageModel;
import io.tidemark.ops.drill.report.DrillReport;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MutantDrillTest {
    private static final long SEED = 20_261_120;

    @Test
    void aHandfulOfMutantsIsFound() throws Exception {
        DrillReport report = MutantDrill.run(
                SEED,
                Set.of("no-sync-of-new-directories", "named-before-written", "commit-before-sink"),
                System.out::println);
        assertThat(report.violations()).as("seed %d", SEED).isEmpty();
        assertThat(report.cases()).isEqualTo(3);
    }

    @Test
    void thereAreEnoughOfThemAndEachHasItsOwnName() {
        assertThat(MutantDrill.names()).hasSizeGreaterThanOrEqualTo(25).doesNotHaveDuplicates();
    }

    @Test
    void everyMethodThatAMutantChangesExists() throws Exception {
        for (Mutant mutant : Catalogue.all()) {
            for (Change change : mutant.changes()) {
                assertThat(Stream.of(Class.forName(change.type()).getDeclaredMethods())
                                .filter(method -> method.getName().equals(change.method()))
                                .filter(method -> !(change instanceof Change.Around around)
                                        || method.getParameterCount() == around.parameters()))
                        .as("%s: %s.%s", mutant.name(), change.type(), change.method())
                        .isNotEmpty();
            }
        }
    }

    @Test
    void aChangeIsThereUntilItIsTakenBack() throws Exception {
        assertThat(calls()).contains("fsync");
        try (Surgery surgery = Surgery.on(List.of(
                new Change.Without("io.tidemark.checkpoint.storage.LocalOutput", "publish", "sync"),
                new Change.Around(LocalStorage.class.getName(), "syncPublished", 1, (Catalogue.Before)
                        (self, arguments) -> Change.Skip.VOID)))) {
            assertThat(calls()).doesNotContain("fsync").contains("write", "link");
        }
        assertThat(calls()).contains("fsync");
    }

    /** Returns the calls of creating a second file in a directory. */
    private static List<String> calls() throws IOException {
        SimulatedStorage first = StorageModel.KILL.create();
        create(first, "0");
        SimulatedStorage second = first.restart(first.stop(0));
        create(second, "1");
        return second.journal().stream().map(Call::name).toList();
    }

    private static void create(SimulatedStorage storage, String name) throws IOException {
        storage.provider()
                .openCheckpoint(storage.checkpoint(), new TreeMap<>())
                .createExclusive(storage.checkpoint() + "/offsets/" + name, new byte[] {1});
    }

    @Test
    void anUnknownMutantIsRefused() {
        assertThatThrownBy(() -> MutantDrill.run(SEED, Set.of("no-such"), line -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no-such");
    }
}
