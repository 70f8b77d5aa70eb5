package io.tidemark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.format.CommitMetadata;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.format.PreparedBatch.StagedFile;
import io.tidemark.checkpoint.storage.LocalStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedFilesTest {
    @TempDir
    Path root;

    private boolean fencedOff;
    private StagedFiles files;

    @BeforeEach
    void open() {
        files = new StagedFiles(Checkpoint.open(LocalStorage.create(), root.toString()), this::verify, 8);
    }

    @AfterEach
    void close() {
        files.close();
    }

    private void verify() {
        if (fencedOff) {
            throw new TidemarkException(ErrorCode.WRITER_FENCED, "a later run owns the checkpoint");
        }
    }

    private void write(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private StagedFile stage(int partition, String content) throws IOException {
        String staged = "_tidemark/staged/7/run-1-" + partition + "-0/8.changelog";
        write(staged, content);
        return new StagedFile(
                staged,
                "state/0/" + partition + "/8.changelog",
                FileDigest.of(content.getBytes(StandardCharsets.UTF_8)));
    }

    private List<StagedFile> stageAll() throws IOException {
        return List.of(stage(0, "zero"), stage(1, "one"), stage(2, "two"));
    }

    private String content(StagedFile file) throws IOException {
        return Files.readString(root.resolve(file.target()));
    }

    @Test
    void filesGetTheirNamesAndTheSecondTimeNothingHappens() throws IOException {
        List<StagedFile> staged = stageAll();
        assertThat(files.areWhole(staged)).isTrue();
        files.publish(staged);
        files.publish(staged);
        assertThat(content(staged.get(2))).isEqualTo("two");
        for (StagedFile file : staged) {
            Files.delete(root.resolve(file.staged()));
        }
        assertThat(files.areWhole(staged)).as("under their final names").isTrue();
        files.publish(staged);
        assertThat(content(staged.get(0))).isEqualTo("zero");
    }

    @Test
    void aFileThatIsGoneOrAlteredIsNotWholeAndIsNamed() throws IOException {
        List<StagedFile> staged = stageAll();
        Files.writeString(root.resolve(staged.get(1).staged()), "eno");
        assertThat(files.areWhole(staged)).isFalse();
        Files.delete(root.resolve(staged.get(1).staged()));
        assertThat(files.areWhole(staged)).isFalse();
        assertThatThrownBy(() -> files.publish(staged))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_FILE_MISSING))
                .hasMessageContaining("state/0/1/8.changelog");
    }

    @Test
    void whatADeadAttemptLeftUnderTheNameGivesWayWithItsChecksums() throws IOException {
        StagedFile file = stage(0, "mine");
        write(file.target(), "of an attempt that is no more");
        for (String checksum : List.of("8.changelog.crc", ".8.changelog.crc", ".8.changelog.crc.crc")) {
            write("state/0/0/" + checksum, "of that content");
        }
        fencedOff = true;
        assertThatThrownBy(() -> files.publish(List.of(file))).hasMessageContaining("a later run");
        assertThat(content(file)).startsWith("of an attempt");
        fencedOff = false;
        files.publish(List.of(file));
        assertThat(content(file)).isEqualTo("mine");
        assertThat(names("state/0/0")).containsExactly("8.changelog");
    }

    @Test
    void aGoodFinalFileIsNotReplacedByADamagedStagedOne() throws IOException {
        StagedFile file = stage(0, "mine");
        files.publish(List.of(file));
        Files.delete(root.resolve(file.staged()));
        Files.writeString(root.resolve(file.staged()), "damaged");
        files.publish(List.of(file));
        assertThat(content(file)).isEqualTo("mine");

        Files.delete(root.resolve(file.target()));
        write(file.target(), "something else");
        assertThatThrownBy(() -> files.publish(List.of(file)))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_FILE_CORRUPT));
        assertThat(content(file)).isEqualTo("something else");
    }

    @Test
    void whoWasFencedOffWhileHeClearedUpPutsBackWhatIsNotHis() throws IOException {
        write("state/0/0/8.changelog", "of an attempt that is no more");
        Runnable publishes = () -> uncheck(() -> write("state/0/0/8.changelog", "of the owner after this one"));
        try (StagedFiles slow = new StagedFiles(checkpoint(), publishes, 1)) {
            slow.removeAbove(7, List.of("state/0/0"), Set.of());
        }
        assertThat(read("state/0/0/8.changelog")).isEqualTo("of the owner after this one");

        StagedFile mine = stage(1, "mine");
        write("state/0/1/8.changelog", "of an attempt that is no more");
        Runnable publishesToo = () -> uncheck(() -> write("state/0/1/8.changelog", "of the owner after this one"));
        try (StagedFiles slow = new StagedFiles(checkpoint(), publishesToo, 1)) {
            assertThatThrownBy(() -> slow.publish(List.of(mine)))
                    .isInstanceOfSatisfying(
                            TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BATCH_CONFLICT));
        }
        assertThat(read("state/0/1/8.changelog")).isEqualTo("of the owner after this one");
        assertThat(names("_tidemark/stale")).isEmpty();
    }

    @Test
    void whatAFencedOwnerDiedOverIsPutBack() throws IOException {
        StagedFile made = stage(0, "good");
        files.publish(List.of(made));
        String taken = "_tidemark/stale/state-0-0-8.changelog-";
        Files.createDirectories(root.resolve("_tidemark/stale"));
        Files.move(root.resolve("state/0/0/8.changelog"), root.resolve(taken + UUID.randomUUID()));
        write(taken + UUID.randomUUID(), "other");
        PreparedBatch prepared = new PreparedBatch(
                UUID.randomUUID(),
                7,
                0,
                1,
                "run-1",
                made.digest(),
                List.of(made),
                null,
                new CommitMetadata(0),
                List.of(),
                new TreeMap<>(),
                List.of(),
                null,
                null);

        assertThat(files.putBack(batch -> Optional.empty())).isEmpty();
        assertThat(files.putBack(batch -> batch == 7 ? Optional.of(prepared) : Optional.empty()))
                .containsExactly("state/0/0/8.changelog");
        assertThat(read("state/0/0/8.changelog")).isEqualTo("good");
    }

    private interface Writing {
        void write() throws IOException;
    }

    private static void uncheck(Writing another) {
        try {
            another.write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Checkpoint checkpoint() {
        return Checkpoint.open(LocalStorage.create(), root.toString());
    }

    private String read(String name) throws IOException {
        return Files.readString(root.resolve(name));
    }

    @Test
    void versionsThatAreNotToBeAreRemovedWithTheirChecksumsAndNothingElseIs() throws IOException {
        List<String> stay = List.of("7.changelog", "7.changelog.crc", "7.zip", "SSTs/000008-x.sst", "_metadata/schema");
        List<String> strange = List.of("backup.zip", ".8.changelog.5f0c.TID3.tmp", "9.txt", "99999999999999999999.zip");
        List<String> go = List.of(
                "8.changelog",
                "8.changelog.crc",
                ".8.changelog.crc",
                ".8.changelog.crc.crc",
                "8.zip",
                "9.delta",
                "10.snapshot",
                "8_6133667f-3414-4076-aa5f-9c8f4fca9ee2.changelog");
        for (String name : Stream.of(stay, strange, go).flatMap(List::stream).toList()) {
            write("state/0/0/" + name, name);
            write("state/0/1/" + name, name);
        }
        fencedOff = true;
        assertThatThrownBy(() -> files.removeAbove(7, List.of("state/0/0"), Set.of()))
                .hasMessageContaining("a later run");
        fencedOff = false;
        List<String> removed = files.removeAbove(7, List.of("state/0/0", "state/0/2"), Set.of("state/0/0/8.changelog"));
        assertThat(removed)
                .hasSize(go.size() - 1)
                .doesNotContain("state/0/0/8.changelog")
                .allMatch(name -> name.startsWith("state/0/0/"));
        assertThat(IntStream.range(0, removed.size()).filter(i -> removed.get(i).endsWith(".crc")))
                .as("checksums go first")
                .containsExactly(0, 1, 2);
        assertThat(names("state/0/0"))
                .contains("8.changelog", "7.changelog", "7.changelog.crc", "7.zip", "SSTs", "backup.zip", "9.txt")
                .doesNotContain("8.zip", "8.changelog.crc", "9.delta");
        assertThat(names("state/0/1")).contains("8.zip");
    }

    private List<String> names(String directory) throws IOException {
        try (Stream<Path> found = Files.list(root.resolve(directory))) {
            return found.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
