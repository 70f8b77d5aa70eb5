package io.tidemark.checkpoint;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.format.BatchIds;
import io.tidemark.checkpoint.format.LossRecord;
import io.tidemark.checkpoint.format.SidecarFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What sources lost, in {@code _tidemark/loss}: a file {@code N} for each batch that lost something, and from time to time
 * one file {@code 0-K} in place of all up to batch K. Nothing is ever forgotten: {@code 0-K} is durable before what it
 * holds is deleted, and whoever reads both counts a record once. Safe for use by many threads.
 */
final class LossLedger {
    /** So many files for single batches stay before they are put into one. */
    static final int SINGLES_KEPT = 16;

    private static final int READ_ATTEMPTS = 5;
    private static final Comparator<LossRecord> ORDER = Comparator.comparingLong(LossRecord::batchId);

    private final Storage storage;
    private final CheckpointLayout layout;
    private final UUID queryId;
    private @Nullable TreeSet<Long> singles; // guarded by this; null before the first compaction

    LossLedger(Storage storage, CheckpointLayout layout, UUID queryId) {
        this.storage = storage;
        this.layout = layout;
        this.queryId = queryId;
    }

    /** Publishes {@code loss/N}, unless an equal one stands there. */
    void record(LossRecord loss) {
        String path = layout.loss(loss.batchId());
        create(path, SidecarFile.encode(loss));
        synchronized (this) {
            if (singles != null) {
                singles.add(loss.batchId());
            }
        }
    }

    private void create(String path, byte[] content) {
        try {
            storage.createExclusive(path, content);
        } catch (FileAlreadyExistsException e) {
            try {
                if (storage.read(path)
                        .filter(stored -> Arrays.equals(stored, content))
                        .isPresent()) {
                    return;
                }
            } catch (IOException unreadable) {
                e.addSuppressed(unreadable);
            }
            throw StorageFailures.of("store", path, e);
        } catch (IOException e) {
            throw StorageFailures.of("store", path, e);
        }
    }

    /** Returns every record, ascending by batch. */
    List<LossRecord> read() {
        Contents contents = contents(storage, layout.losses());
        List<LossRecord> found = new ArrayList<>();
        contents.compacted().forEach((path, bytes) -> found.addAll(SidecarFile.decodeLosses(path, bytes)));
        contents.singles().forEach((path, bytes) -> found.add(SidecarFile.decodeLoss(path, bytes)));
        return merge(found);
    }

    /** What the files hold, by path. */
    record Contents(SortedMap<String, byte[]> compacted, SortedMap<String, byte[]> singles) {}

    /** Reads all files, again if the owner put some of them into one meanwhile. */
    static Contents contents(Storage storage, String directory) {
        for (int attempt = 1; ; attempt++) {
            Names names = list(storage, directory);
            Contents contents = new Contents(
                    contents(storage, names.compacted().values()),
                    contents(storage, names.singles().values()));
            boolean whole = contents.compacted.size() == names.compacted.size()
                    && contents.singles.size() == names.singles.size();
            if (whole || attempt == READ_ATTEMPTS) {
                return contents;
            }
        }
    }

    private static SortedMap<String, byte[]> contents(Storage storage, Collection<String> paths) {
        SortedMap<String, byte[]> found = new TreeMap<>();
        for (String path : paths) {
            try {
                storage.read(path).ifPresent(content -> found.put(path, content));
            } catch (IOException e) {
                throw StorageFailures.of("read", path, e);
            }
        }
        return found;
    }

    /** Returns the records, each once and ascending by batch: a compaction that was cut short leaves some twice. */
    static List<LossRecord> merge(List<LossRecord> records) {
        Set<LossRecord> once = new LinkedHashSet<>(records);
        return once.stream().sorted(ORDER).toList();
    }

    /**
     * Puts the files of single batches into one if there are more than a few. A crash at any point leaves every record
     * at least once; the next compaction removes what is there twice.
     *
     * @param committed the newest batch that may be put away
     */
    void compact(long committed) {
        if (known().headSet(committed, true).size() <= SINGLES_KEPT) {
            return;
        }
        Names names = list(storage, layout.losses());
        SortedMap<Long, String> doomed = names.singles().headMap(committed, true);
        if (doomed.isEmpty()) {
            return;
        }
        List<LossRecord> records = new ArrayList<>();
        contents(storage, names.compacted().values())
                .forEach((path, bytes) -> records.addAll(SidecarFile.decodeLosses(path, bytes)));
        contents(storage, doomed.values()).forEach((path, bytes) -> records.add(SidecarFile.decodeLoss(path, bytes)));
        long through = names.compacted().isEmpty()
                ? doomed.lastKey()
                : Math.max(doomed.lastKey(), names.compacted().lastKey());
        List<LossRecord> all = merge(records);
        byte[] content =
                SidecarFile.encode(queryId, through, all.get(all.size() - 1).offsets(), all);
        if (names.compacted().containsKey(through)) { // of a compaction before a rewind
            replace(layout.lossesThrough(through), content);
        } else {
            create(layout.lossesThrough(through), content);
        }
        names.compacted().headMap(through).values().forEach(this::delete);
        doomed.values().forEach(this::delete);
        forget(doomed.keySet());
    }

    private synchronized void forget(Set<Long> batches) {
        known().removeAll(batches);
    }

    private void replace(String path, byte[] content) {
        try {
            storage.replace(path, content);
        } catch (IOException e) {
            throw StorageFailures.of("store", path, e);
        }
    }

    private void delete(String path) {
        try {
            storage.delete(path);
        } catch (IOException e) {
            throw StorageFailures.of("delete", path, e);
        }
    }

    private synchronized TreeSet<Long> known() {
        TreeSet<Long> known = singles;
        if (known == null) {
            known = new TreeSet<>(list(storage, layout.losses()).singles().keySet());
            singles = known;
        }
        return known;
    }

    /**
     * The files there are.
     *
     * @param singles path by batch
     * @param compacted path by the last batch in it
     */
    record Names(TreeMap<Long, String> singles, TreeMap<Long, String> compacted) {}

    static Names list(Storage storage, String directory) {
        Names names = new Names(new TreeMap<>(), new TreeMap<>());
        try {
            for (FileStatus file : storage.list(directory)) {
                String name = file.name();
                String path = directory + "/" + name;
                if (file.directory()) {
                    continue;
                } else if (BatchIds.isCanonical(name)) {
                    names.singles().put(BatchIds.parse(name), path);
                } else if (name.startsWith("0-") && BatchIds.isCanonical(name.substring(2))) {
                    names.compacted().put(BatchIds.parse(name.substring(2)), path);
                }
            }
        } catch (IOException e) {
            throw StorageFailures.of("list", directory, e);
        }
        return names;
    }
}
