package io.tidemark.state.format;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/** Reading, giving names to, and removing files of a store without leaving a wrong checksum behind. */
public final class StateFiles {
    private StateFiles() {}

    /**
     * Reads a whole file and holds it against its checksum file, if it has one.
     *
     * @param root of the checkpoint
     * @param file path below it
     * @param neededFor what cannot be had without it, for the error's text
     * @throws StateFileException if it is missing or damaged
     */
    public static byte[] read(Storage storage, String root, String file, String neededFor) {
        byte[] content;
        try (StorageInput input = storage.open(root + "/" + file)) {
            if (input.length() > Integer.MAX_VALUE - 16) {
                throw StateFileException.unsupported(
                        file, "it is longer than 2 GiB", "Let Spark run the query until it has written a snapshot.");
            }
            content = new byte[(int) input.length()];
            input.readFully(0, content, 0, content.length);
        } catch (NoSuchFileException e) {
            throw StateFileException.missing(file, neededFor);
        } catch (EOFException e) {
            throw StateFileException.corrupt(file, "it ends before the length it is listed with", e);
        } catch (IOException e) {
            throw StateFileException.storage("read", file, e);
        }
        Optional<SparkChecksumFile> checksum = SparkChecksumFile.read(storage, root, file);
        if (checksum.isPresent()) {
            checksum.get().verify(file, content);
        }
        return content;
    }

    /**
     * Returns every sidecar that a file may have: Spark's checksum, Hadoop's, and Hadoop's of Spark's. A file's sidecars
     * are to be removed before it is replaced or removed: a stale one makes Spark refuse the file.
     */
    public static List<String> sidecars(String file) {
        int slash = file.lastIndexOf('/') + 1;
        String hidden = file.substring(0, slash) + "." + file.substring(slash);
        return List.of(
                SparkChecksumFile.path(file),
                HadoopChecksumFile.path(file),
                hidden + SparkChecksumFile.SUFFIX + HadoopChecksumFile.SUFFIX);
    }

    /** Deletes a file, its sidecars first. Nothing happens to what is not there. */
    public static void delete(Storage storage, String root, String file) {
        deleteSidecars(storage, root, file);
        try {
            storage.delete(root + "/" + file);
        } catch (IOException e) {
            throw StateFileException.storage("delete", file, e);
        }
    }

    private static void deleteSidecars(Storage storage, String root, String file) {
        for (String sidecar : sidecars(file)) {
            try {
                storage.delete(root + "/" + sidecar);
            } catch (IOException e) {
                throw StateFileException.storage("delete", sidecar, e);
            }
        }
    }

    /** Returns what stands under a path below the checkpoint, or empty. */
    public static Optional<FileStatus> status(Storage storage, String root, String file) {
        try {
            return storage.status(root + "/" + file);
        } catch (IOException e) {
            throw StateFileException.storage("look at", file, e);
        }
    }
}
