package io.tidemark.ops.cli.doctor;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.CheckpointLayout;
import io.tidemark.checkpoint.format.BatchIds;
import io.tidemark.checkpoint.format.BatchPlan;
import io.tidemark.checkpoint.format.CommitFile;
import io.tidemark.checkpoint.format.CommitMetadata;
import io.tidemark.checkpoint.format.ControlFileException;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.MetadataFile;
import io.tidemark.checkpoint.format.OffsetFile;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.format.SealedPlan;
import io.tidemark.checkpoint.format.SealedPlan.SinkRecord;
import io.tidemark.checkpoint.format.SidecarFile;
import io.tidemark.checkpoint.format.StreamMetadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads single files of a checkpoint, sound or not: what cannot be read is empty here. Writes nothing. */
final class CheckpointFiles {
    private static final Pattern STATE_FILE =
            Pattern.compile("\\.?([0-9]{1,18})(_[0-9a-fA-F-]{36})?\\.(changelog|zip|delta|snapshot)((\\.crc)*)");
    private static final Pattern ATTEMPT = Pattern.compile("(0|[1-9][0-9]{0,17})(\\.[1-9][0-9]{0,8})?");

    private final Storage storage;
    private final CheckpointLayout layout;

    CheckpointFiles(Storage storage, CheckpointLayout layout) {
        this.storage = storage;
        this.layout = layout;
    }

    Storage storage() {
        return storage;
    }

    CheckpointLayout layout() {
        return layout;
    }

    Optional<byte[]> read(String path) {
        try {
            return storage.read(path);
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    List<FileStatus> list(String directory) {
        try {
            return storage.list(directory);
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    private static TidemarkException failed(String path, IOException e) {
        return new TidemarkException(
                ErrorCode.STORAGE_FAILED, "Cannot read '" + path + "': " + e + ". Try again once storage works.", e);
    }

    /** Returns the ids in a log; misnamed files are not among them. */
    SortedSet<Long> ids(String directory) {
        SortedSet<Long> ids = new TreeSet<>();
        for (FileStatus file : list(directory)) {
            if (!file.directory() && BatchIds.isCanonical(file.name())) {
                ids.add(BatchIds.parse(file.name()));
            }
        }
        return ids;
    }

    /** Returns the files of the logs and of the epochs that are named like a batch and not spelled like one. */
    List<String> misnamed() {
        List<String> found = new ArrayList<>();
        for (String directory : List.of(layout.offsets(), layout.commits(), layout.epochs())) {
            for (FileStatus file : list(directory)) {
                if (!file.directory() && BatchIds.looksLikeBatch(file.name()) && !BatchIds.isCanonical(file.name())) {
                    found.add(layout.relative(file.path()));
                }
            }
        }
        return found;
    }

    /** Returns the sidecars of a kind, all attempts, whose batch is above {@code batchId}; relative paths. */
    List<String> sidecarsAbove(String directory, long batchId) {
        List<String> found = new ArrayList<>();
        for (FileStatus file : list(directory)) {
            Matcher name = ATTEMPT.matcher(file.name());
            if (!file.directory() && name.matches() && Long.parseLong(name.group(1)) > batchId) {
                found.add(layout.relative(file.path()));
            }
        }
        return found;
    }

    /** Returns all attempts at preparing one batch; relative paths. */
    List<String> preparedOf(long batchId) {
        return list(layout.prepared()).stream()
                .filter(f -> f.name().equals(Long.toString(batchId)) || f.name().startsWith(batchId + "."))
                .map(f -> layout.relative(f.path()))
                .toList();
    }

    Optional<StreamMetadata> metadata() {
        return read(layout.metadata()).flatMap(c -> decoded(() -> MetadataFile.decode(layout.metadata(), c)));
    }

    Optional<BatchPlan> plan(long batchId) {
        String path = layout.offsets(batchId);
        return read(path).flatMap(c -> decoded(() -> OffsetFile.decode(path, batchId, c)));
    }

    Optional<CommitMetadata> commit(long batchId) {
        String path = layout.commits(batchId);
        return read(path).filter(CommitFile::hasBody).flatMap(c -> decoded(() -> CommitFile.decode(path, batchId, c)));
    }

    Optional<SealedPlan> sealedPlan(long batchId) {
        String path = layout.sealed(batchId);
        return read(path)
                .flatMap(c -> decoded(() -> SidecarFile.decodeSealed(path, c)))
                .filter(s -> s.batchId() == batchId);
    }

    /** A prepared batch that can be read, with the hash of its file. */
    record Prepared(String path, PreparedBatch batch, String hash) {}

    /** Returns what the highest attempt at a batch prepared. */
    Optional<Prepared> prepared(long batchId) {
        return preparedOf(batchId).stream()
                .max(Comparator.comparingInt(String::length).thenComparing(name -> name))
                .flatMap(name -> {
                    String path = layout.root() + "/" + name;
                    return read(path).flatMap(c -> decoded(() -> SidecarFile.decodePrepared(path, c))
                            .filter(p -> p.batchId() == batchId)
                            .map(p -> new Prepared(name, p, SidecarFile.hash(c))));
                });
    }

    Optional<FileDigest> digest(String path) {
        return read(path).map(FileDigest::of);
    }

    /** Returns length and checksum in words. */
    String describe(String relative) {
        return digest(layout.root() + "/" + relative)
                .map(d -> relative + " has " + d)
                .orElse(relative + " is not there");
    }

    private static <T> Optional<T> decoded(Supplier<T> decoder) {
        try {
            return Optional.of(decoder.get());
        } catch (ControlFileException e) {
            return Optional.empty();
        }
    }

    /** Returns the query ids that readable sidecars name. */
    SortedSet<UUID> sealedQueryIds() {
        SortedSet<UUID> ids = new TreeSet<>();
        for (long batch : ids(layout.sealed())) {
            sealedPlan(batch).ifPresent(s -> ids.add(s.queryId()));
        }
        for (FileStatus file : list(layout.prepared())) {
            Matcher name = ATTEMPT.matcher(file.name());
            if (name.matches()) {
                prepared(Long.parseLong(name.group(1)))
                        .ifPresent(p -> ids.add(p.batch().queryId()));
            }
        }
        return ids;
    }

    /** Returns who the query is: by its own file, else by the sidecars if they agree. */
    Optional<UUID> queryId() {
        SortedSet<UUID> sealed = sealedQueryIds();
        return metadata()
                .map(StreamMetadata::queryId)
                .or(() -> sealed.size() == 1 ? Optional.of(sealed.first()) : Optional.empty());
    }

    /** Returns where the newest sealed plan says that its table is. */
    Optional<SinkRecord> sink() {
        List<Long> newestFirst = new ArrayList<>(ids(layout.sealed()));
        newestFirst.sort(Comparator.reverseOrder());
        return newestFirst.stream()
                .flatMap(batch -> sealedPlan(batch).stream())
                .findFirst()
                .flatMap(found -> Optional.ofNullable(found.sink()));
    }

    /** Returns the files of state versions above {@code version}, checksums before what they speak of; relative paths. */
    List<String> stateAbove(long version) {
        List<String> found = new ArrayList<>();
        stateFiles(layout.state(), version, found);
        found.sort(Comparator.comparing((String name) -> !name.endsWith(".crc")).thenComparing(name -> name));
        return found;
    }

    private void stateFiles(String directory, long version, List<String> found) {
        String relative = layout.relative(directory);
        for (FileStatus file : list(directory)) {
            if (file.directory()) {
                stateFiles(file.path(), version, found);
                continue;
            }
            Matcher name = STATE_FILE.matcher(file.name());
            boolean later = name.matches() && Long.parseLong(name.group(1)) > version;
            // metadata and schemas of a run are named after the batch that wrote them
            later |= relative.endsWith("/_metadata/v2") && batchOf(file.name()) >= version;
            later |= relative.contains("/_stateSchema/") && batchOf(file.name()) >= version;
            if (later) {
                found.add(layout.relative(file.path()));
            }
        }
    }

    private static long batchOf(String name) {
        Matcher number = Pattern.compile("([0-9]{1,18})(_.*)?").matcher(name);
        return number.matches() ? Long.parseLong(number.group(1)) : -1;
    }

    /** Returns every file below {@code state/}; relative paths. */
    List<String> allState() {
        List<String> found = new ArrayList<>();
        walk(layout.state(), found);
        return found;
    }

    private void walk(String directory, List<String> found) {
        for (FileStatus file : list(directory)) {
            if (file.directory()) {
                walk(file.path(), found);
            } else {
                found.add(layout.relative(file.path()));
            }
        }
    }
}
