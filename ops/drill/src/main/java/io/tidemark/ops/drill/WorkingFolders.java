package io.tidemark.ops.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Folders that a drill works in and leaves no trace of; whoever makes one deletes it. */
public final class WorkingFolders {
    private static final Path MEMORY = Path.of("/dev/shm");

    private WorkingFolders() {}

    /** Makes a folder on disk. */
    public static Path onDisk(String prefix) throws IOException {
        return Files.createTempDirectory(prefix);
    }

    /** Makes a folder on a file system in memory, or returns empty where there is none. */
    public static Optional<Path> inMemory(String prefix) throws IOException {
        return Files.isWritable(MEMORY) ? Optional.of(Files.createTempDirectory(MEMORY, prefix)) : Optional.empty();
    }

    /** Makes a folder in memory, or on disk where that cannot be. */
    public static Path fast(String prefix) throws IOException {
        Optional<Path> inMemory = inMemory(prefix);
        return inMemory.isPresent() ? inMemory.get() : onDisk(prefix);
    }

    /** Deletes a folder with everything in it, if it is there. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        }
    }
}
