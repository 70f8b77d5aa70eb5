package io.tidemark.state.format;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.format.StateFileName.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What stood in a store's directory when it was listed. Names that mean nothing are not in it. */
public final class StateDirectory {
    private final SortedMap<StateFileName, FileStatus> files;
    private final List<String> checksums;

    private StateDirectory(SortedMap<StateFileName, FileStatus> files, List<String> checksums) {
        this.files = Collections.unmodifiableSortedMap(files);
        this.checksums = List.copyOf(checksums);
    }

    /**
     * Lists a store's directory; one that is not there is empty.
     *
     * @param root of the checkpoint
     */
    public static StateDirectory list(Storage storage, String root, StateStoreId id) {
        String directory = root + "/" + id.directory();
        SortedMap<StateFileName, FileStatus> files = new TreeMap<>();
        List<String> checksums = new ArrayList<>();
        try {
            for (FileStatus file : storage.list(directory)) {
                if (!file.directory()) {
                    StateFileName.parse(file.name()).ifPresent(name -> files.put(name, file));
                    if (file.name().endsWith(SparkChecksumFile.SUFFIX)
                            && !file.name().startsWith(".")) {
                        checksums.add(file.name());
                    }
                }
            }
        } catch (IOException e) {
            throw StateFileException.storage("list", id.directory(), e);
        }
        return new StateDirectory(files, checksums);
    }

    /** Returns all files, ascending by version. */
    public SortedMap<StateFileName, FileStatus> files() {
        return files;
    }

    /** Returns the names of Spark's checksum files, with and without a file they belong to. */
    public List<String> checksums() {
        return checksums;
    }

    /** Returns the versions of checkpoint format 1 of which there is a file of this kind. */
    public SortedSet<Long> versions(Kind kind) {
        SortedSet<Long> versions = new TreeSet<>();
        for (StateFileName file : files.keySet()) {
            if (file.kind() == kind && file.uniqueId() == null) {
                versions.add(file.version());
            }
        }
        return versions;
    }

    /** Returns the newest version up to {@code version} of which there is a whole copy, or empty. */
    public Optional<Long> newestUpTo(Kind kind, long version) {
        SortedSet<Long> versions = versions(kind).headSet(version + 1);
        return versions.isEmpty() ? Optional.empty() : Optional.of(versions.last());
    }
}
