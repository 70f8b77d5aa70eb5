package io.tidemark.connectors.delta;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageFullException;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.api.storage.StorageOutput;
import io.tidemark.api.storage.UnknownOutcomeException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Storage whose next commits of log files go wrong in the ways it is told; everything else passes through. */
final class TroubledStorage implements Storage {
    enum Trouble {
        NONE,
        /** The file is not written and the caller is told so. */
        FAIL,
        /** The file is not written and the caller is told that nobody knows. */
        UNKNOWN_NOT_APPLIED,
        /** The file is written and the caller is told that nobody knows. */
        UNKNOWN_APPLIED,
        /** The file is written and the caller is told that it failed. */
        FAIL_APPLIED,
        /** The file is written and the caller is told that it was there before. */
        EXISTS_APPLIED,
        FULL,
        /** The process dies before. */
        CRASH_BEFORE,
        /** The process dies after. */
        CRASH_AFTER
    }

    static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    private final Storage real;
    final Deque<Trouble> ahead = new ArrayDeque<>();
    Runnable beforeCommit = () -> {};
    boolean unreadable;

    TroubledStorage(Storage real) {
        this.real = real;
    }

    @Override
    public void createExclusive(String path, byte[] content) throws IOException {
        if (!path.contains("_delta_log/0")) {
            real.createExclusive(path, content);
            return;
        }
        beforeCommit.run();
        Trouble now = ahead.isEmpty() ? Trouble.NONE : ahead.poll();
        switch (now) {
            case NONE -> real.createExclusive(path, content);
            case FAIL -> throw new IOException("simulated failure");
            case UNKNOWN_NOT_APPLIED -> throw new UnknownOutcomeException("simulated", new IOException("lost request"));
            case UNKNOWN_APPLIED -> {
                real.createExclusive(path, content);
                throw new UnknownOutcomeException("simulated", new IOException("lost reply"));
            }
            case FAIL_APPLIED -> {
                real.createExclusive(path, content);
                throw new IOException("simulated failure after the fact");
            }
            case EXISTS_APPLIED -> {
                real.createExclusive(path, content);
                throw new FileAlreadyExistsException(path);
            }
            case FULL -> throw new StorageFullException("simulated", new IOException("no space"));
            case CRASH_BEFORE -> throw new Crash();
            case CRASH_AFTER -> {
                real.createExclusive(path, content);
                throw new Crash();
            }
        }
    }

    @Override
    public List<FileStatus> list(String directory) throws IOException {
        if (unreadable) {
            throw new IOException("simulated: cannot list");
        }
        return real.list(directory);
    }

    @Override
    public String qualify(String location) {
        return real.qualify(location);
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        real.replace(path, content);
    }

    @Override
    public StorageOutput create(String path, IfExists ifExists) throws IOException {
        return real.create(path, ifExists);
    }

    @Override
    public void link(String existing, String target) throws IOException {
        real.link(existing, target);
    }

    @Override
    public void move(String source, String target) throws IOException {
        real.move(source, target);
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        return real.read(path);
    }

    @Override
    public StorageInput open(String path) throws IOException {
        return real.open(path);
    }

    @Override
    public Optional<FileStatus> status(String path) throws IOException {
        return real.status(path);
    }

    @Override
    public void makeDirectories(String directory) throws IOException {
        real.makeDirectories(directory);
    }

    @Override
    public void delete(String path) throws IOException {
        real.delete(path);
    }

    @Override
    public void deleteRecursively(String path) throws IOException {
        real.deleteRecursively(path);
    }

    @Override
    public Optional<StorageLock> tryLock(String path) throws IOException {
        return real.tryLock(path);
    }
}
