package io.tidemark.state;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.api.storage.StorageOutput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Storage that dies at one of its steps, before it or after it, and stays dead until it is revived. */
public final class CrashingStorage implements Storage {
    private final Storage files;
    private long steps;
    private long last = Long.MAX_VALUE; // the step to die at
    private boolean after;
    private boolean dead;

    public CrashingStorage(Storage files) {
        this.files = files;
    }

    /** Dies {@code more} steps from now. */
    public void crashAfter(long more, boolean afterTheStep) {
        last = steps + more;
        after = afterTheStep;
    }

    public boolean dead() {
        return dead;
    }

    public void revive() {
        dead = false;
        last = Long.MAX_VALUE;
    }

    private interface Step {
        void run() throws IOException;
    }

    private void step(Step step) throws IOException {
        if (dead) {
            throw new IOException("dead");
        }
        boolean dies = ++steps >= last;
        if (dies && !after) {
            dead = true;
            throw new IOException("crashed before a step");
        }
        step.run();
        if (dies) {
            dead = true;
            throw new IOException("crashed after a step");
        }
    }

    @Override
    public String qualify(String location) {
        return files.qualify(location);
    }

    @Override
    public void createExclusive(String path, byte[] content) throws IOException {
        step(() -> files.createExclusive(path, content));
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        step(() -> files.replace(path, content));
    }

    @Override
    public StorageOutput create(String path, IfExists ifExists) throws IOException {
        StorageOutput out = files.create(path, ifExists);
        return new StorageOutput() {
            @Override
            public long position() {
                return out.position();
            }

            @Override
            public void publish() throws IOException {
                step(out::publish);
            }

            @Override
            public void write(int value) throws IOException {
                out.write(value);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }

    @Override
    public void link(String existing, String target) throws IOException {
        step(() -> files.link(existing, target));
    }

    @Override
    public void move(String source, String target) throws IOException {
        step(() -> files.move(source, target));
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        return files.read(path);
    }

    @Override
    public StorageInput open(String path) throws IOException {
        return files.open(path);
    }

    @Override
    public Optional<FileStatus> status(String path) throws IOException {
        return files.status(path);
    }

    @Override
    public List<FileStatus> list(String directory) throws IOException {
        return files.list(directory);
    }

    @Override
    public void makeDirectories(String directory) throws IOException {
        files.makeDirectories(directory);
    }

    @Override
    public void delete(String path) throws IOException {
        step(() -> files.delete(path));
    }

    @Override
    public void deleteRecursively(String path) throws IOException {
        step(() -> files.deleteRecursively(path));
    }

    @Override
    public Optional<StorageLock> tryLock(String path) throws IOException {
        return files.tryLock(path);
    }
}
