package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The system calls as the operating system does them. */
final class MachineDisk implements LocalDisk {
    static final MachineDisk INSTANCE = new MachineDisk();

    private MachineDisk() {}

    @Override
    public LocalFile create(Path file) throws IOException {
        FileOutputStream stream = new FileOutputStream(file.toFile()); // unlike a channel, not closed by an interrupt
        return new LocalFile() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                stream.write(bytes, offset, length);
            }

            @Override
            public void truncate(long length) throws IOException {
                stream.getChannel().truncate(length);
            }

            @Override
            public void sync() throws IOException {
                stream.getFD().sync();
            }

            @Override
            public void close() throws IOException {
                stream.close();
            }
        };
    }

    @Override
    public void link(Path existing, Path name) throws IOException {
        try {
            Files.createLink(name, existing);
        } catch (UnsupportedOperationException e) {
            throw new FileSystemException(
                    name.toString(), existing.toString(), "this file system has no hard links: use another one");
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public boolean remove(Path path) throws IOException {
        return Files.deleteIfExists(path);
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        Files.createDirectory(directory);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        DirectorySync.sync(directory);
    }

    @Override
    public boolean exists(Path path, LinkOption... options) {
        return Files.exists(path, options);
    }

    @Override
    public FileStatus status(Path path, LinkOption... options) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, options);
        return new FileStatus(
                path.toString(),
                attributes.isDirectory() ? 0 : attributes.size(),
                attributes.lastModifiedTime().toMillis(),
                attributes.isDirectory());
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(children::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return children;
    }

    @Override
    public byte[] read(Path file) throws IOException {
        try (InputStream in = new FileInputStream(file.toFile())) {
            return in.readAllBytes();
        }
    }

    @Override
    public StorageInput open(Path file) throws IOException {
        return new LocalInput(file);
    }

    @Override
    public boolean sameContent(Path one, Path other) throws IOException {
        return Files.mismatch(one, other) < 0;
    }

    @Override
    public Optional<StorageLock> tryLock(Path file) throws IOException {
        return LocalLocks.tryLock(file);
    }

    @Override
    public Optional<byte[]> contentOfHeld(Path file) throws IOException {
        return LocalLocks.contentOfHeld(file);
    }
}
