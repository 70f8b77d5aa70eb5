package io.tidemark.state.rocksdb;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.format.SnapshotArchive;
import io.tidemark.state.format.SnapshotMetadata.RemoteFile;
import io.tidemark.state.format.StateDirectory;
import io.tidemark.state.format.StateFileException;
import io.tidemark.state.format.StateFileName;
import io.tidemark.state.format.StateFileName.Kind;
import io.tidemark.state.format.StateFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes versions of a store that nobody needs, by Spark's rule: all before the newest snapshot that leaves as many
 * versions loadable as are to be. An SST file goes when no archive that stays refers to it; no clock is asked. Archives go
 * before their SST files, so that a crash leaves files without references at worst, which the next cleaning removes. One
 * thread.
 *
 * <p>What is removed is dead for every owner: a later one reads nothing before the snapshot that is kept, so it does not
 * matter how late an owner that was fenced off deletes. That takes a snapshot that is whole. One that a fenced owner stored
 * late may refer to SST files that were removed before it did; such a one is never what the others are removed for.
 */
final class VersionCleaner {
    private static final Logger LOG = LoggerFactory.getLogger(VersionCleaner.class);
    private static final String TABLES = "/SSTs";

    private final StateStoresContext context;
    private final RocksDbConf conf;

    VersionCleaner(StateStoresContext context, RocksDbConf conf) {
        this.context = context;
        this.conf = conf;
    }

    /**
     * Cleans one store.
     *
     * @param retained how many versions must stay loadable, the newest included
     */
    void clean(StoreSlot slot, long committedVersion, int retained, Runnable stillOwner) {
        long surplus = committedVersion - Math.max(1, slot.cleanedBefore()) + 1 - retained;
        long least = Math.max(1, Math.round(conf.extraSpaceRatio() * retained));
        if (surplus < least) {
            return;
        }
        StateStoreId id = slot.id();
        StateDirectory directory = StateDirectory.list(context.storage(), context.root(), id);
        SortedSet<Long> snapshots = new TreeSet<>();
        SortedSet<Long> versions = new TreeSet<>();
        for (StateFileName file : directory.files().keySet()) {
            versions.add(file.version());
            if (file.kind() == Kind.ZIP && file.version() <= committedVersion) {
                snapshots.add(file.version());
            }
        }
        snapshots.removeAll(ambiguous(directory));
        if (versions.isEmpty()) {
            return;
        }
        slot.cleanedBefore(versions.first());
        if (versions.first() > committedVersion - retained - least + 1 || snapshots.isEmpty()) {
            return;
        }
        long keep = newestWhole(id, directory, snapshots.headSet(snapshots.last() - retained + 2));
        keep = atMost(versions, keep);
        if (versions.first() < keep) {
            clean(id, directory, keep, stillOwner);
            slot.cleanedBefore(keep);
        }
    }

    /** Returns the newest of some versions whose snapshot has all that it refers to, or 0. */
    private long newestWhole(StateStoreId id, StateDirectory directory, SortedSet<Long> candidates) {
        Map<String, Long> tables = tables(id);
        List<StateFileName> newestFirst = new ArrayList<>(directory.files().keySet());
        Collections.reverse(newestFirst);
        for (StateFileName file : newestFirst) {
            if (file.kind() == Kind.ZIP
                    && candidates.contains(file.version())
                    && tables(id.directory() + "/" + file)
                            .filter(referred -> referred.stream().allMatch(table -> Long.valueOf(table.length())
                                    .equals(tables.get(id.directory() + TABLES + "/" + table.remoteName()))))
                            .isPresent()) {
                return file.version();
            }
        }
        return 0;
    }

    /**
     * Returns the versions that have files of several ids, in checkpoint format 2: a snapshot of one may be of an attempt
     * that came to nothing, and then what is before it is still needed.
     */
    private static SortedSet<Long> ambiguous(StateDirectory directory) {
        SortedSet<Long> ambiguous = new TreeSet<>();
        StateFileName before = null;
        for (StateFileName file : directory.files().keySet()) {
            if (before != null
                    && before.version() == file.version()
                    && !Objects.equals(before.uniqueId(), file.uniqueId())) {
                ambiguous.add(file.version());
            }
            before = file;
        }
        return ambiguous;
    }

    /** Returns a lower bound for {@code keep} if only so many versions are deleted at once. */
    private long atMost(SortedSet<Long> versions, long keep) {
        if (conf.versionsToDeleteMax() < 0) {
            return keep;
        }
        return versions.stream()
                .skip(conf.versionsToDeleteMax())
                .findFirst()
                .map(first -> Math.min(first, keep))
                .orElse(keep);
    }

    private void clean(StateStoreId id, StateDirectory directory, long keep, Runnable stillOwner) {
        List<String> doomed = new ArrayList<>();
        List<StateFileName> kept = new ArrayList<>();
        for (StateFileName file : directory.files().keySet()) {
            if (file.kind() != Kind.ZIP && file.kind() != Kind.CHANGELOG) {
                continue;
            } else if (file.version() < keep) {
                doomed.add(id.directory() + "/" + file);
            } else if (file.kind() == Kind.ZIP) {
                kept.add(file);
            }
        }
        for (String checksum : directory.checksums()) {
            String of = checksum.substring(0, checksum.length() - ".crc".length());
            if (StateFileName.parse(of).filter(file -> file.version() < keep).isPresent()
                    && !doomed.contains(id.directory() + "/" + of)) {
                doomed.add(id.directory() + "/" + of);
            }
        }
        List<String> tables = unreferenced(id, kept);
        stillOwner.run();
        doomed.forEach(file -> StateFiles.delete(context.storage(), context.root(), file));
        if (!doomed.isEmpty() && !tables.isEmpty()) { // an archive must not come back without its tables
            makeDurable(id.directory());
        }
        tables.forEach(file -> StateFiles.delete(context.storage(), context.root(), file));
    }

    private void makeDurable(String directory) {
        try {
            context.storage().makeDurable(context.root() + "/" + directory);
        } catch (IOException e) {
            throw StateFileException.storage("sync", directory, e);
        }
    }

    /** Returns the SST files that no archive of {@code kept} refers to; none if an archive cannot be read. */
    private List<String> unreferenced(StateStoreId id, List<StateFileName> kept) {
        List<String> found = new ArrayList<>(tables(id).keySet());
        Set<String> referenced = new HashSet<>();
        for (StateFileName archive : kept) {
            Optional<List<RemoteFile>> tables = tables(id.directory() + "/" + archive);
            if (tables.isEmpty()) {
                return List.of();
            }
            tables.get().forEach(table -> referenced.add(id.directory() + TABLES + "/" + table.remoteName()));
        }
        found.removeAll(referenced);
        return found;
    }

    /** Returns the SST files that are there, with their lengths. */
    private SortedMap<String, Long> tables(StateStoreId id) {
        TreeMap<String, Long> found = new TreeMap<>();
        try {
            for (FileStatus file : context.storage().list(context.root() + "/" + id.directory() + TABLES)) {
                if (!file.directory() && !file.name().startsWith(".")) {
                    found.put(id.directory() + TABLES + "/" + file.name(), file.length());
                }
            }
        } catch (IOException e) {
            throw StateFileException.storage("list", id.directory() + TABLES, e);
        }
        return found;
    }

    private Optional<List<RemoteFile>> tables(String archive) {
        try {
            byte[] content = StateFiles.read(context.storage(), context.root(), archive, "cleaning");
            return Optional.of(SnapshotArchive.read(archive, content).metadata().sstFiles());
        } catch (StateFileException e) {
            LOG.warn("{} No SST file is removed until it is gone.", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
