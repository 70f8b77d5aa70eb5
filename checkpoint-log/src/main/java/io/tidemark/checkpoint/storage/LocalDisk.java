package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The system calls of {@link LocalStorage}, one method each, so that the order in which it writes, syncs and names files
 * can be put to the test on a disk that loses what a disk may lose.
 *
 * <p>Paths are absolute. Failures are those of {@link java.nio.file.Files}: {@link java.nio.file.NoSuchFileException} and
 * {@link java.nio.file.FileAlreadyExistsException} where a name is missing or taken. An interrupt of the calling thread
 * fails none of them. Safe for use by many threads.
 */
public interface LocalDisk {
    /** Returns the disk of this machine. */
    static LocalDisk ofThisMachine() {
        return MachineDisk.INSTANCE;
    }

    /**
     * Opens a new, empty file for writing.
     *
     * @throws java.io.FileNotFoundException if it cannot be made, as when its directory is missing
     */
    LocalFile create(Path file) throws IOException;

    /**
     * Gives a file a further name, {@code link(2)}.
     *
     * @throws java.nio.file.FileAlreadyExistsException if the name is taken
     */
    void link(Path existing, Path name) throws IOException;

    /** Gives a file or directory another name at once, {@code rename(2)}; a file under that name is replaced. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a name, of a file or of an empty directory; returns whether it was there. */
    boolean remove(Path path) throws IOException;

    /**
     * Makes one directory.
     *
     * @throws java.nio.file.FileAlreadyExistsException if the name is taken
     */
    void makeDirectory(Path directory) throws IOException;

    /** Makes the names in {@code directory} durable. */
    void syncDirectory(Path directory) throws IOException;

    /** Returns whether something stands under {@code path}; an error in looking counts as no. */
    boolean exists(Path path, LinkOption... options);

    /**
     * Returns what stands under {@code path}.
     *
     * @throws java.nio.file.NoSuchFileException if nothing does
     */
    FileStatus status(Path path, LinkOption... options) throws IOException;

    /** Returns the names in a directory, in any order. */
    List<Path> list(Path directory) throws IOException;

    /**
     * Returns the whole content of a file.
     *
     * @throws java.io.FileNotFoundException if it cannot be opened
     */
    byte[] read(Path file) throws IOException;

    /** Opens a file for reading at any position. */
    StorageInput open(Path file) throws IOException;

    /** Returns whether two files have the same content. */
    boolean sameContent(Path one, Path other) throws IOException;

    /**
     * Takes the lock on {@code file}, which is made if it is missing and then names its owner, or returns empty if this or
     * another process holds it.
     */
    Optional<StorageLock> tryLock(Path file) throws IOException;

    /** Returns what is written in {@code file} if this process holds its lock; such a file must not be opened again. */
    Optional<byte[]> contentOfHeld(Path file) throws IOException;

    /** A file open for writing, by one thread. */
    interface LocalFile extends AutoCloseable {
        /** Appends bytes. */
        void write(byte[] bytes, int offset, int length) throws IOException;

        /** Cuts the file off after {@code length} bytes. */
        void truncate(long length) throws IOException;

        /** Makes what was written durable, but not the file's name. */
        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }
}
