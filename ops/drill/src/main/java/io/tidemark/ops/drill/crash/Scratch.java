package io.tidemark.ops.drill.crash;

import io.tidemark.ops.drill.WorkingFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Working folders on a file system in memory where there is one; what lives left in them goes with them. */
final class Scratch implements AutoCloseable {
    private final Path root;

    Scratch() throws IOException {
        root = WorkingFolders.fast("tidemark-drill-");
    }

    /** Returns a new, empty folder. */
    Path folder() throws IOException {
        return Files.createTempDirectory(root, "life-");
    }

    /** Deletes a folder with everything in it. */
    static void delete(Path folder) {
        try {
            WorkingFolders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        delete(root);
    }
}
