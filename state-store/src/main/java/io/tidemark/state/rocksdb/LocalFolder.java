package io.tidemark.state.rocksdb;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The folder where RocksDB works. Nothing in it outlives the process or is ever looked for: a cache, whose subfolders are
 * numbered. RocksDB itself opens files here, so these are the only files besides shuffle's that do not go through storage.
 */
final class LocalFolder {
    private final Path root;
    private final AtomicLong next = new AtomicLong();

    LocalFolder(Path root) {
        this.root = root;
    }

    /** Makes the folder. */
    void prepare() {
        make(root);
    }

    /** Removes the folder if nothing is left in it. */
    void remove() {
        if (Files.exists(root) && names(root).isEmpty()) {
            delete(root);
        }
    }

    /** Returns a name in the folder under which nothing stands. */
    Path fresh(String name) {
        Path path;
        do {
            path = root.resolve(name.replace('/', '-') + "-" + next.incrementAndGet());
        } while (Files.exists(path));
        return path;
    }

    static void make(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw failed("make", folder, e);
        }
    }

    static OutputStream create(Path file) {
        try {
            return Files.newOutputStream(file);
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    static InputStream open(Path file) throws IOException {
        return Files.newInputStream(file);
    }

    /** Returns the names in a folder, in order. */
    static List<String> names(Path folder) {
        List<String> names = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        } catch (IOException e) {
            throw failed("list", folder, e);
        }
        Collections.sort(names);
        return names;
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw failed("read", file, e);
        }
    }

    static long length(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw failed("measure", file, e);
        }
    }

    /** Removes a folder with all that is in it; what cannot be removed stays until the next start. */
    static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                    if (e == null) {
                        Files.deleteIfExists(directory);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            return; // nothing to remove
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(LocalFolder.class)
                    .warn("Cannot remove the working folder {}: {}", folder, e.toString());
        }
    }

    static TidemarkException failed(String what, Path path, IOException e) {
        return new TidemarkException(
                ErrorCode.STATE_STORE_FAILED,
                "Cannot " + what + " '" + path + "', where state stores work: "
                        + e.getClass().getSimpleName() + " " + e.getMessage()
                        + ". Make room or make it writable; the batch runs again.",
                e);
    }
}
