package io.tidemark.checkpoint;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.format.PreparedBatch.StagedFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of state between being staged and having their final names, and those of versions that are not to be. What is
 * one step of the protocol is done by several threads at once, since each file costs a sync of its directory; on return,
 * also by an exception, no thread works on it any more.
 *
 * <p>Names of versions are used again by the next attempt. So a file that gives way is first moved to a name of its own and
 * looked at once more: an owner that was fenced off between looking and removing finds another's file then, and puts it
 * back.
 *
 * <p>Beside a file may stand up to three checksum files of Spark and Hadoop that speak of an earlier content: {@code
 * X.crc}, {@code .X.crc} and {@code .X.crc.crc}. They go before the file does, so that no crash leaves one that
 * contradicts a new content.
 */
public final class StagedFiles implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;
    private static final Pattern STATE_FILE =
            Pattern.compile("\\.?([0-9]{1,19})(_[0-9a-fA-F-]{36})?\\.(changelog|zip|delta|snapshot)((\\.crc)*)");

    /** What {@link #placeFor} makes of a version's path. */
    private static final Pattern TAKEN =
            Pattern.compile("(state-.*-([0-9]{1,18})(?:_[0-9a-fA-F-]{36})?\\.[a-z]+)-[0-9a-f-]{36}");

    private final Storage storage;
    private final CheckpointLayout layout;
    private final CheckedMove aside;
    private final Runnable stillOwner;
    private final ThreadPoolExecutor pool;

    /**
     * @param stillOwner fails if a later owner has claimed the checkpoint; asked between looking and deleting
     * @param threads how many files are worked on at once
     */
    public StagedFiles(Checkpoint checkpoint, Runnable stillOwner, int threads) {
        this.storage = checkpoint.storage();
        this.layout = checkpoint.layout();
        this.aside = new CheckedMove(storage);
        this.stillOwner = stillOwner;
        this.pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "state-files");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /** Returns whether every file is there as it was announced, be it under its staged or its final name. */
    public boolean areWhole(List<StagedFile> files) {
        List<Boolean> whole = new ArrayList<>();
        each(files, file -> {
            boolean good = matches(path(file.target()), file.digest()) || matches(path(file.staged()), file.digest());
            synchronized (whole) {
                whole.add(good);
            }
        });
        return !whole.contains(false);
    }

    /**
     * Returns the final names of those files that are not there as they were announced. Files beside which a checksum file
     * of Spark's form stands are left to whoever reads them, by that.
     */
    public List<String> altered(List<StagedFile> files) {
        List<String> altered = new ArrayList<>();
        each(files, file -> {
            String target = path(file.target());
            if (!exists(target + ".crc") && !matches(target, file.digest())) {
                synchronized (altered) {
                    altered.add(file.target());
                }
            }
        });
        altered.sort(null);
        return List.copyOf(altered);
    }

    private boolean exists(String path) {
        try {
            return storage.status(path).isPresent();
        } catch (IOException e) {
            throw StorageFailures.of("read", path, e);
        }
    }

    /**
     * Gives every file its final name; durable on return. What has it already is left alone, what stands there with other
     * content belongs to an attempt that is no more and gives way.
     *
     * @throws TidemarkException {@code STATE_FILE_MISSING} if a file is neither here nor there, {@code
     *     STATE_FILE_CORRUPT} if it is not what was staged; {@code COMMIT_UNKNOWN} if storage does not say what it did
     */
    public void publish(List<StagedFile> files) {
        each(files, file -> {
            String target = path(file.target());
            try {
                link(file, target);
            } catch (IOException e) {
                throw StorageFailures.of("store", target, e);
            }
        });
    }

    private void link(StagedFile file, String target) throws IOException {
        String staged = path(file.staged());
        try {
            storage.link(staged, target);
        } catch (NoSuchFileException | FileNotFoundException e) {
            if (!matches(target, file.digest())) {
                throw new TidemarkException(
                        ErrorCode.STATE_FILE_MISSING,
                        "Cannot finish the batch: its state file '" + staged + "' is gone and '" + target
                                + "' is not it. Restore it from a backup, or remove the batch's file from"
                                + " _tidemark/prepared to run it again.",
                        e);
            }
        } catch (FileAlreadyExistsException e) {
            if (matches(target, file.digest())) {
                return;
            }
            if (!matches(staged, file.digest())) {
                throw new TidemarkException(
                        ErrorCode.STATE_FILE_CORRUPT,
                        "Cannot finish the batch: its state file '" + staged + "' is not what was staged ("
                                + file.digest()
                                + "). Restore it from a backup, or remove the batch's file from _tidemark/prepared to"
                                + " run it again.",
                        e);
            }
            Optional<FileDigest> other = aside.digest(target);
            stillOwner.run();
            if (other.isPresent()) {
                removeWithChecksums(target, other.get());
            }
            storage.link(staged, target);
        }
    }

    /**
     * Removes the files of versions above {@code newest} from the stores' directories, with their checksum files: what
     * attempts that are no more have left, which would shadow or contradict the versions to come.
     *
     * @param directories relative to the checkpoint
     * @param kept files that stay, without their checksum files; relative to the checkpoint
     * @return what was removed, relative to the checkpoint, in order
     */
    public List<String> removeAbove(long newest, Collection<String> directories, Set<String> kept) {
        TreeMap<String, Optional<FileDigest>> doomed = new TreeMap<>(
                Comparator.comparing((String name) -> !isChecksum(name)).thenComparing(name -> name));
        each(List.copyOf(directories), directory -> {
            for (String name : leftovers(directory, newest, kept)) {
                Optional<FileDigest> seen = isChecksum(name) ? Optional.empty() : digest(name);
                synchronized (doomed) {
                    doomed.put(name, seen);
                }
            }
        });
        if (doomed.isEmpty()) {
            return List.of();
        }
        stillOwner.run();
        for (Map.Entry<String, Optional<FileDigest>> file : doomed.entrySet()) {
            String name = file.getKey();
            try {
                if (isChecksum(name)) {
                    storage.delete(path(name)); // a file is as good without one
                } else if (file.getValue().isPresent()) {
                    aside.remove(path(name), file.getValue().get(), placeFor(name));
                }
            } catch (IOException e) {
                throw StorageFailures.of("delete", path(name), e);
            }
        }
        return List.copyOf(doomed.keySet());
    }

    /**
     * Puts back what an owner that was fenced off took away by mistake and did not live to put back itself: of the
     * versions that batches made, what is not there but lies in {@code stale}.
     *
     * @param prepared by batch, for those that are committed
     * @return what was put back, relative to the checkpoint
     */
    public List<String> putBack(LongFunction<Optional<PreparedBatch>> prepared) {
        List<String> back = new ArrayList<>();
        try {
            for (FileStatus file : storage.list(layout.stale())) {
                Matcher name = TAKEN.matcher(file.name());
                if (name.matches() && isAbove(name.group(2), 0)) {
                    Optional<PreparedBatch> maker = prepared.apply(Long.parseLong(name.group(2)) - 1);
                    for (StagedFile made : maker.map(PreparedBatch::stateFiles).orElse(List.of())) {
                        if (made.target().replace('/', '-').equals(name.group(1))
                                && storage.status(path(made.target())).isEmpty()
                                && matches(file.path(), made.digest())) {
                            storage.link(file.path(), path(made.target()));
                            back.add(made.target());
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw StorageFailures.of("read", layout.stale(), e);
        }
        return List.copyOf(back);
    }

    private static boolean isChecksum(String name) {
        return name.endsWith(".crc");
    }

    private Optional<FileDigest> digest(String name) {
        try {
            return aside.digest(path(name));
        } catch (IOException e) {
            throw StorageFailures.of("read", path(name), e);
        }
    }

    private List<String> leftovers(String directory, long newest, Set<String> kept) {
        List<String> found = new ArrayList<>();
        try {
            for (FileStatus file : storage.list(path(directory))) {
                Matcher name = STATE_FILE.matcher(file.name());
                String relative = directory + "/" + file.name();
                if (!file.directory() && name.matches() && isAbove(name.group(1), newest) && !kept.contains(relative)) {
                    found.add(relative);
                }
            }
        } catch (IOException e) {
            throw StorageFailures.of("list", path(directory), e);
        }
        return found;
    }

    private static boolean isAbove(String version, long newest) {
        try {
            return Long.parseLong(version) > newest;
        } catch (NumberFormatException e) {
            return false; // no version that any batch will ever make
        }
    }

    private void removeWithChecksums(String path, FileDigest seen) throws IOException {
        int slash = path.lastIndexOf('/');
        String directory = path.substring(0, slash + 1);
        String name = path.substring(slash + 1);
        storage.delete(directory + "." + name + ".crc.crc");
        storage.delete(directory + name + ".crc");
        storage.delete(directory + "." + name + ".crc");
        aside.remove(path, seen, placeFor(layout.relative(path)));
    }

    /** Returns a name below {@code stale} that nobody else uses, and that says what stood where. */
    private String placeFor(String relative) {
        return layout.stale() + "/" + relative.replace('/', '-') + "-" + UUID.randomUUID();
    }

    private boolean matches(String path, FileDigest digest) {
        try {
            Optional<FileStatus> status = storage.status(path);
            return status.isPresent()
                    && status.get().length() == digest.length()
                    && aside.digest(path).filter(digest::equals).isPresent();
        } catch (IOException e) {
            throw StorageFailures.of("read", path, e);
        }
    }

    private String path(String relative) {
        return layout.root() + "/" + relative;
    }

    private interface Work<T> {
        void on(T item);
    }

    private <T> void each(List<T> items, Work<T> work) {
        if (items.size() == 1) {
            work.on(items.get(0));
            return;
        }
        List<CompletableFuture<Void>> running = items.stream()
                .map(item -> CompletableFuture.runAsync(() -> work.on(item), pool))
                .toList();
        CompletableFuture<Void> all = CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new));
        try {
            all.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            } else if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
