package io.tidemark.api.storage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The file layer: every durable byte of a query, its checkpoint and its tables goes through here, so that a test can
 * fail, tear or crash each single operation. Nobody else opens files.
 *
 * <p>Paths are absolute, with {@code /} between names: {@code /data/ck/offsets/0} on local disk, a full URI
 * ({@code hdfs://host/ck/offsets/0}) elsewhere. {@link #qualify} turns what a user writes into that form. Publishing
 * operations leave the whole new file or nothing under the target, at any crash. Safe for use by many threads.
 *
 * <p>Failures are {@link IOException}s: {@link java.nio.file.FileAlreadyExistsException} and {@link
 * java.nio.file.NoSuchFileException} as documented, {@link UnknownOutcomeException} where storage cannot say whether an
 * operation took effect, {@link StorageFullException} where there is no space; any other is a plain failure with nothing
 * published.
 */
public interface Storage {
    /** Returns {@code location} as an absolute path of this storage, without a trailing slash. */
    String qualify(String location);

    /**
     * Publishes {@code content} under {@code path}, only if nothing stands there; exactly one of several processes that
     * race wins. Durable (file and directory synced) on return. Parent directories are made.
     *
     * @throws java.nio.file.FileAlreadyExistsException if the target exists; it is left as it was
     */
    void createExclusive(String path, byte[] content) throws IOException;

    /** Publishes {@code content} under {@code path}, replacing what stands there. Durable on return. */
    void replace(String path, byte[] content) throws IOException;

    /**
     * Opens a new file that appears under {@code path} when {@link StorageOutput#publish} is called. With
     * {@link IfExists#FAIL}, publishing fails if the target exists by then.
     */
    StorageOutput create(String path, IfExists ifExists) throws IOException;

    /**
     * Gives the content of {@code existing} the further name {@code target} (hard link on local disk, copy elsewhere).
     * If the target exists with the same content this does nothing. Durable on return.
     *
     * @throws java.nio.file.FileAlreadyExistsException if the target exists with other content
     */
    void link(String existing, String target) throws IOException;

    /** Moves a file or directory to {@code target}, where nothing may stand. Durable on return. */
    void move(String source, String target) throws IOException;

    /** Returns the whole content, or empty if there is no such file. */
    Optional<byte[]> read(String path) throws IOException;

    /**
     * Opens a file for reading at any position.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     */
    StorageInput open(String path) throws IOException;

    /** Returns what stands under {@code path}, or empty. */
    Optional<FileStatus> status(String path) throws IOException;

    /** Returns the direct children of a directory, ordered by name; empty if there is no such directory. */
    List<FileStatus> list(String directory) throws IOException;

    /** Makes a directory and its missing parents, durable on return. Nothing happens if it exists. */
    void makeDirectories(String directory) throws IOException;

    /**
     * Makes every name in {@code directory} durable, whoever gave it. What is found is only as durable as its writer lived
     * to make it: one that died before it synced, or was told wrongly that it failed, leaves a file that all can read and
     * that a loss of power takes away. Nothing happens where there is no such directory, or where names are durable as
     * soon as they can be read.
     */
    default void makeDurable(String directory) throws IOException {}

    /** Deletes a file if it is there. */
    void delete(String path) throws IOException;

    /** Deletes a directory with everything in it, or a file, if it is there. */
    void deleteRecursively(String path) throws IOException;

    /**
     * Takes the lock {@code path} for the life of this process or until it is closed, or returns empty if another
     * process (or another owner in this one) holds it. Storage without locks returns {@link StorageLock#unsupported}.
     */
    Optional<StorageLock> tryLock(String path) throws IOException;

    /** What to do at publication if the target exists. */
    enum IfExists {
        FAIL,
        REPLACE
    }
}
