package io.tidemark.state.rocksdb;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.StateVersion;
import io.tidemark.state.format.ChangelogReader;
import io.tidemark.state.format.LineageEntry;
import io.tidemark.state.format.SnapshotArchive;
import io.tidemark.state.format.SnapshotMetadata;
import io.tidemark.state.format.SnapshotMetadata.RemoteFile;
import io.tidemark.state.format.StateDirectory;
import io.tidemark.state.format.StateFileException;
import io.tidemark.state.format.StateFileName;
import io.tidemark.state.format.StateFileName.Kind;
import io.tidemark.state.format.StateFiles;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a local database of a version from the checkpoint's files: the newest snapshot up to it, then the changelogs after
 * that. A snapshot that is damaged is passed over for an older one, with a warning; a changelog has no substitute. Every
 * file is held against its checksum, every block of an SST against its own, before a row is read. Safe for use by many
 * threads.
 */
final class StateLoader {
    private static final Logger LOG = LoggerFactory.getLogger(StateLoader.class);
    private static final int COPY_BYTES = 1 << 18;
    private static final String TABLES = "/SSTs/";

    private final StateStoresContext context;
    private final RocksDbConf conf;
    private final NativeMemory memory;
    private final LocalFolder folder;

    StateLoader(StateStoresContext context, RocksDbConf conf, NativeMemory memory, LocalFolder folder) {
        this.context = context;
        this.conf = conf;
        this.memory = memory;
        this.folder = folder;
    }

    /**
     * Returns a copy of a version.
     *
     * @throws StateFileException {@code STATE_FILE_CORRUPT} or {@code STATE_FILE_MISSING} if it cannot be had
     */
    StoreCopy load(StateStoreId id, StateVersion version, UseMetrics metrics) {
        long begin = metrics.now();
        StoreCopy copy = find(id, version, metrics);
        metrics.loadNanos += metrics.now() - begin;
        return copy;
    }

    private StoreCopy find(StateStoreId id, StateVersion version, UseMetrics metrics) {
        List<LineageEntry> lineage = version.uniqueId() == null ? List.of() : lineage(id, version);
        Set<StateVersion> tried = new HashSet<>();
        StateFileException first = null;
        do {
            for (StateVersion base : bases(id, version, lineage)) {
                if (!tried.add(base)) {
                    continue;
                }
                StoreCopy copy;
                try {
                    copy = open(id, base, metrics);
                } catch (StateFileException e) {
                    if (e.code() != ErrorCode.STATE_FILE_CORRUPT && e.code() != ErrorCode.STATE_FILE_MISSING) {
                        throw e;
                    }
                    LOG.warn("{} An older snapshot is tried.", String.valueOf(e.getMessage()));
                    first = first == null ? e : first;
                    continue;
                }
                try {
                    replay(id, copy, version, lineage, metrics);
                    return copy;
                } catch (RuntimeException e) {
                    drop(copy.db);
                    if (first != null && e instanceof StateFileException) {
                        first.addSuppressed(e);
                        throw first;
                    }
                    throw e;
                }
            }
        } while (reachBack(id, version, lineage));
        throw first != null ? first : StateFileException.missing(changelog(id, version), needed(version));
    }

    /** Prepends what the changelog of the oldest version of a lineage says came before it; false if nothing does. */
    private boolean reachBack(StateStoreId id, StateVersion version, List<LineageEntry> lineage) {
        if (lineage.isEmpty() || lineage.get(0).version() == 1) {
            return false;
        }
        StateVersion oldest =
                new StateVersion(lineage.get(0).version(), lineage.get(0).uniqueId());
        String file = changelog(id, oldest);
        if (StateFiles.status(context.storage(), context.root(), file).isEmpty()) {
            return false;
        }
        try (ChangelogReader reader = ChangelogReader.open(file, read(file, version))) {
            return lineage.addAll(0, reader.lineage());
        }
    }

    /** Returns what the version may be made from, the best first. */
    private List<StateVersion> bases(StateStoreId id, StateVersion version, List<LineageEntry> lineage) {
        List<StateVersion> bases = new ArrayList<>();
        if (version.number() == 0) {
            bases.add(version);
            return bases;
        }
        StateDirectory directory = StateDirectory.list(context.storage(), context.root(), id);
        if (version.uniqueId() == null) {
            directory.versions(Kind.ZIP).headSet(version.number() + 1).forEach(v -> bases.add(new StateVersion(v)));
            bases.add(0, new StateVersion(0));
        } else {
            if (!lineage.isEmpty() && lineage.get(0).version() == 1) {
                bases.add(new StateVersion(0));
            }
            for (LineageEntry entry : lineage) {
                if (directory.files().containsKey(new StateFileName(entry.version(), entry.uniqueId(), Kind.ZIP))) {
                    bases.add(new StateVersion(entry.version(), entry.uniqueId()));
                }
            }
        }
        Collections.reverse(bases);
        return bases;
    }

    /** Returns the versions that lead to one of checkpoint format 2, itself included: what its changelog says. */
    private List<LineageEntry> lineage(StateStoreId id, StateVersion version) {
        String file = changelog(id, version);
        List<LineageEntry> lineage = new ArrayList<>();
        if (StateFiles.status(context.storage(), context.root(), file).isPresent()) {
            try (ChangelogReader reader = ChangelogReader.open(file, read(file, version))) {
                lineage.addAll(reader.lineage());
            }
        }
        lineage.add(new LineageEntry(version.number(), String.valueOf(version.uniqueId())));
        return lineage;
    }

    private StoreCopy open(StateStoreId id, StateVersion base, UseMetrics metrics) {
        Path directory = folder.fresh(id.directory());
        LocalFolder.make(directory);
        String zip = id.directory() + "/" + new StateFileName(base.number(), base.uniqueId(), Kind.ZIP);
        SnapshotMetadata metadata = null;
        LocalDb db = null;
        try {
            if (base.number() > 0) {
                long begin = metrics.now();
                metadata = unpack(id, zip, base, directory, metrics);
                metrics.snapshotNanos += metrics.now() - begin;
            }
            db = LocalDb.open(id, directory, conf, memory);
            if (metadata == null) {
                return new StoreCopy(db, base, conf.countRows() ? 0 : -1);
            }
            db.verify();
            StoreCopy copy = new StoreCopy(db, base, keys(db, metadata));
            copy.snapshot = base.number();
            metadata.sstFiles().forEach(file -> copy.uploaded.put(file.localName(), file));
            if (base.uniqueId() != null) {
                copy.lineage.add(new LineageEntry(base.number(), base.uniqueId()));
            }
            return copy;
        } catch (RocksDBException e) {
            drop(db, directory);
            if (metadata == null) {
                throw StateFileException.storage("open", directory.toString(), e);
            }
            throw damaged(id, zip, metadata, e);
        } catch (RuntimeException e) {
            drop(db, directory);
            throw e;
        }
    }

    private long keys(LocalDb db, SnapshotMetadata metadata) {
        if (!conf.countRows() || metadata.numKeys() >= 0) {
            return conf.countRows() ? metadata.numKeys() : -1;
        }
        return db.count();
    }

    private SnapshotMetadata unpack(
            StateStoreId id, String zip, StateVersion version, Path directory, UseMetrics metrics) {
        SnapshotArchive archive = SnapshotArchive.read(zip, read(zip, version));
        SnapshotMetadata metadata = archive.metadata();
        if (!metadata.columnFamilies().isEmpty()) {
            throw StateFileException.unsupported(
                    zip,
                    "it has column families " + metadata.columnFamilies().keySet(),
                    "State of transformWithState and of joins in format 3 goes on in Spark alone.");
        }
        if (!archive.files().containsKey("CURRENT")) { // RocksDB would make a new database in its place
            throw StateFileException.corrupt(zip, "it has no entry 'CURRENT'");
        }
        for (Map.Entry<String, byte[]> file : archive.files().entrySet()) {
            checkName(zip, file.getKey(), "MANIFEST-[0-9]+|CURRENT|IDENTITY|OPTIONS-[0-9]+|[0-9]{6,20}\\.log");
            write(directory.resolve(file.getKey()), file.getValue());
        }
        for (RemoteFile table : metadata.sstFiles()) {
            checkName(zip, table.localName(), "[0-9]{6,20}\\.sst");
            copy(id.directory() + TABLES + table.remoteName(), table, zip, directory, metrics);
        }
        for (RemoteFile log : metadata.logFiles()) {
            checkName(zip, log.localName(), "[0-9]{6,20}\\.log");
            copy(id.directory() + "/logs/" + log.remoteName(), log, zip, directory, metrics);
        }
        return metadata;
    }

    private static void checkName(String zip, String name, String allowed) {
        if (!name.matches(allowed)) {
            throw StateFileException.corrupt(zip, "RocksDB has no files like '" + name + "' in it");
        }
    }

    private static void write(Path file, byte[] content) {
        try (OutputStream out = LocalFolder.create(file)) {
            out.write(content);
        } catch (IOException e) {
            throw LocalFolder.failed("write", file, e);
        }
    }

    private void copy(String remote, RemoteFile file, String zip, Path directory, UseMetrics metrics) {
        Path local = directory.resolve(file.localName());
        try (StorageInput input = context.storage().open(context.root() + "/" + remote)) {
            if (input.length() != file.length()) {
                throw StateFileException.corrupt(
                        remote, "it has " + input.length() + " bytes, '" + zip + "' says " + file.length());
            }
            byte[] buffer = new byte[(int) Math.min(COPY_BYTES, Math.max(1, file.length()))];
            try (OutputStream out = LocalFolder.create(local)) {
                for (long at = 0; at < file.length(); ) {
                    int step = (int) Math.min(buffer.length, file.length() - at);
                    input.readFully(at, buffer, 0, step);
                    try {
                        out.write(buffer, 0, step);
                    } catch (IOException e) {
                        throw LocalFolder.failed("write", local, e);
                    }
                    at += step;
                }
            }
        } catch (NoSuchFileException e) {
            throw StateFileException.missing(remote, "'" + zip + "'");
        } catch (EOFException e) {
            throw StateFileException.corrupt(remote, "it ends before the length it is listed with", e);
        } catch (IOException e) {
            throw StateFileException.storage("read", remote, e);
        }
        metrics.filesCopied++;
        metrics.bytesCopied += file.length();
    }

    /** Returns the error for a snapshot that RocksDB refuses, naming the SST file if RocksDB names one. */
    private static StateFileException damaged(
            StateStoreId id, String zip, SnapshotMetadata metadata, RocksDBException e) {
        String reason = String.valueOf(e.getMessage());
        String file = metadata.sstFiles().stream()
                .filter(table -> reason.contains(table.localName()))
                .map(table -> id.directory() + TABLES + table.remoteName())
                .findFirst()
                .orElse(zip);
        return StateFileException.corrupt(
                file, "RocksDB refuses it (" + reason.lines().findFirst().orElse("") + ")", e);
    }

    /** Applies the changelogs between what a copy holds and {@code version}. */
    private void replay(
            StateStoreId id, StoreCopy copy, StateVersion version, List<LineageEntry> lineage, UseMetrics metrics) {
        if (copy.version.equals(version)) {
            return;
        }
        long begin = metrics.now();
        Replay replay = new Replay(copy, conf.heapBytesPerUse());
        if (version.uniqueId() == null) {
            for (long next = copy.version.number() + 1; next <= version.number(); next++) {
                StateVersion step = new StateVersion(next);
                replay.apply(changelog(id, step), read(changelog(id, step), version));
                metrics.changelogsReplayed++;
            }
        } else {
            for (LineageEntry entry : lineage) {
                if (entry.version() > copy.version.number()) {
                    StateVersion step = new StateVersion(entry.version(), entry.uniqueId());
                    replay.apply(changelog(id, step), read(changelog(id, step), version));
                    copy.lineage.add(entry);
                    metrics.changelogsReplayed++;
                }
            }
        }
        replay.finish();
        copy.version = version;
        metrics.replayNanos += metrics.now() - begin;
    }

    private byte[] read(String file, StateVersion version) {
        return StateFiles.read(context.storage(), context.root(), file, needed(version));
    }

    private static String needed(StateVersion version) {
        return "version " + version.number();
    }

    private static String changelog(StateStoreId id, StateVersion version) {
        return id.directory() + "/" + new StateFileName(version.number(), version.uniqueId(), Kind.CHANGELOG);
    }

    private static void drop(LocalDb db) {
        drop(db, db.directory());
    }

    private static void drop(@Nullable LocalDb db, Path directory) {
        if (db != null) {
            db.close();
        }
        LocalFolder.delete(directory);
    }
}
