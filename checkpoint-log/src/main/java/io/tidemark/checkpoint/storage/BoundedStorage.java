package io.tidemark.checkpoint.storage;

import io.tidemark.api.TimeSource;
import io.tidemark.api.storage.ForwardingOutput;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.api.storage.StorageOutput;
import io.tidemark.api.storage.UnknownOutcomeException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Storage whose calls end within a deadline, and are told of in the log when they are slow. A remote store may hang without
 * an error, and with it a query that could neither go on nor stop. What was cut off while it read has failed; of what was cut
 * off while it wrote nobody knows: {@link UnknownOutcomeException}. The call itself is interrupted and left to its thread.
 *
 * <p>Settings of the file system ({@code spark.hadoop.} before them in a query): {@value #DEADLINE} (120,000; 0 for
 * none, and then each call runs on its caller's thread) and {@value #SLOW} (10,000), in milliseconds.
 */
final class BoundedStorage extends InterceptedStorage {
    static final String DEADLINE = "tidemark.storage.deadlineMs";
    static final String SLOW = "tidemark.storage.slowMs";

    private static final Logger LOG = LoggerFactory.getLogger(BoundedStorage.class);
    private static final TimeSource TIME = TimeSource.system();
    private static final long DEADLINE_MILLIS = 120_000;
    private static final long SLOW_MILLIS = 10_000;
    private static final ExecutorService CALLS = Executors.newCachedThreadPool(call -> {
        Thread thread = new Thread(call, "storage-call");
        thread.setDaemon(true);
        return thread;
    });

    private final Duration deadline;
    private final Duration slow;

    BoundedStorage(Storage storage, Duration deadline, Duration slow) {
        super(storage);
        this.deadline = deadline;
        this.slow = slow;
    }

    /** Returns {@code storage} with the deadlines that {@code conf} sets; as it is where it sets none, with 0. */
    static Storage of(Storage storage, SortedMap<String, String> conf) {
        if (conf.getOrDefault(DEADLINE, "").strip().equals("0")) {
            return storage;
        }
        return new BoundedStorage(storage, millis(conf, DEADLINE, DEADLINE_MILLIS), millis(conf, SLOW, SLOW_MILLIS));
    }

    private static Duration millis(SortedMap<String, String> conf, String key, long whenAbsent) {
        String text = conf.getOrDefault(key, Long.toString(whenAbsent)).strip();
        if (!text.matches("[1-9][0-9]{0,11}")) {
            throw new IllegalArgumentException(key + " must be a number of milliseconds above 0, not '" + text + "'");
        }
        return Duration.ofMillis(Long.parseLong(text));
    }

    @Override
    protected <T> T look(String what, String path, Look<T> look) throws IOException {
        return within(what, path, look::run, false);
    }

    @Override
    protected void change(StorageOperation operation, String path, long bytes, Change change) throws IOException {
        String what =
                switch (operation) {
                    case CREATE_EXCLUSIVE -> "create";
                    case MAKE_DIRECTORIES -> "make";
                    case DELETE_RECURSIVELY -> "delete";
                    default -> operation.text();
                };
        within(what, path, answering(path, change), true);
    }

    private <T> T within(String what, String path, Callable<T> call, boolean writes) throws IOException {
        long begin = TIME.nanoTime();
        Future<T> future = CALLS.submit(call);
        try {
            T result = future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            Duration took = Duration.ofNanos(TIME.nanoTime() - begin);
            if (took.compareTo(slow) > 0) {
                LOG.warn("Storage took {} ms to {} '{}'", took.toMillis(), what, path);
            }
            return result;
        } catch (TimeoutException e) {
            future.cancel(true);
            IOException late = new IOException("storage did not " + what + " '" + path + "' within "
                    + deadline.toMillis() + " ms (" + DEADLINE + ")");
            LOG.warn("{}", late.getMessage());
            if (writes) {
                throw new UnknownOutcomeException(String.valueOf(late.getMessage()), late);
            }
            throw late;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return afterInterrupt(what, path, future, begin, writes);
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    /** An interrupt never cuts a call off half way: the query ends at its next step. */
    private <T> T afterInterrupt(String what, String path, Future<T> future, long begin, boolean writes)
            throws IOException {
        try {
            while (true) {
                long left = deadline.toNanos() - (TIME.nanoTime() - begin);
                Thread.interrupted();
                try {
                    return future.get(Math.max(0, left), TimeUnit.NANOSECONDS);
                } catch (InterruptedException again) {
                    continue;
                }
            }
        } catch (TimeoutException e) {
            future.cancel(true);
            IOException late = new InterruptedIOException("storage did not " + what + " '" + path + "' in time");
            if (writes) {
                throw new UnknownOutcomeException(String.valueOf(late.getMessage()), late);
            }
            throw late;
        } catch (ExecutionException e) {
            throw failure(e);
        } finally {
            Thread.currentThread().interrupt();
        }
    }

    private static IOException failure(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof IOException io) {
            return io;
        } else if (cause instanceof RuntimeException runtime) {
            throw runtime;
        } else if (cause instanceof Error error) {
            throw error;
        }
        return new IOException(cause);
    }

    private void part(String what, String path, Change change) throws IOException {
        within(what, path, answering(path, change), false);
    }

    private static Callable<String> answering(String path, Change change) {
        return () -> {
            change.run();
            return path;
        };
    }

    @Override
    public StorageOutput create(String path, IfExists ifExists) throws IOException {
        return new ForwardingOutput(super.create(path, ifExists)) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                part("write", path, () -> output().write(bytes, offset, length)); // a single byte goes into a buffer
            }

            @Override
            public void flush() throws IOException {
                part("flush", path, output()::flush);
            }

            @Override
            public void close() throws IOException {
                part("close", path, output()::close);
            }
        };
    }

    @Override
    public StorageInput open(String path) throws IOException {
        StorageInput input = super.open(path);
        return new StorageInput() {
            @Override
            public long length() {
                return input.length();
            }

            @Override
            public void readFully(long position, byte[] target, int offset, int length) throws IOException {
                byte[] own = new byte[length]; // a call that was cut off may still write into what it was given
                part("read", path, () -> input.readFully(position, own, 0, length));
                System.arraycopy(own, 0, target, offset, length);
            }

            @Override
            public void close() throws IOException {
                part("close", path, input::close);
            }
        };
    }

    /** A lock is taken by the thread that asks for it. */
    @Override
    public Optional<StorageLock> tryLock(String path) throws IOException {
        return storage().tryLock(path);
    }
}
