package io.tidemark.state.reader;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.ReadOnlyStorage;
import io.tidemark.api.storage.Storage;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.format.ChangelogReader;
import io.tidemark.state.format.OperatorMetadataFile;
import io.tidemark.state.format.SnapshotArchive;
import io.tidemark.state.format.SnapshotMetadata.RemoteFile;
import io.tidemark.state.format.StateDirectory;
import io.tidemark.state.format.StateFileException;
import io.tidemark.state.format.StateFileName;
import io.tidemark.state.format.StateFileName.Kind;
import io.tidemark.state.format.StateFiles;
import io.tidemark.state.reader.StateInventory.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether versions of a checkpoint's state can be loaded: a whole copy that is sound, and every change after it. Reads every
 * byte that a load would read, keeps what it found of each file, and writes nothing. One thread.
 */
public final class StateHealth {
    private final Storage storage;
    private final String root;
    private final Map<String, Optional<String>> looked = new HashMap<>();

    /** @param root of the checkpoint */
    public StateHealth(Storage storage, String root) {
        this.storage = new ReadOnlyStorage(storage);
        this.root = root;
    }

    /** Returns what keeps state from being loaded as batch {@code batchId} left it; empty if it loads, or there is none. */
    public List<Problem> problems(long batchId) {
        List<Problem> problems = new ArrayList<>();
        for (StateStoreId store : stores(batchId, problems)) {
            problem(store, batchId + 1).ifPresent(problems::add);
        }
        return problems;
    }

    /** Returns the damaged snapshots up to a version that a load passes over for an older one. */
    public List<Problem> passedOver(long batchId) {
        List<Problem> found = new ArrayList<>();
        for (StateStoreId store : stores(batchId, new ArrayList<>())) {
            for (StateFileName file :
                    StateDirectory.list(storage, root, store).files().keySet()) {
                boolean whole = file.kind() == Kind.ZIP || file.kind() == Kind.SNAPSHOT;
                if (whole && file.version() <= batchId + 1) {
                    String path = store.directory() + "/" + file.text();
                    look(store, file).ifPresent(problem -> found.add(new Problem(path, problem)));
                }
            }
        }
        return found;
    }

    private List<StateStoreId> stores(long batchId, List<Problem> problems) {
        List<StateStoreId> stores = new ArrayList<>();
        for (long operator : numbers("state")) {
            try {
                Optional<OperatorMetadataFile> metadata =
                        OperatorMetadataFile.read(storage, root, operator, Math.max(0, batchId));
                List<String> names = metadata.map(found -> found.stores().stream()
                                .map(OperatorMetadataFile.StoreInfo::name)
                                .toList())
                        .orElse(List.of(StateStoreId.DEFAULT));
                for (long partition : numbers("state/" + operator)) {
                    names.forEach(name -> stores.add(new StateStoreId(operator, (int) partition, name)));
                }
            } catch (StateFileException e) {
                problems.add(new Problem(e.file(), e.problem()));
            }
        }
        return stores;
    }

    private List<Long> numbers(String directory) {
        try {
            return storage.list(root + "/" + directory).stream()
                    .filter(child -> child.directory() && child.name().matches("[0-9]{1,9}"))
                    .map(child -> Long.parseLong(child.name()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw StateFileException.storage("list", directory, e);
        }
    }

    /** Goes back from {@code version} to the newest sound copy. */
    private Optional<Problem> problem(StateStoreId store, long version) {
        Map<Long, List<StateFileName>> files = new HashMap<>();
        StateDirectory.list(storage, root, store).files().keySet().forEach(f -> files.computeIfAbsent(
                        f.version(), v -> new ArrayList<>())
                .add(f));
        Problem first = null;
        for (long at = version; at > 0; at--) {
            boolean changes = false;
            for (StateFileName file : files.getOrDefault(at, List.of())) {
                Optional<String> problem = look(store, file);
                if (problem.isEmpty()) {
                    if (file.kind() == Kind.ZIP || file.kind() == Kind.SNAPSHOT) {
                        return Optional.empty();
                    }
                    changes = true;
                } else if (first == null) {
                    first = new Problem(store.directory() + "/" + file.text(), problem.get());
                }
            }
            if (!changes) {
                return Optional.of(
                        first != null
                                ? first
                                : new Problem(
                                        store.directory() + "/" + at + ".changelog",
                                        "it is missing, and version " + version + " needs it"));
            }
        }
        return Optional.empty();
    }

    private Optional<String> look(StateStoreId store, StateFileName name) {
        return looked.computeIfAbsent(store.directory() + "/" + name.text(), file -> {
            try {
                read(store, name, file);
                return Optional.empty();
            } catch (StateFileException e) {
                return Optional.of(e.problem());
            }
        });
    }

    private void read(StateStoreId store, StateFileName name, String file) {
        byte[] content = StateFiles.read(storage, root, file, "version " + name.version());
        if (name.kind() == Kind.ZIP) {
            for (RemoteFile table :
                    SnapshotArchive.read(file, content).metadata().sstFiles()) {
                String path = store.directory() + "/SSTs/" + table.remoteName();
                Optional<FileStatus> status = StateFiles.status(storage, root, path);
                if (status.isEmpty() || status.get().length() != table.length()) {
                    throw StateFileException.corrupt(file, "its table '" + path + "' is missing or has another length");
                }
            }
            return;
        }
        try (ChangelogReader records = name.kind() == Kind.CHANGELOG
                ? ChangelogReader.open(file, content)
                : ChangelogReader.openDelta(file, content)) {
            records.readToEnd();
        }
    }
}
