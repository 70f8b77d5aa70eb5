package io.tidemark.ops.drill.crash.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageFullException;
import io.tidemark.api.storage.UnknownOutcomeException;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Call;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Fault;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Moment;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the product's local storage promises holds on a disk that loses what it may, and every step of it is needed. */
class DiskStorageTest {
    private static final byte[] OLD = "0123456789".getBytes(UTF_8);

    private static Storage open(SimulatedStorage storage) {
        return storage.provider().openCheckpoint(storage.checkpoint(), new TreeMap<>());
    }

    @Test
    void theJournalIsWhatTheSystemIsAskedFor() throws IOException {
        SimulatedStorage storage = StorageModel.KILL.create();
        open(storage).createExclusive(storage.checkpoint() + "/offsets/0", OLD);
        assertThat(storage.journal())
                .extracting(Call::site)
                .containsExactly(
                        "mkdir checkpoint",
                        "fsync simulated",
                        "mkdir checkpoint/_tidemark",
                        "fsync checkpoint",
                        "mkdir checkpoint/_tidemark/tmp",
                        "fsync checkpoint/_tidemark",
                        "open checkpoint/_tidemark/tmp/.N.U.tmp",
                        "write checkpoint/_tidemark/tmp/.N.U.tmp",
                        "fsync checkpoint/_tidemark/tmp/.N.U.tmp",
                        "mkdir checkpoint/offsets",
                        "fsync checkpoint",
                        "link checkpoint/offsets/N",
                        "unlink checkpoint/_tidemark/tmp/.N.U.tmp",
                        "fsync checkpoint/offsets",
                        "fsync ",
                        "fsync simulated",
                        "fsync checkpoint"); // once: those above may have been made by a life that did not sync them
    }

    @Test
    void powerLossTakesAFileThatWasNotSynced() throws IOException {
        SimulatedDiskProbe probe = new SimulatedDiskProbe(StorageModel.STRICT_POWER_LOSS);
        probe.write("a.tmp", OLD, SimulatedDiskProbe.Sync.NO);
        probe.rename("a.tmp", "a");
        probe.syncDirectory();
        assertThat(probe.afterPowerLoss("a", 0))
                .as("the name without its bytes")
                .contains(new byte[0]);
    }

    @Test
    void powerLossTakesANameWhoseDirectoryWasNotSynced() throws IOException {
        SimulatedDiskProbe probe = new SimulatedDiskProbe(StorageModel.STRICT_POWER_LOSS);
        probe.write("a.tmp", OLD, SimulatedDiskProbe.Sync.YES);
        probe.rename("a.tmp", "a");
        assertThat(probe.afterPowerLoss("a", 0)).isEmpty();
        probe.syncDirectory();
        assertThat(probe.afterPowerLoss("a", 0)).contains(OLD);
    }

    @Test
    void aFileThatWasCutIsLeftLongOrShort() {
        DiskTree tree = new DiskTree();
        int file = tree.next();
        tree.createFile(DiskTree.ROOT, "lock", file);
        tree.write(file, Content.of(OLD));
        tree.sync(file);
        tree.syncDirectory(DiskTree.ROOT);
        tree.write(file, Content.of("abcd".getBytes(UTF_8)));

        List<String> found = new ArrayList<>();
        for (int seed = 0; seed < tree.subsets(); seed++) {
            found.add(new String(tree.someOfUnsynced(seed).content(file).bytes(), UTF_8));
        }

        assertThat(found).containsExactlyInAnyOrder("0123456789", "0123", "abcd", "abcd");
    }

    @Test
    void aKillTakesNeither() throws IOException {
        SimulatedDiskProbe probe = new SimulatedDiskProbe(StorageModel.KILL);
        probe.write("a.tmp", OLD, SimulatedDiskProbe.Sync.NO);
        probe.rename("a.tmp", "a");
        assertThat(probe.afterPowerLoss("a", 0)).contains(OLD);
    }

    @Test
    void weakPowerLossLeavesEveryMixtureOfNamesAndBytes() throws IOException {
        SimulatedDiskProbe probe = new SimulatedDiskProbe(StorageModel.WEAK_POWER_LOSS);
        probe.write("a.tmp", OLD, SimulatedDiskProbe.Sync.NO);
        probe.rename("a.tmp", "a");
        List<String> found = new ArrayList<>();
        for (int seed = 0; seed < probe.seeds(); seed++) {
            found.add(probe.afterPowerLoss("a", seed).map(String::new).orElse("-"));
        }
        assertThat(found).hasSize(16).containsOnly("-", "", "0123456789", "01234", "\0".repeat(10));
    }

    @Test
    void aSyncedFileThatIsMovedNeverVanishes() throws IOException {
        SimulatedStorage before = StorageModel.WEAK_POWER_LOSS.create();
        String from = before.checkpoint() + "/from/0";
        String to = before.checkpoint() + "/to/0";
        open(before).createExclusive(from, OLD);
        SimulatedStorage storage = before.restart(before.stop(0));
        open(storage).move(from, to);
        for (Call call : storage.journal()) {
            for (long seed = -20; seed < storage.seeds(call.index(), Moment.AFTER); seed++) {
                Storage after = open(storage.restart(storage.crash(call.index(), Moment.AFTER, seed)));
                assertThat(after.read(from).or(() -> read(after, to))).contains(OLD);
            }
        }
        assertThat(open(storage.restart(storage.stop(0))).read(from)).isEmpty();
    }

    private static Optional<byte[]> read(Storage storage, String path) {
        try {
            return storage.read(path);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void equalImagesHaveEqualDigestsAndOthersHaveNot() throws IOException {
        SimulatedStorage storage = StorageModel.KILL.create();
        open(storage).createExclusive(storage.checkpoint() + "/offsets/0", OLD);
        List<String> digests = new ArrayList<>();
        for (Call call : storage.journal()) {
            String before = storage.crash(call.index(), Moment.BEFORE, 0).digest();
            String after = storage.crash(call.index(), Moment.AFTER, 0).digest();
            assertThat(after.equals(before))
                    .as(call.site())
                    .isEqualTo(call.name().equals("fsync"));
            digests.add(after);
        }
        assertThat(digests.get(digests.size() - 1))
                .isEqualTo(storage.stop(0).digest())
                .isEqualTo(storage.restart(storage.stop(0)).stop(0).digest());
    }

    @Test
    void aWriteUnderWayIsTornWhereThatMakesADifference() throws IOException {
        SimulatedStorage storage = StorageModel.KILL.create();
        open(storage).createExclusive(storage.checkpoint() + "/a", OLD);
        Call write = storage.journal().stream()
                .filter(call -> call.name().equals("write"))
                .findFirst()
                .orElseThrow();
        assertThat(write.bytes()).isEqualTo(10);
        assertThat(storage.moments(write))
                .containsExactly(Moment.BEFORE, Moment.TORN_ONE_BYTE, Moment.TORN_HALF, Moment.TORN_LAST, Moment.AFTER);
        List<Long> lengths = new ArrayList<>();
        for (Moment moment : storage.moments(write)) {
            Storage after = open(storage.restart(storage.crash(write.index(), moment, 0)));
            lengths.add(
                    after.list(storage.checkpoint() + "/_tidemark/tmp").get(0).length());
        }
        assertThat(lengths).containsExactly(0L, 1L, 5L, 9L, 10L);
    }

    @ParameterizedTest
    @EnumSource(Fault.Kind.class)
    void aFaultIsMetOnceOrForEver(Fault.Kind kind) throws IOException {
        SimulatedStorage storage = StorageModel.KILL.create();
        storage.arm(new Fault("write checkpoint/_tidemark/tmp/.N.U.tmp", 1, kind));
        String folder = storage.checkpoint() + "/offsets/";
        open(storage).createExclusive(folder + 0, OLD);
        assertThat(storage.faultMet()).isFalse();
        assertThatThrownBy(() -> open(storage).createExclusive(folder + 1, OLD))
                .isInstanceOf(kind == Fault.Kind.DISK_FULL ? StorageFullException.class : IOException.class);
        assertThat(storage.faultMet()).isTrue();
        assertThat(open(storage).status(folder + 1)).isEmpty();
        if (kind == Fault.Kind.ERROR_FOR_EVER || kind == Fault.Kind.DISK_FULL) {
            assertThatThrownBy(() -> open(storage).createExclusive(folder + 1, OLD))
                    .isInstanceOf(IOException.class);
        } else {
            open(storage).createExclusive(folder + 1, OLD);
        }
    }

    @Test
    void aDirectorySyncThatFailsIsAnUnknownOutcome() throws IOException {
        SimulatedStorage storage = StorageModel.KILL.create();
        open(storage).createExclusive(storage.checkpoint() + "/offsets/0", OLD);
        SimulatedStorage next = storage.restart(storage.stop(0));
        next.arm(new Fault("fsync checkpoint/offsets", 0, Fault.Kind.ERROR_ONCE));
        assertThatThrownBy(() -> open(next).createExclusive(storage.checkpoint() + "/offsets/1", OLD))
                .isInstanceOf(UnknownOutcomeException.class);
    }

    @Test
    void aLockIsHeldForOneLife() throws IOException {
        SimulatedStorage storage = StorageModel.KILL.create();
        String lock = storage.checkpoint() + "/_tidemark/lock";
        assertThat(open(storage).tryLock(lock)).isPresent();
        assertThat(open(storage).tryLock(lock)).isEmpty();
        assertThat(open(storage.restart(storage.stop(0))).tryLock(lock)).isPresent();
    }

    @Test
    void aMissingFileIsMissing() {
        SimulatedStorage storage = StorageModel.KILL.create();
        assertThatThrownBy(() -> open(storage).open(storage.table() + "/none")).isInstanceOf(NoSuchFileException.class);
    }
}
