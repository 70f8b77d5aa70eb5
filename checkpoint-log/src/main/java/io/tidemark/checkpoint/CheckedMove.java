package io.tidemark.checkpoint;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.checkpoint.format.FileDigest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a file out of the way whose name another attempt will use again. Whoever does this may be fenced off between
 * looking and doing, and wake when another file stands there: so the file is moved to a name that is nobody else's, and
 * held against what was seen. If it is another, it is put back, and that a fenced owner must stop is left to the next look
 * at the epochs.
 */
final class CheckedMove {
    private static final Logger LOG = LoggerFactory.getLogger(CheckedMove.class);
    private static final int BUFFER_BYTES = 1 << 16;

    private final Storage storage;

    CheckedMove(Storage storage) {
        this.storage = storage;
    }

    /**
     * Moves {@code path} to {@code target}, where nothing may stand, if it is what was seen.
     *
     * @return whether it was; then {@code target} has it, else {@code path} has what it had
     */
    boolean move(String path, FileDigest seen, String target) throws IOException {
        try {
            storage.move(path, target);
        } catch (NoSuchFileException | FileNotFoundException e) {
            return false; // who was first has moved it
        }
        if (digest(target).filter(seen::equals).isPresent()) {
            return true;
        }
        LOG.warn("{} is not what it was when it was looked at; it is put back.", path);
        storage.link(target, path);
        storage.delete(target);
        return false;
    }

    /** As {@link #move}, and deletes it. */
    void remove(String path, FileDigest seen, String target) throws IOException {
        if (move(path, seen, target)) {
            storage.delete(target);
        }
    }

    /** Returns what stands under a path, or empty. */
    Optional<FileDigest> digest(String path) throws IOException {
        Optional<FileStatus> status = storage.status(path);
        if (status.isEmpty()) {
            return Optional.empty();
        }
        long length = status.get().length();
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[(int) Math.min(length, BUFFER_BYTES)];
        try (StorageInput in = storage.open(path)) {
            for (long position = 0; position < length; ) {
                int count = (int) Math.min(buffer.length, length - position);
                in.readFully(position, buffer, 0, count);
                crc.update(buffer, 0, count);
                position += count;
            }
        } catch (NoSuchFileException | FileNotFoundException e) {
            return Optional.empty();
        }
        return Optional.of(new FileDigest(length, (int) crc.getValue()));
    }
}
