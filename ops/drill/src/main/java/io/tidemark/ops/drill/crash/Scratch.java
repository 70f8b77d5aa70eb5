package io.tidemark.ops.drill.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Working folders on a file system in memory where there is one; what lives left in them goes with them. */
final class Scratch implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path root;

    Scratch() throws IOException {
        root = Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "tidemark-drill-")
                : Files.createTempDirectory("tidemark-drill-");
    }

    /** Returns a new, empty folder. */
    Path folder() throws IOException {
        return Files.createTempDirectory(root, "life-");
    }

    /** Deletes a folder with everything in it. */
    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        delete(root);
    }
}
