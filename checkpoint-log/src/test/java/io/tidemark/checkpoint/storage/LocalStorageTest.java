package io.tidemark.checkpoint.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.Storage.IfExists;
import io.tidemark.api.storage.StorageFullException;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.api.storage.StorageOutput;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStorageTest extends StorageContract {
    @TempDir
    Path directory;

    @Override
    protected Storage storage() {
        return LocalStorage.create().withTemporaryDirectory(root(), root() + "/_tidemark/tmp");
    }

    @Override
    protected String root() {
        return directory.toString();
    }

    @Override
    protected int racedFiles() {
        return 500;
    }

    @Test
    void ofTwoProcessesThatRaceForAFileExactlyOneWins() throws Exception {
        int files = 1500;
        List<Process> racers = new ArrayList<>();
        List<BufferedReader> outputs = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            Process racer = ChildJvm.start(RacingProcess.class, List.of(), root(), String.valueOf(files), name);
            racers.add(racer);
            outputs.add(racer.inputReader());
        }
        for (BufferedReader output : outputs) {
            assertThat(output.readLine()).isEqualTo("ready");
        }
        for (Process racer : racers) {
            racer.getOutputStream().write('\n');
            racer.getOutputStream().flush();
        }
        int won = 0;
        for (BufferedReader output : outputs) {
            won += Integer.parseInt(output.readLine());
        }
        for (Process racer : racers) {
            assertThat(ChildJvm.exitCode(racer)).isZero();
        }
        assertThat(won).isEqualTo(files);
        assertThat(storage().list(root() + "/race")).hasSize(files).allSatisfy(file -> assertThat(file.length())
                .isOne());
        assertNoLeftovers();
    }

    @Test
    void pathsAreSpelledAbsoluteAndUnescaped() throws IOException {
        Storage storage = LocalStorage.create();
        assertThat(storage.qualify("file:/data/ck/")).isEqualTo("/data/ck");
        assertThat(storage.qualify("file:///data/ck")).isEqualTo("/data/ck");
        assertThat(storage.qualify("/data/chk %@#é z")).isEqualTo("/data/chk %@#é z");
        assertThat(storage.qualify("file:/data/a%20b")).isEqualTo("/data/a%20b");
        assertThat(storage.qualify("/data//x/../ck/.")).isEqualTo("/data/ck");
        assertThat(storage.qualify("ck"))
                .isEqualTo(Path.of("ck").toAbsolutePath().toString());
        String odd = root() + "/chk %@#é z";
        storage.createExclusive(odd + "/offsets/0", bytes("x"));
        assertThat(Files.readString(directory.resolve("chk %@#é z/offsets/0"))).isEqualTo("x");
    }

    @Test
    void temporaryFilesStandBesideTheirTargetsUnlessADirectoryIsGiven() throws IOException {
        try (StorageOutput output = LocalStorage.create().create(root() + "/table/part-0", IfExists.FAIL)) {
            output.write(1);
            assertThat(storage().list(root() + "/table")).singleElement().satisfies(file -> assertThat(file.name())
                    .matches("\\.part-0\\.[0-9a-f-]{36}\\.tmp"));
        }
        try (StorageOutput output = storage().create(root() + "/offsets/7", IfExists.FAIL)) {
            output.write(1);
            assertThat(storage().list(root() + "/offsets")).isEmpty();
            assertThat(storage().list(root() + "/_tidemark/tmp")).hasSize(1);
        }
        assertNoLeftovers();
    }

    @Test
    void aStaleChecksumOfHadoopIsRemovedAndNoneIsWritten() throws IOException {
        Path offsets = Files.createDirectory(directory.resolve("offsets"));
        for (String name : List.of("0", "1", "2")) {
            Files.write(offsets.resolve("." + name + ".crc"), new byte[12]);
        }
        Files.writeString(offsets.resolve("2"), "old");
        storage().createExclusive(offsets + "/0", bytes("x"));
        storage().replace(offsets + "/1", bytes("x"));
        storage().delete(offsets + "/2");
        assertThat(storage().list(offsets.toString()))
                .extracting(FileStatus::name)
                .containsExactly("0", "1");
    }

    @Test
    void aLostRaceLeavesTheWinnersChecksumAlone() throws IOException {
        Path offsets = Files.createDirectory(directory.resolve("offsets"));
        Files.writeString(offsets.resolve("0"), "winner");
        Files.write(offsets.resolve(".0.crc"), new byte[12]);
        assertThatThrownBy(() -> storage().createExclusive(offsets + "/0", bytes("x")));
        assertThat(offsets.resolve(".0.crc")).exists();
    }

    @Test
    void aLockExcludesThisProcessAndOthersAndNamesItsOwner() throws Exception {
        String path = root() + "/_tidemark/lock";
        try (StorageLock lock = storage().tryLock(path).orElseThrow()) {
            assertThat(lock.excludesOthers()).isTrue();
            assertThat(storage().tryLock(path)).isEmpty();
            String owner = new String(storage().read(path).orElseThrow(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(owner).startsWith("process " + ProcessHandle.current().pid() + " on host ");
            assertThat(LockingProcess.tryIn(path)).isEqualTo("refused: " + owner);
        }
        assertThat(LockingProcess.tryIn(path)).isEqualTo("taken");
        storage().tryLock(path).orElseThrow().close();
    }

    @Test
    void linksToDirectoriesAreFollowedAndLinksToNothingAreNotListed() throws IOException {
        Path real = Files.createDirectory(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        storage().createExclusive(link + "/offsets/0", bytes("x"));
        assertThat(real.resolve("offsets/0")).exists();
        Files.createSymbolicLink(real.resolve("offsets/broken"), real.resolve("nowhere"));
        assertThat(storage().list(link + "/offsets"))
                .extracting(FileStatus::name)
                .containsExactly("0");
        storage().deleteRecursively(link.toString());
        assertThat(real.resolve("offsets/0")).as("only the link went").exists();
    }

    @Test
    void anInterruptNeverFailsAWriteAndIsStillSetAfterwards() throws IOException {
        Thread.currentThread().interrupt();
        try {
            storage().createExclusive(root() + "/offsets/0", bytes("x"));
            storage().replace(root() + "/offsets/0", bytes("y"));
            assertThat(storage().read(root() + "/offsets/0")).contains(bytes("y"));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertNoLeftovers();
    }

    @Test
    void aFileWhereADirectoryMustBeIsAPlainFailure() throws IOException {
        Files.writeString(directory.resolve("offsets"), "a file");
        assertThatThrownBy(() -> storage().createExclusive(root() + "/offsets/0", bytes("x")))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoSuchFileException.class);
        assertThat(storage().status(root() + "/offsets/0")).isEmpty();
        assertNoLeftovers();
    }

    @Test
    void aFullDiskIsFullStorageAndLeavesNothing() throws Exception {
        Path small = directory.resolve("small");
        Files.createDirectory(small);
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small.toString()),
                "skipped: this user may not mount a small tmpfs to fill");
        try {
            Storage storage = LocalStorage.create().withTemporaryDirectory(small.toString(), small + "/_tidemark/tmp");
            storage.createExclusive(small + "/first", bytes("fits"));
            assertThatThrownBy(() -> storage.createExclusive(small + "/big", new byte[200_000]))
                    .isInstanceOf(StorageFullException.class);
            try (StorageOutput output = storage.create(small + "/stream", IfExists.FAIL)) {
                assertThatThrownBy(() -> {
                            output.write(new byte[200_000]);
                            output.publish();
                        })
                        .isInstanceOf(StorageFullException.class);
            }
            assertThat(storage.list(small.toString()))
                    .extracting(FileStatus::name)
                    .containsExactly("_tidemark", "first");
            assertThat(storage.list(small + "/_tidemark/tmp")).isEmpty();
            storage.createExclusive(small + "/second", bytes("fits again"));
        } finally {
            assertThat(run("umount", small.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void theProviderServesPlainPathsAndFileUris() throws IOException {
        StorageProviders providers = new StorageProviders();
        assertThat(StorageProviders.scheme("/data/a:b")).isEqualTo("file");
        assertThat(StorageProviders.scheme("HDFS://x/y")).isEqualTo("hdfs");
        Storage storage = providers.openCheckpoint("file:" + root() + "/ck", new TreeMap<>());
        storage.createExclusive(root() + "/ck/offsets/0", bytes("x"));
        assertThat(storage.list(root() + "/ck")).extracting(FileStatus::name).containsExactly("_tidemark", "offsets");
        assertThat(java.util.ServiceLoader.load(io.tidemark.api.storage.StorageProvider.class))
                .hasAtLeastOneElementOfType(StorageProviders.class);
    }
}
