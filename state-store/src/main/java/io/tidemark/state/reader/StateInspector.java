package io.tidemark.state.reader;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.ReadOnlyStorage;
import io.tidemark.api.storage.Storage;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.format.ChangelogReader;
import io.tidemark.state.format.OperatorMetadataFile;
import io.tidemark.state.format.OperatorMetadataFile.StoreInfo;
import io.tidemark.state.format.SnapshotArchive;
import io.tidemark.state.format.SnapshotMetadata.RemoteFile;
import io.tidemark.state.format.StateDirectory;
import io.tidemark.state.format.StateFileException;
import io.tidemark.state.format.StateFileName;
import io.tidemark.state.format.StateFileName.Kind;
import io.tidemark.state.format.StateFiles;
import io.tidemark.state.format.StateSchemaFile;
import io.tidemark.state.reader.StateInventory.Depth;
import io.tidemark.state.reader.StateInventory.Operator;
import io.tidemark.state.reader.StateInventory.Problem;
import io.tidemark.state.reader.StateInventory.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Goes through the state files of a checkpoint and says what is there, which versions can be had, and what is wrong.
 * Writes nothing, takes no lock; what the owner's cleanup removes meanwhile may show as missing. One thread.
 */
public final class StateInspector {
    private static final String SINGLE = "globalLimit"; // keeps its state in partition 0 alone

    private final Storage storage;
    private final String root;
    private final long batchId;
    private final Depth depth;
    private final List<Problem> problems = new ArrayList<>();

    private StateInspector(Storage storage, String root, long batchId, Depth depth) {
        this.storage = new ReadOnlyStorage(storage);
        this.root = root;
        this.batchId = batchId;
        this.depth = depth;
    }

    /**
     * Looks at all state.
     *
     * @param root of the checkpoint
     * @param batchId the newest committed batch; -1 if there is none
     */
    public static StateInventory inspect(Storage storage, String root, long batchId, Depth depth) {
        return new StateInspector(storage, root, batchId, depth).inspect();
    }

    private StateInventory inspect() {
        TreeMap<Long, Operator> operators = new TreeMap<>();
        for (FileStatus child : list("state")) {
            if (child.directory() && child.name().matches("[0-9]{1,18}")) {
                long id = Long.parseLong(child.name());
                attempt(() -> operators.put(id, operator(id)));
            }
        }
        problems.sort(java.util.Comparator.comparing(Problem::file));
        return new StateInventory(List.copyOf(operators.values()), problems);
    }

    private Operator operator(long id) {
        Optional<OperatorMetadataFile> metadata = OperatorMetadataFile.read(storage, root, id, Math.max(0, batchId));
        String name = metadata.map(OperatorMetadataFile::operatorName).orElse("");
        int partitions = 1 + partitions("state/" + id);
        List<Store> stores = new ArrayList<>();
        for (StoreInfo info : metadata.map(OperatorMetadataFile::stores)
                .orElse(List.of(new StoreInfo(StateStoreId.DEFAULT, 0, partitions)))) {
            StateStoreId first = new StateStoreId(id, 0, info.name());
            boolean[] keyless = {false};
            attempt(() -> StateSchemaFile.read(storage, root, first)
                    .ifPresent(schema ->
                            keyless[0] = schema.families().get(0).keySchema().size() == 0));
            boolean single = name.equals(SINGLE) || keyless[0];
            stores.add(store(first, single ? 1 : Math.max(partitions, info.partitions())));
        }
        return new Operator(id, name, stores);
    }

    private int partitions(String directory) {
        return list(directory).stream()
                .filter(child -> child.directory() && child.name().matches("[0-9]{1,9}"))
                .mapToInt(child -> Integer.parseInt(child.name()))
                .max()
                .orElse(-1);
    }

    private Store store(StateStoreId first, int partitions) {
        long committed = batchId + 1;
        long newest = 0;
        long oldest = 0;
        long files = 0;
        long bytes = 0;
        SortedSet<Long> snapshots = null;
        for (int partition = 0; partition < partitions; partition++) {
            StateStoreId id = new StateStoreId(first.operatorId(), partition, first.name());
            StateDirectory directory = StateDirectory.list(storage, root, id);
            Versions versions = new Versions(directory);
            newest = Math.max(newest, versions.newest());
            if (snapshots == null) {
                snapshots = new TreeSet<>(versions.whole);
            } else {
                snapshots.retainAll(versions.whole);
            }
            long from = versions.oldest(committed);
            if (from < 0) {
                problems.add(new Problem(
                        id.directory() + "/" + versions.firstMissing(committed),
                        "it is missing, and version " + committed + " needs it"));
            }
            oldest = oldest < 0 || from < 0 ? -1 : Math.max(oldest, from);
            for (FileStatus file : directory.files().values()) {
                files++;
                bytes += file.length();
            }
            for (FileStatus table : list(id.directory() + "/SSTs")) {
                if (table.name().endsWith(".sst")) {
                    files++;
                    bytes += table.length();
                }
            }
            directory.files().keySet().forEach(file -> attempt(() -> look(id, file)));
        }
        return new Store(
                first.name(),
                partitions,
                newest,
                oldest,
                snapshots == null ? List.of() : List.copyOf(snapshots),
                files,
                bytes);
    }

    private void look(StateStoreId id, StateFileName name) {
        String file = id.directory() + "/" + name.text();
        if (name.kind() != Kind.ZIP && depth == Depth.NAMES) {
            return;
        }
        byte[] content = StateFiles.read(storage, root, file, "version " + name.version());
        if (name.kind() == Kind.ZIP) {
            SnapshotArchive archive = SnapshotArchive.read(file, content);
            archive.metadata().sstFiles().forEach(table -> table(id, file, table));
            return;
        }
        try (ChangelogReader records = name.kind() == Kind.CHANGELOG
                ? ChangelogReader.open(file, content)
                : ChangelogReader.openDelta(file, content)) {
            records.readToEnd();
        }
    }

    private void table(StateStoreId id, String zip, RemoteFile table) {
        String file = id.directory() + "/SSTs/" + table.remoteName();
        Optional<FileStatus> status = StateFiles.status(storage, root, file);
        if (status.isEmpty()) {
            problems.add(new Problem(file, "it is missing, and '" + zip + "' needs it"));
        } else if (status.get().length() != table.length()) {
            problems.add(new Problem(
                    file, "it has " + status.get().length() + " bytes, '" + zip + "' says " + table.length()));
        }
    }

    /** Does {@code work}; a damaged file is a problem that is noted. */
    private void attempt(Runnable work) {
        try {
            work.run();
        } catch (StateFileException e) {
            problems.add(new Problem(e.file(), e.problem()));
        }
    }

    private List<FileStatus> list(String directory) {
        try {
            return storage.list(root + "/" + directory);
        } catch (IOException e) {
            throw StateFileException.storage("list", directory, e);
        }
    }

    /** The versions of one partition that its files make up. */
    private static final class Versions {
        private final SortedSet<Long> whole = new TreeSet<>();
        private final SortedMap<Long, StateFileName> changes = new TreeMap<>();
        private final String suffix;

        Versions(StateDirectory directory) {
            boolean memory = false;
            for (StateFileName file : directory.files().keySet()) {
                boolean isWhole = file.kind() == Kind.ZIP || file.kind() == Kind.SNAPSHOT;
                memory |= file.kind() == Kind.DELTA || file.kind() == Kind.SNAPSHOT;
                if (isWhole) {
                    whole.add(file.version());
                } else {
                    changes.put(file.version(), file);
                }
            }
            suffix = memory ? Kind.DELTA.suffix() : Kind.CHANGELOG.suffix();
        }

        long newest() {
            return Math.max(whole.isEmpty() ? 0 : whole.last(), changes.isEmpty() ? 0 : changes.lastKey());
        }

        /** Returns whether a version can be had: a whole copy and all changes behind it. */
        private boolean canBeHad(long version) {
            for (long v = version; v > 0; v--) {
                if (whole.contains(v)) {
                    return true;
                } else if (!changes.containsKey(v)) {
                    return false;
                }
            }
            return true;
        }

        /** Returns the lowest version from which on all can be had up to {@code committed}; -1 if that one cannot. */
        long oldest(long committed) {
            if (!canBeHad(committed)) {
                return -1;
            }
            long oldest = committed;
            while (oldest > 1 && (whole.contains(oldest - 1) || canBeHad(oldest - 1))) {
                oldest--;
            }
            return oldest;
        }

        /** Returns the name of the newest change that {@code committed} needs and that is not there. */
        String firstMissing(long committed) {
            long version = committed;
            while (version > 0 && changes.containsKey(version)) {
                version--;
            }
            return version + suffix;
        }
    }
}
