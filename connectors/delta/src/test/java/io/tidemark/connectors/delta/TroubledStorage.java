package io.tidemark.connectors.delta;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.ForwardingStorage;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageFullException;
import io.tidemark.api.storage.UnknownOutcomeException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Storage whose next commits of log files go wrong in the ways it is told; everything else passes through. */
final class TroubledStorage extends ForwardingStorage {
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

    final Deque<Trouble> ahead = new ArrayDeque<>();
    Runnable beforeCommit = () -> {};
    boolean unreadable;

    TroubledStorage(Storage real) {
        super(real);
    }

    @Override
    public void createExclusive(String path, byte[] content) throws IOException {
        if (!path.contains("_delta_log/0")) {
            super.createExclusive(path, content);
            return;
        }
        beforeCommit.run();
        Trouble now = ahead.isEmpty() ? Trouble.NONE : ahead.poll();
        switch (now) {
            case NONE -> super.createExclusive(path, content);
            case FAIL -> throw new IOException("simulated failure");
            case UNKNOWN_NOT_APPLIED -> throw new UnknownOutcomeException("simulated", new IOException("lost request"));
            case UNKNOWN_APPLIED -> {
                super.createExclusive(path, content);
                throw new UnknownOutcomeException("simulated", new IOException("lost reply"));
            }
            case FAIL_APPLIED -> {
                super.createExclusive(path, content);
                throw new IOException("simulated failure after the fact");
            }
            case EXISTS_APPLIED -> {
                super.createExclusive(path, content);
                throw new FileAlreadyExistsException(path);
            }
            case FULL -> throw new StorageFullException("simulated", new IOException("no space"));
            case CRASH_BEFORE -> throw new Crash();
            case CRASH_AFTER -> {
                super.createExclusive(path, content);
                throw new Crash();
            }
        }
    }

    @Override
    public List<FileStatus> list(String directory) throws IOException {
        if (unreadable) {
            throw new IOException("simulated: cannot list");
        }
        return super.list(directory);
    }
}
