package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.StorageLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The locks this process holds on local files.
 *
 * <p>The one piece of static state of the module, because what it mirrors is the process's: a POSIX lock belongs to the
 * process, and closing <em>any</em> descriptor of the file drops it. So a held file is never opened a second time here,
 * neither to try the lock again nor to read it.
 */
final class LocalLocks {
    private static final Map<Path, Held> HELD = new HashMap<>(); // guarded by itself

    private LocalLocks() {}

    /** Takes the lock, or returns empty if this or another process holds it. The directory must exist. */
    static Optional<StorageLock> tryLock(Path file) throws IOException {
        synchronized (HELD) {
            Path key = key(file);
            if (HELD.containsKey(key)) {
                return Optional.empty();
            }
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            boolean taken = false;
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    return Optional.empty();
                }
                byte[] content = owner();
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(content), 0);
                Held held = new Held(key, channel, content);
                HELD.put(key, held);
                taken = true;
                return Optional.of(held);
            } finally {
                if (!taken) {
                    channel.close();
                }
            }
        }
    }

    /** Returns what is written in {@code file} if this process holds its lock. */
    static Optional<byte[]> contentOfHeld(Path file) throws IOException {
        synchronized (HELD) {
            for (Held held : HELD.values()) {
                if (held.key.endsWith(file.getFileName()) && Files.exists(file) && held.key.equals(key(file))) {
                    return Optional.of(held.content.clone());
                }
            }
            return Optional.empty();
        }
    }

    private static Path key(Path file) throws IOException {
        return Files.exists(file)
                ? file.toRealPath()
                : file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
    }

    private static byte[] owner() {
        return ("process " + ProcessHandle.current().pid() + " on host " + host()).getBytes(StandardCharsets.UTF_8);
    }

    private static String host() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "localhost"; // not Linux; the epoch's record names the host too
        }
    }

    private static final class Held implements StorageLock {
        private final Path key;
        private final FileChannel channel;
        private final byte[] content;

        Held(Path key, FileChannel channel, byte[] content) {
            this.key = key;
            this.channel = channel;
            this.content = content;
        }

        @Override
        public boolean excludesOthers() {
            return true;
        }

        @Override
        public void close() throws IOException {
            synchronized (HELD) {
                if (HELD.remove(key, this)) {
                    channel.close();
                }
            }
        }
    }
}
