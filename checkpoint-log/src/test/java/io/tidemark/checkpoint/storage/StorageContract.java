package io.tidemark.checkpoint.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.Storage.IfExists;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageOutput;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every file layer must do. */
public abstract class StorageContract {
    /** Returns the storage under test; temporary files of the root go to {@code _tidemark/tmp} below it. */
    protected abstract Storage storage();

    /** Returns an empty directory of this test. */
    protected abstract String root();

    /** Returns how many files threads race for. */
    protected abstract int racedFiles();

    @Test
    void aFileThatIsCreatedCanBeReadAndNotBeCreatedAgain() throws IOException {
        String file = root() + "/a/b/0";
        storage().createExclusive(file, bytes("one"));
        assertThatThrownBy(() -> storage().createExclusive(file, bytes("two")))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(storage().read(file)).contains(bytes("one"));
        assertThat(storage().status(file).orElseThrow().length()).isEqualTo(3);
        assertThat(storage().list(root() + "/a")).extracting(FileStatus::name).containsExactly("b");
        assertThat(storage().list(root() + "/a/b")).extracting(FileStatus::path).containsExactly(file);
        assertNoLeftovers();
    }

    @Test
    void whatDoesNotExistIsEmptyNotAnError() throws IOException {
        String missing = root() + "/no/such/file";
        assertThat(storage().read(missing)).isEmpty();
        assertThat(storage().status(missing)).isEmpty();
        assertThat(storage().list(missing)).isEmpty();
        storage().delete(missing);
        storage().deleteRecursively(missing);
        assertThatThrownBy(() -> storage().open(missing)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> storage().link(missing, root() + "/x")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> storage().move(missing, root() + "/x")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void anEmptyFileIsAFile() throws IOException {
        storage().createExclusive(root() + "/empty", new byte[0]);
        assertThat(storage().read(root() + "/empty")).contains(new byte[0]);
    }

    @Test
    void replaceReplaces() throws IOException {
        storage().replace(root() + "/r/file", bytes("one"));
        storage().replace(root() + "/r/file", bytes("two, longer"));
        assertThat(storage().read(root() + "/r/file")).contains(bytes("two, longer"));
        assertNoLeftovers();
    }

    @Test
    void aStreamedFileAppearsWhenItIsPublished() throws IOException {
        byte[] content = new byte[300_000];
        new Random(7).nextBytes(content);
        String file = root() + "/streamed/file";
        try (StorageOutput output = storage().create(file, IfExists.FAIL)) {
            int at = 0;
            for (int size = 1; at < content.length; size = Math.min(size * 3, content.length - at)) {
                output.write(content, at, size);
                at += size;
                assertThat(output.position()).isEqualTo(at);
            }
            assertThat(storage().status(file)).isEmpty();
            output.publish();
        }
        assertThat(storage().read(file)).contains(content);
        try (StorageInput input = storage().open(file)) {
            assertThat(input.length()).isEqualTo(content.length);
            byte[] part = new byte[1000];
            input.readFully(123_456, part, 10, 900);
            assertThat(java.util.Arrays.copyOfRange(part, 10, 910))
                    .isEqualTo(java.util.Arrays.copyOfRange(content, 123_456, 124_356));
            assertThatThrownBy(() -> input.readFully(content.length - 10, part, 0, 11))
                    .isInstanceOf(EOFException.class);
        }
        assertNoLeftovers();
    }

    @Test
    void aStreamedFileThatIsNotPublishedLeavesNothing() throws IOException {
        try (StorageOutput output = storage().create(root() + "/dropped/file", IfExists.FAIL)) {
            output.write(bytes("half"));
        }
        assertThat(storage().status(root() + "/dropped/file")).isEmpty();
        assertNoLeftovers();
    }

    @Test
    void aStreamedFileFailsOrReplacesAsAsked() throws IOException {
        String file = root() + "/file";
        storage().createExclusive(file, bytes("old"));
        try (StorageOutput output = storage().create(file, IfExists.FAIL)) {
            output.write(bytes("new"));
            assertThatThrownBy(output::publish).isInstanceOf(FileAlreadyExistsException.class);
        }
        assertThat(storage().read(file)).contains(bytes("old"));
        try (StorageOutput output = storage().create(file, IfExists.REPLACE)) {
            output.write(bytes("new"));
            output.publish();
        }
        assertThat(storage().read(file)).contains(bytes("new"));
        assertNoLeftovers();
    }

    @Test
    void linkingTwiceIsOnceAndNeverHidesOtherContent() throws IOException {
        storage().createExclusive(root() + "/staged/1", bytes("state"));
        storage().createExclusive(root() + "/staged/2", bytes("other"));
        storage().link(root() + "/staged/1", root() + "/final/1");
        storage().link(root() + "/staged/1", root() + "/final/1");
        assertThat(storage().read(root() + "/final/1")).contains(bytes("state"));
        assertThatThrownBy(() -> storage().link(root() + "/staged/2", root() + "/final/1"))
                .isInstanceOf(FileAlreadyExistsException.class);
        storage().delete(root() + "/staged/1");
        assertThat(storage().read(root() + "/final/1")).contains(bytes("state"));
    }

    @Test
    void movingNeverReplaces() throws IOException {
        storage().createExclusive(root() + "/from/1", bytes("one"));
        storage().createExclusive(root() + "/from/2", bytes("two"));
        storage().move(root() + "/from/1", root() + "/to/1");
        assertThat(storage().status(root() + "/from/1")).isEmpty();
        assertThat(storage().read(root() + "/to/1")).contains(bytes("one"));
        assertThatThrownBy(() -> storage().move(root() + "/from/2", root() + "/to/1"))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(storage().read(root() + "/to/1")).contains(bytes("one"));
    }

    @Test
    void directoriesAreMadeListedInOrderAndDeletedWhole() throws IOException {
        storage().makeDirectories(root() + "/d/e/f");
        storage().makeDirectories(root() + "/d/e/f");
        for (String name : List.of("10", "9", "b", "A")) {
            storage().createExclusive(root() + "/d/e/" + name, bytes(name));
        }
        assertThat(storage().list(root() + "/d/e"))
                .extracting(FileStatus::name)
                .containsExactly("10", "9", "A", "b", "f");
        assertThat(storage().list(root() + "/d/e").get(4).directory()).isTrue();
        storage().deleteRecursively(root() + "/d");
        assertThat(storage().status(root() + "/d")).isEmpty();
    }

    @Test
    void ofThreadsThatRaceForAFileExactlyOneWins() throws Exception {
        int racers = 4;
        ExecutorService pool = Executors.newFixedThreadPool(racers);
        CyclicBarrier start = new CyclicBarrier(racers);
        try {
            List<Callable<Integer>> tasks = IntStream.range(0, racers)
                    .<Callable<Integer>>mapToObj(racer -> () -> {
                        int won = 0;
                        start.await();
                        for (int i = 0; i < racedFiles(); i++) {
                            try {
                                storage().createExclusive(root() + "/race/" + i, bytes("racer " + racer));
                                won++;
                            } catch (FileAlreadyExistsException e) {
                                continue;
                            }
                        }
                        return won;
                    })
                    .toList();
            int won = 0;
            for (Future<Integer> result : pool.invokeAll(tasks)) {
                won += result.get();
            }
            assertThat(won).isEqualTo(racedFiles());
            assertThat(storage().list(root() + "/race")).hasSize(racedFiles());
            assertNoLeftovers();
        } finally {
            pool.shutdownNow();
        }
    }

    protected void assertNoLeftovers() throws IOException {
        assertThat(storage().list(root() + "/_tidemark/tmp")).isEmpty();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
