package io.tidemark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.checkpoint.storage.ObservedStorage;
import io.tidemark.checkpoint.storage.StorageObserver;
import io.tidemark.checkpoint.storage.StorageOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnershipTest {
    @TempDir
    Path root;

    @Test
    void aSecondStartIsRefusedAndNamesTheOwner() {
        try (Ownership owner = claim("first", false)) {
            assertFails(
                    ErrorCode.CHECKPOINT_OWNED,
                    "process " + ProcessHandle.current().pid() + " on host ",
                    () -> claim("second", false));
            owner.verify();
            assertThat(owner.epoch()).isOne();
            assertThat(owner.attemptUuid()).isEqualTo("first");
        }
        try (Ownership next = claim("third", false)) {
            assertThat(next.epoch()).isEqualTo(2);
            next.verify();
        }
    }

    @Test
    void aTakeOverFencesTheOlderOwnerAndGetsTheLockOnceThatIsGone() {
        Ownership old = claim("old", false);
        Ownership young = claim("young", true);
        young.verify();
        assertFails(ErrorCode.WRITER_FENCED, "epoch 2 was claimed by process 42 on host host-young", old::verify);
        old.close();
        young.verify(); // takes the lock
        assertFails(ErrorCode.CHECKPOINT_OWNED, "owns it", () -> claim("third", false));
        young.close();
        claim("fourth", false).close();
    }

    @Test
    void anOwnerThatSleptThroughManyEpochsIsFencedThoughTheNextOneIsPurged() throws IOException {
        Ownership sleeper = claim("sleeper", false);
        for (int i = 0; i < 4; i++) {
            claim("later-" + i, true).close();
        }
        try (Stream<Path> epochs = Files.list(root.resolve("_tidemark/epoch"))) {
            assertThat(epochs.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("4", "5");
        }
        assertFails(ErrorCode.WRITER_FENCED, "after this run's epoch 1", sleeper::verify);
    }

    @Test
    void anUnreadableEpochStillCounts() throws IOException {
        claim("first", false).close();
        Files.write(root.resolve("_tidemark/epoch/2"), new byte[0]);
        try (Ownership owner = claim("second", false)) {
            assertThat(owner.epoch()).isEqualTo(3);
        }
    }

    @Test
    void aFailedClaimReleasesTheLock() throws IOException {
        Files.createDirectories(root.resolve("_tidemark"));
        Path obstacle = Files.writeString(root.resolve("_tidemark/epoch"), "a file where a directory must be");
        assertFails(ErrorCode.INVALID_OPTION, "_tidemark", () -> claim("first", false));
        Files.delete(obstacle);
        claim("second", false).close();
    }

    @Test
    void temporaryFilesOfTheDeadAreRemovedByTheNextOwnerButNotWhileAnotherMayWrite() throws IOException {
        Path leftover = Files.createDirectories(root.resolve("_tidemark/tmp")).resolve(".4.some-uuid.tmp");
        Files.writeString(leftover, "half");
        Ownership first = claim("first", false);
        assertThat(leftover).doesNotExist();
        Files.writeString(leftover, "half");
        claim("second", true).close();
        assertThat(leftover).exists();
        first.close();
    }

    private Ownership claim(String attempt, boolean takeOver) {
        return Checkpoint.open(
                        LocalStorage.create().withTemporaryDirectory(root.toString(), root + "/_tidemark/tmp"),
                        root.toString())
                .claim(request(attempt, takeOver));
    }

    private static ClaimRequest request(String attempt, boolean takeOver) {
        return new ClaimRequest("host-" + attempt, 42, 0, attempt, takeOver);
    }

    @Test
    void aClaimFromAListingThatIsTooOldHidesFromNobodyThatHeIsFencedOff() {
        Ownership first = claim("first", false);
        List<Ownership> meanwhile = new ArrayList<>();
        Storage slow = new ObservedStorage(LocalStorage.create(), new StorageObserver() {
            @Override
            public void before(StorageOperation operation, String path, long bytes) {
                if (path.endsWith("epoch/2") && meanwhile.isEmpty()) { // listed, about to be claimed; purged by then
                    for (int i = 2; i <= 5; i++) {
                        meanwhile.add(claim("epoch-" + i, true));
                    }
                }
            }
        });

        assertFails(ErrorCode.WRITER_FENCED, "epoch 5 was claimed", () -> Checkpoint.open(slow, root.toString())
                .claim(request("late", true)));

        assertThat(root.resolve("_tidemark/epoch/2")).as("of the late claim").exists();
        assertThat(root.resolve("_tidemark/epoch/3")).doesNotExist();
        assertFails(ErrorCode.WRITER_FENCED, "after this run's epoch 2", meanwhile.get(0)::verify);
        meanwhile.get(3).verify();
        first.close();
    }

    @Test
    void temporaryFilesThatALaterOwnerMakesSurviveAClaimThatIsHeldUp() throws IOException {
        Path temporary = Files.createDirectories(root.resolve("_tidemark/tmp"));
        Files.writeString(temporary.resolve(".old.tmp"), "half");
        Storage slow = new ObservedStorage(LocalStorage.create(), new StorageObserver() {
            @Override
            public void before(StorageOperation operation, String path, long bytes) throws IOException {
                if (path.endsWith("epoch/1")) {
                    Files.writeString(temporary.resolve(".new.tmp"), "half");
                }
            }
        });
        try (Ownership held = Checkpoint.open(slow, root.toString()).claim(request("first", false))) {
            held.verify();
        }
        assertThat(temporary.resolve(".old.tmp")).doesNotExist();
        assertThat(temporary.resolve(".new.tmp")).exists();
    }

    private static void assertFails(ErrorCode code, String text, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(text);
    }
}
