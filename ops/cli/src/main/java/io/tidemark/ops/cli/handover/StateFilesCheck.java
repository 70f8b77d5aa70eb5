package io.tidemark.ops.cli.handover;

import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.format.CommitMetadata;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.format.OperatorMetadataFile;
import io.tidemark.state.format.SparkChecksumFile;
import io.tidemark.state.format.StateDirectory;
import io.tidemark.state.format.StateFileName;
import io.tidemark.state.format.StateFileName.Kind;
import io.tidemark.state.format.StateSchemaFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether every store has the files of the version that a committed batch left: a whole copy at or below it, and every
 * change from there. Looks at names and checksums, not at rows.
 */
final class StateFilesCheck {
    private final Storage storage;
    private final String root;
    private final List<String> directories = new ArrayList<>();

    StateFilesCheck(Storage storage, String root) {
        this.storage = storage;
        this.root = root;
    }

    /** Returns the directories of the stores that {@link #missing} looked into. */
    List<String> directories() {
        return List.copyOf(directories);
    }

    /** Returns what the state as batch {@code batchId} left it lacks, a sentence each. */
    List<String> missing(long batchId, CommitMetadata commit) throws IOException {
        List<String> missing = new ArrayList<>();
        for (long operator : numbers(root + "/state")) {
            Optional<OperatorMetadataFile> metadata = OperatorMetadataFile.read(storage, root, operator, batchId);
            if (metadata.isEmpty()) {
                continue; // Spark makes it anew
            }
            int wanted = isSingle(metadata.get())
                    ? 1
                    : metadata.get().stores().stream()
                            .mapToInt(OperatorMetadataFile.StoreInfo::partitions)
                            .max()
                            .orElse(0);
            for (int partition = 0; partition < wanted; partition++) {
                List<OperatorMetadataFile.StoreInfo> stores = metadata.get().stores();
                for (int store = 0; store < stores.size(); store++) {
                    StateStoreId id = new StateStoreId(
                            operator, partition, stores.get(store).name());
                    check(id, batchId + 1, idOf(commit, operator, partition, store), missing);
                }
            }
        }
        return missing;
    }

    /** Returns whether an operator keeps its state in partition 0 alone, whatever the query's number is. */
    private boolean isSingle(OperatorMetadataFile operator) throws IOException {
        if (operator.operatorName().equals("globalLimit")) {
            return true;
        }
        StateStoreId first = new StateStoreId(
                operator.operatorId(), 0, operator.stores().get(0).name());
        Optional<StateSchemaFile> schema = StateSchemaFile.read(storage, root, first);
        return schema.isPresent()
                ? schema.get().families().get(0).keySchema().size() == 0
                : numbers(root + "/state/" + operator.operatorId()).equals(new TreeSet<>(List.of(0L)));
    }

    private static @Nullable String idOf(CommitMetadata commit, long operator, int partition, int store) {
        if (commit.stateUniqueIds() == null || !commit.stateUniqueIds().containsKey(operator)) {
            return null;
        }
        List<List<String>> partitions = commit.stateUniqueIds().get(operator);
        return partition < partitions.size()
                        && store < partitions.get(partition).size()
                ? partitions.get(partition).get(store)
                : null;
    }

    private void check(StateStoreId id, long version, @Nullable String uniqueId, List<String> missing) {
        directories.add(root + "/" + id.directory());
        StateDirectory files = StateDirectory.list(storage, root, id);
        if (uniqueId != null) {
            boolean there = files.files().containsKey(new StateFileName(version, uniqueId, Kind.ZIP))
                    || files.files().containsKey(new StateFileName(version, uniqueId, Kind.CHANGELOG));
            if (!there) {
                missing.add(id.directory() + ": version " + version + " with the id " + uniqueId
                        + " is missing. Restore it from a backup.");
            }
            return;
        }
        if (!chain(id, files, version, Kind.ZIP, Kind.CHANGELOG, missing)) {
            chain(id, files, version, Kind.SNAPSHOT, Kind.DELTA, missing);
        }
    }

    /** Returns whether the store keeps files of these kinds; says what is missing if it does. */
    private boolean chain(
            StateStoreId id, StateDirectory files, long version, Kind whole, Kind change, List<String> missing) {
        SortedSet<Long> changes = files.versions(change);
        if (changes.isEmpty() && files.versions(whole).isEmpty()) {
            if (change == Kind.DELTA) {
                missing.add(id.directory() + ": it holds no version, and " + version
                        + " is wanted. Restore it from a backup.");
            }
            return false;
        }
        long from = files.newestUpTo(whole, version).orElse(0L);
        for (long wanted = from + 1; wanted <= version; wanted++) {
            String file = id.directory() + "/" + new StateFileName(wanted, change).text();
            if (!changes.contains(wanted)) {
                missing.add(file + " is missing, and version " + version + " is made of it. Restore it from a backup.");
                return true;
            }
            try {
                Optional<SparkChecksumFile> checksum = SparkChecksumFile.read(storage, root, file);
                if (checksum.isPresent()) {
                    checksum.get().verify(file, storage.read(root + "/" + file).orElseThrow());
                }
            } catch (TidemarkException e) {
                missing.add(String.valueOf(e.getMessage()));
                return true;
            } catch (IOException e) {
                missing.add(file + " cannot be read: " + e);
                return true;
            }
        }
        return true;
    }

    private SortedSet<Long> numbers(String directory) throws IOException {
        SortedSet<Long> numbers = new TreeSet<>();
        for (FileStatus file : storage.list(directory)) {
            if (file.directory() && file.name().matches("0|[1-9][0-9]{0,8}")) {
                numbers.add(Long.parseLong(file.name()));
            }
        }
        return numbers;
    }
}
