package io.tidemark.runtime.shuffle;

import io.tidemark.api.storage.StorageFullException;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where one attempt of a map task puts the blocks that memory has no room for. Written by one thread, then closed, then
 * read by many; each reader opens it for itself. Never synced: it need not survive anything.
 */
final class SpillFile {
    private static final int BUFFER = 1 << 17;

    private final Path path;
    private @Nullable OutputStream out;
    private long length;

    SpillFile(Path path) throws IOException {
        this.path = path;
        try {
            this.out = new BufferedOutputStream(new FileOutputStream(path.toFile()), BUFFER);
        } catch (IOException e) {
            throw named(e);
        }
    }

    /** Appends bytes and returns where they begin. */
    long append(byte[] bytes, int count) throws IOException {
        if (out == null) {
            throw new IllegalStateException(path + " is closed");
        }
        try {
            out.write(bytes, 0, count);
        } catch (IOException e) {
            throw named(e);
        }
        long at = length;
        length += count;
        return at;
    }

    /** Ends the writing. */
    void close() throws IOException {
        OutputStream open = out;
        out = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw named(e);
            }
        }
    }

    /** Opens it for reading. Plain reads: an interrupted thread must not pass for a broken file. */
    RandomAccessFile open() throws IOException {
        return new RandomAccessFile(path.toFile(), "r");
    }

    /** Removes it; a file that is gone or stays makes no difference to anybody but the disk. */
    void delete() {
        try {
            close();
        } catch (IOException e) {
            // what was not written is not wanted any more
        }
        path.toFile().delete();
    }

    /** Local file systems say only in words that they are full. */
    private IOException named(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left") || message.contains("quota exceeded")) {
            return new StorageFullException("the shuffle's spill file '" + path + "': " + message, e);
        }
        return new IOException("cannot write the shuffle's spill file '" + path + "': " + message, e);
    }

    static void deleteDirectory(Path directory) {
        try (var files = Files.list(directory)) {
            files.forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // gone already
        }
        directory.toFile().delete();
    }
}
