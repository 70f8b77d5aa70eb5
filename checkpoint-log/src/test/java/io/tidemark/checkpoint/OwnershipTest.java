package io.tidemark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                .claim(new ClaimRequest("host-" + attempt, 42, 0, attempt, takeOver));
    }

    private static void assertFails(ErrorCode code, String text, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(text);
    }
}
