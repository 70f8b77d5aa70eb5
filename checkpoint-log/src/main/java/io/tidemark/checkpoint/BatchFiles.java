package io.tidemark.checkpoint;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.format.BatchIds;
import io.tidemark.checkpoint.format.ControlFileException;
import io.tidemark.checkpoint.format.FileDigest;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A directory with one file per batch. It is listed once, at the first use; from then on this object knows which files
 * there are, because nobody else writes. Safe for use by many threads.
 */
final class BatchFiles {
    private static final int REMEMBERED_DIGESTS = 4;

    private final Storage storage;
    private final String directory;
    private final TreeMap<Long, FileDigest> digests = new TreeMap<>(); // guarded by this; of the newest few
    private @Nullable TreeSet<Long> ids; // guarded by this; null before the first use

    BatchFiles(Storage storage, String directory) {
        this.storage = storage;
        this.directory = directory;
    }

    String path(long batchId) {
        return directory + "/" + batchId;
    }

    /** Returns a copy of the ids that are stored. */
    synchronized SortedSet<Long> ids() {
        return new TreeSet<>(known());
    }

    synchronized OptionalLong newest() {
        TreeSet<Long> known = known();
        return known.isEmpty() ? OptionalLong.empty() : OptionalLong.of(known.last());
    }

    /** Stores a file that must not exist yet; durable on return. */
    void create(long batchId, byte[] content) {
        synchronized (this) {
            TreeSet<Long> known = known(); // listed before the new file can be in the listing
            if (!known.isEmpty() && batchId <= known.last()) {
                throw StorageFailures.of("store", path(batchId), new FileAlreadyExistsException(path(batchId)));
            }
        }
        try {
            storage.createExclusive(path(batchId), content);
        } catch (IOException e) {
            throw StorageFailures.of("store", path(batchId), e);
        }
        synchronized (this) {
            known().add(batchId);
            remember(batchId, content);
        }
    }

    Optional<byte[]> read(long batchId) {
        try {
            Optional<byte[]> content = storage.read(path(batchId));
            synchronized (this) {
                content.ifPresent(bytes -> remember(batchId, bytes));
            }
            return content;
        } catch (IOException e) {
            throw StorageFailures.of("read", path(batchId), e);
        }
    }

    FileDigest digest(long batchId) {
        synchronized (this) {
            FileDigest remembered = digests.get(batchId);
            if (remembered != null) {
                return remembered;
            }
        }
        return FileDigest.of(
                read(batchId).orElseThrow(() -> new IllegalArgumentException("there is no file " + path(batchId))));
    }

    /** Deletes files with an id below {@code firstKept}, ascending, by name, but never the newest. */
    void deleteBefore(long firstKept) {
        List<Long> doomed;
        synchronized (this) {
            TreeSet<Long> known = known();
            if (known.isEmpty()) {
                return;
            }
            doomed = List.copyOf(known.headSet(Math.min(firstKept, known.last())));
        }
        for (long batchId : doomed) {
            try {
                if (batchId != doomed.get(0)) { // a loss of power must not bring an older one back that leaves a gap
                    storage.makeDurable(directory);
                }
                storage.delete(path(batchId));
            } catch (IOException e) {
                throw StorageFailures.of("delete", path(batchId), e);
            }
            synchronized (this) {
                known().remove(batchId);
                digests.remove(batchId);
            }
        }
    }

    private void remember(long batchId, byte[] content) {
        digests.put(batchId, FileDigest.of(content));
        if (digests.size() > REMEMBERED_DIGESTS) {
            digests.pollFirstEntry();
        }
    }

    private TreeSet<Long> known() {
        TreeSet<Long> known = ids;
        if (known == null) {
            known = list(storage, directory);
            ids = known;
        }
        return known;
    }

    /** Returns the batch ids in a directory; a name that Spark would take for a batch and is not one is an error. */
    static TreeSet<Long> list(Storage storage, String directory) {
        TreeSet<Long> found = new TreeSet<>();
        try {
            for (FileStatus file : storage.list(directory)) {
                String name = file.name();
                if (file.directory() || !BatchIds.looksLikeBatch(name)) {
                    continue;
                }
                if (!BatchIds.isCanonical(name)) {
                    throw misnamed(file.path());
                }
                found.add(BatchIds.parse(name));
            }
        } catch (IOException e) {
            throw StorageFailures.of("list", directory, e);
        }
        return found;
    }

    static ControlFileException misnamed(String path) {
        return ControlFileException.corrupt(
                path,
                "its name looks like a batch id and is not spelled like one, so that Spark would list it and then open "
                        + "another file",
                "Nobody writes such files: move it away.");
    }
}
