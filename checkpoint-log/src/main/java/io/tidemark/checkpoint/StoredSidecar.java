package io.tidemark.checkpoint;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.UnknownOutcomeException;
import io.tidemark.checkpoint.SidecarCheck.Absent;
import io.tidemark.checkpoint.SidecarCheck.Corrupt;
import io.tidemark.checkpoint.SidecarCheck.Foreign;
import io.tidemark.checkpoint.SidecarCheck.Matches;
import io.tidemark.checkpoint.format.BatchIds;
import io.tidemark.checkpoint.format.ControlFileException;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.LossRecord;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.format.SealedPlan;
import io.tidemark.checkpoint.format.SidecarFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sidecar in {@code _tidemark/}. Reads go to storage each time; names are listed once for purging. The digests of
 * {@code offsets/N} come from the offset log.
 */
final class StoredSidecar implements Sidecar {
    private final Storage storage;
    private final CheckpointLayout layout;
    private final CheckedMove aside;
    private final UUID queryId;
    private final LongFunction<Optional<FileDigest>> offsets;
    private final LossLedger losses;
    private @Nullable TreeMap<Long, Integer> attempts; // guarded by this; the highest known k by batch, null at first
    private @Nullable TreeSet<SidecarName> names; // guarded by this; null before the first purge

    StoredSidecar(Storage storage, CheckpointLayout layout, UUID queryId, LongFunction<Optional<FileDigest>> offsets) {
        this.storage = storage;
        this.layout = layout;
        this.aside = new CheckedMove(storage);
        this.queryId = queryId;
        this.offsets = offsets;
        this.losses = new LossLedger(storage, layout, queryId);
    }

    @Override
    public void seal(SealedPlan sealed) {
        String path = layout.sealed(sealed.batchId());
        try {
            storage.createExclusive(path, SidecarFile.encode(sealed));
        } catch (IOException e) {
            throw StorageFailures.of("store", path, e);
        }
        remember(layout.sealed(), path);
    }

    @Override
    public SidecarCheck<SealedPlan> sealed(long batchId) {
        String path = layout.sealed(batchId);
        return check(
                path,
                content -> SidecarFile.decodeSealed(path, content),
                plan -> mismatch(plan.queryId(), plan.batchId(), batchId, plan.offsets()));
    }

    @Override
    public String prepare(PreparedBatch prepared) {
        String path = layout.prepared(prepared.batchId(), prepared.attempt());
        byte[] content = SidecarFile.encode(prepared);
        try {
            storage.createExclusive(path, content);
        } catch (UnknownOutcomeException e) {
            readBack(path, content, e);
        } catch (FileAlreadyExistsException e) {
            throw new TidemarkException(
                    ErrorCode.BATCH_CONFLICT,
                    "Cannot prepare batch " + prepared.batchId() + ": another attempt stands in '" + path
                            + "' and is the batch. A restart finishes that one.",
                    e);
        } catch (IOException e) {
            throw StorageFailures.of("store", path, e);
        }
        remember(layout.prepared(), path);
        synchronized (this) {
            if (attempts != null) {
                attempts.headMap(prepared.batchId()).clear();
                attempts.put(prepared.batchId(), prepared.attempt());
            }
        }
        return SidecarFile.hash(content);
    }

    /** The attempt's UUID is part of the content, so equal bytes are ours. */
    private void readBack(String path, byte[] content, UnknownOutcomeException unknown) {
        try {
            Optional<byte[]> stored = storage.read(path);
            if (stored.isPresent() && Arrays.equals(stored.get(), content)) {
                return;
            }
        } catch (IOException e) {
            unknown.addSuppressed(e);
        }
        throw StorageFailures.of("store", path, unknown);
    }

    @Override
    public SidecarCheck<PreparedBatch> prepared(long batchId) {
        Optional<SidecarName> newest = list(layout.prepared()).stream()
                .filter(name -> name.batchId() == batchId)
                .max(SidecarName.ORDER);
        if (newest.isEmpty()) {
            return new Absent<>();
        }
        String path = newest.get().path();
        return check(
                path,
                content -> SidecarFile.decodePrepared(path, content),
                prepared -> prepared.attempt() != newest.get().attempt()
                        ? Optional.of("it is attempt " + prepared.attempt() + " by its content")
                        : mismatch(prepared.queryId(), prepared.batchId(), batchId, prepared.offsets()));
    }

    @Override
    public int nextAttempt(long batchId) {
        synchronized (this) {
            if (attempts == null) {
                TreeMap<Long, Integer> found = new TreeMap<>();
                list(layout.prepared()).forEach(name -> found.merge(name.batchId(), name.attempt(), Math::max));
                setAside().forEach(name -> found.merge(name.batchId(), name.attempt(), Math::max)); // listed last
                attempts = found;
            }
            return attempts.getOrDefault(batchId, -1) + 1;
        }
    }

    /** Returns the names that prepared files had before they were set aside. */
    private List<SidecarName> setAside() {
        List<SidecarName> names = new ArrayList<>();
        for (String path : children(layout.stale(), name -> name.startsWith("prepared-"))) {
            String name = path.substring(layout.stale().length() + "/prepared-".length());
            int again = name.indexOf('-');
            SidecarName.parse(layout.prepared(), again < 0 ? name : name.substring(0, again))
                    .ifPresent(names::add);
        }
        return names;
    }

    private Optional<String> mismatch(UUID storedQuery, long storedBatch, long batchId, FileDigest storedOffsets) {
        if (!storedQuery.equals(queryId)) {
            return Optional.of("it belongs to query " + storedQuery + ", 'metadata' says " + queryId);
        }
        if (storedBatch != batchId) {
            return Optional.of("it is of batch " + storedBatch + " by its content");
        }
        Optional<FileDigest> present = offsets.apply(batchId);
        if (present.isEmpty()) {
            return Optional.of("there is no offsets/" + batchId);
        }
        if (!present.get().equals(storedOffsets)) {
            return Optional.of("it was made for another offsets/" + batchId + " (" + storedOffsets + "; now "
                    + present.get() + ")");
        }
        return Optional.empty();
    }

    private <T> SidecarCheck<T> check(String path, Decoder<T> decoder, Judge<T> judge) {
        Optional<byte[]> content;
        try {
            content = storage.read(path);
        } catch (IOException e) {
            throw StorageFailures.of("read", path, e);
        }
        if (content.isEmpty()) {
            return new Absent<>();
        }
        T value;
        try {
            value = decoder.decode(content.get());
        } catch (ControlFileException e) {
            return new Corrupt<>(path, e.problem());
        }
        Optional<String> mismatch = judge.mismatch(value);
        if (mismatch.isPresent()) {
            return new Foreign<>(path, value, mismatch.get());
        }
        return new Matches<>(path, value, SidecarFile.hash(content.get()));
    }

    @Override
    public List<String> setPreparedAside(long batchId, Runnable stillOwner) {
        return setAside(List.of(layout.prepared()), name -> name.batchId() == batchId, stillOwner);
    }

    @Override
    public List<String> setOrphansAside(long newestPlan, Runnable stillOwner) {
        return setAside(List.of(layout.sealed(), layout.prepared()), name -> name.batchId() > newestPlan, stillOwner);
    }

    private List<String> setAside(List<String> directories, Predicate<SidecarName> which, Runnable stillOwner) {
        List<SidecarName> found = new ArrayList<>();
        for (String directory : directories) {
            list(directory).stream().filter(which).forEach(found::add);
        }
        if (found.isEmpty()) {
            return List.of();
        }
        Map<SidecarName, FileDigest> seen = new LinkedHashMap<>();
        for (SidecarName name : found) {
            try {
                aside.digest(name.path()).ifPresent(digest -> seen.put(name, digest));
            } catch (IOException e) {
                throw StorageFailures.of("read", name.path(), e);
            }
        }
        stillOwner.run();
        return seen.entrySet().stream()
                .map(file -> setAside(file.getKey(), file.getValue()))
                .toList();
    }

    /** Moves a sidecar to {@code stale/<kind>-<name>[-<i>]}, the first that is free. */
    private String setAside(SidecarName name, FileDigest seen) {
        String kind = name.directory().substring(name.directory().lastIndexOf('/') + 1);
        String wanted = layout.stale() + "/" + kind + "-" + name.fileName();
        try {
            String target = wanted;
            for (int i = 1; storage.status(target).isPresent(); i++) {
                target = wanted + "-" + i;
            }
            aside.move(name.path(), seen, target);
            synchronized (this) {
                if (names != null) {
                    names.remove(name);
                }
            }
            return target;
        } catch (IOException e) {
            throw StorageFailures.of("set aside", name.path(), e);
        }
    }

    @Override
    public void recordLoss(LossRecord loss) {
        losses.record(loss);
    }

    @Override
    public List<LossRecord> losses() {
        return losses.read();
    }

    @Override
    public void compactLosses(long committed) {
        losses.compact(committed);
    }

    @Override
    public void removeStagedAttempts(long batchId, Runnable stillOwner) {
        removeAll(children(layout.staged(batchId), name -> true), stillOwner);
    }

    @Override
    public void removeStagedThrough(long committed, Runnable stillOwner) {
        removeAll(
                children(layout.staged(), name -> BatchIds.isCanonical(name) && BatchIds.parse(name) <= committed),
                stillOwner);
    }

    private List<String> children(String directory, Predicate<String> which) {
        try {
            return storage.list(directory).stream()
                    .map(FileStatus::name)
                    .filter(which)
                    .map(name -> directory + "/" + name)
                    .toList();
        } catch (IOException e) {
            throw StorageFailures.of("list", directory, e);
        }
    }

    private void removeAll(List<String> paths, Runnable stillOwner) {
        if (paths.isEmpty()) {
            return;
        }
        stillOwner.run();
        for (String path : paths) {
            try {
                storage.deleteRecursively(path);
            } catch (IOException e) {
                throw StorageFailures.of("delete", path, e);
            }
        }
    }

    @Override
    public void purgeBefore(long firstKept) {
        List<SidecarName> doomed = new ArrayList<>();
        synchronized (this) {
            for (SidecarName name : known()) {
                if (name.batchId() < firstKept) {
                    doomed.add(name);
                }
            }
        }
        for (SidecarName name : doomed) {
            try {
                storage.delete(name.path());
            } catch (IOException e) {
                throw StorageFailures.of("delete", name.path(), e);
            }
            synchronized (this) {
                known().remove(name);
            }
        }
    }

    private synchronized void remember(String directory, String path) {
        if (names != null) {
            SidecarName.parse(directory, path.substring(directory.length() + 1)).ifPresent(names::add);
        }
    }

    private TreeSet<SidecarName> known() {
        TreeSet<SidecarName> known = names;
        if (known == null) {
            known = new TreeSet<>(SidecarName.ORDER);
            known.addAll(list(layout.sealed()));
            known.addAll(list(layout.prepared()));
            names = known;
        }
        return known;
    }

    private List<SidecarName> list(String directory) {
        return list(storage, directory);
    }

    /** Returns the sidecars in a directory, ascending by batch and attempt. */
    static List<SidecarName> list(Storage storage, String directory) {
        TreeSet<SidecarName> found = new TreeSet<>(SidecarName.ORDER);
        try {
            for (FileStatus file : storage.list(directory)) {
                if (!file.directory()) {
                    SidecarName.parse(directory, file.name()).ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            throw StorageFailures.of("list", directory, e);
        }
        return List.copyOf(found);
    }

    private interface Decoder<T> {
        T decode(byte[] content);
    }

    private interface Judge<T> {
        Optional<String> mismatch(T value);
    }
}
