package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tidemark.ops.drill.DeltaTableOracle.Count;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full at each step of a query in turn: little by little space is freed, and each start gets as far as
 * the space lets it. Every one that does not reach the end says so in one line, and in the end every row is there once.
 */
class DiskFullTest {
    private static final int PAGE = 4096;
    private static final int MOST_STARTS = 120;

    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    @TempDir
    Path directory;

    @BeforeAll
    static void sendEvents() {
        BROKER.topics().create("events", 2);
        BROKER.send("events", 2, 0, 200);
    }

    private Scene scene() throws IOException {
        return new Scene(directory.resolve("scene"), BROKER.bootstrapServers(), "events");
    }

    @Test
    void aFullDiskUnderTheCheckpointStopsTheQueryAndNoMore() throws Exception {
        Scene scene = scene();
        try (SmallDisk disk = SmallDisk.mount(scene.checkpoint())) {
            goesOnAsSpaceIsFreed(scene, disk);
        }
    }

    @Test
    void aFullDiskUnderTheTableStopsTheQueryAndNoMore() throws Exception {
        Scene scene = scene();
        Path mount = directory.resolve("disk");
        try (SmallDisk disk = SmallDisk.mount(mount)) {
            scene.edit("${DIR}/table", mount + "/table");
            Files.createSymbolicLink(scene.table(), mount.resolve("table"));
            goesOnAsSpaceIsFreed(scene, disk);
        }
    }

    private static void goesOnAsSpaceIsFreed(Scene scene, SmallDisk disk) throws IOException {
        disk.fill();
        List<String> refusals = new ArrayList<>();
        Answer answer = scene.run();
        while (answer.exitCode() != 0) {
            answer.refuses(1, "TM-3013 STORAGE_FULL", "'/", "space", "Free some", "start again");
            refusals.add(answer.err());
            assertThat(refusals).as("starts that met a full disk").hasSizeLessThan(MOST_STARTS);
            disk.freeOnePage();
            answer = scene.run();
        }
        answer.isFine();
        assertThat(refusals).hasSizeGreaterThan(2);
        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(200));
        assertThat(DeltaTableOracle.read(scene.table()).transactions())
                .extracting(DeltaTableOracle.Transaction::batchId)
                .isEqualTo(LongStream.range(0, 2).boxed().toList());
    }

    /** A file system in memory with room for little, most of it taken. */
    private record SmallDisk(Path mount, List<Path> ballast) implements AutoCloseable {
        static SmallDisk mount(Path folder) throws IOException, InterruptedException {
            Files.createDirectories(folder);
            Process mounting = new ProcessBuilder(
                            "mount", "-t", "tmpfs", "-o", "size=" + 256 * PAGE, "tmpfs", folder.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(mounting.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assumeThat(mounting.waitFor())
                    .as("a small file system cannot be mounted here (that takes root): %s", said)
                    .isZero();
            return new SmallDisk(folder, new ArrayList<>());
        }

        void fill() throws IOException {
            byte[] page = new byte[PAGE];
            while (store().getUsableSpace() >= PAGE) {
                Path file = mount.resolve("ballast-" + ballast.size());
                try (OutputStream out = Files.newOutputStream(file)) {
                    out.write(page);
                }
                ballast.add(file);
            }
        }

        void freeOnePage() throws IOException {
            Files.delete(ballast.remove(ballast.size() - 1));
        }

        private FileStore store() throws IOException {
            return Files.getFileStore(mount);
        }

        @Override
        public void close() throws IOException {
            try {
                new ProcessBuilder("umount", "-l", mount.toString()).start().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
