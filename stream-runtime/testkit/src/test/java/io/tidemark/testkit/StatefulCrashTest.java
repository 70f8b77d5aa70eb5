package io.tidemark.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lets a query with state in RocksDB die, or be lied to, at each of its writing operations in turn, and starts it again:
 * table, watermarks and every byte of its state end as if nothing had happened.
 */
class StatefulCrashTest {
    private static final boolean FULL = Boolean.getBoolean("tidemark.full");
    private static final List<List<StatefulWorld.Click>> STEPS =
            List.of(StatefulWorld.clicks(1, "1 /a, 2 /b, 3 /a, 11 /b"), StatefulWorld.clicks(5, "27 /a, 4 /a, 12 /c"));

    @TempDir
    Path directory;

    private StatefulWorld world(String name) throws Exception {
        return new StatefulWorld(directory.resolve(name), StatefulWorld.COUNTS, STEPS);
    }

    @ParameterizedTest
    @EnumSource(FaultyStorage.Fault.class)
    void whateverHappensAtAnyOperationTableAndStateEndAsIfNothingHad(FaultyStorage.Fault fault) throws Exception {
        StatefulWorld undisturbed = world("undisturbed");
        assertThat(undisturbed.runUntilItFails()).isFalse();
        List<String> operations = undisturbed.query.faults.operations();
        assertThat(operations).anyMatch(o -> o.contains("link") && o.endsWith("state/0/1/2.changelog"));

        int stride = FULL ? 1 : FaultyStorage.Fault.values().length;
        for (int operation = FULL ? 0 : fault.ordinal(); operation < operations.size(); operation += stride) {
            StatefulWorld world = world(fault + "-" + operation);
            world.query.faults.hit(operation, fault);
            world.runUntilItFails();
            world.query.faults.revive();
            world.runToTheEnd();
            assertThat(world.differencesTo(undisturbed))
                    .as("%s at operation %d, %s", fault, operation, operations.get(operation))
                    .isEmpty();
        }
    }

    @Test
    void aSecondCrashDuringRecoveryChangesNothing() throws Exception {
        StatefulWorld undisturbed = world("undisturbed");
        undisturbed.runUntilItFails();
        int operations = undisturbed.query.faults.operations().size();
        int stride = FULL ? 1 : 21;
        for (int first = 0; first < operations; first += stride) {
            for (int second = first % 3; second < 16; second += FULL ? 1 : 5) {
                StatefulWorld world = world("twice-" + first + "-" + second);
                world.query.faults.hit(first, FaultyStorage.Fault.CRASH_AFTER);
                world.runUntilItFails();
                world.query.faults.revive();
                world.query.faults.hit(second, FaultyStorage.Fault.CRASH_BEFORE);
                world.runUntilItFails();
                world.query.faults.revive();
                world.runToTheEnd();
                assertThat(world.differencesTo(undisturbed))
                        .as("crash after operation %d, then before operation %d of the recovery", first, second)
                        .isEmpty();
            }
        }
    }
}
