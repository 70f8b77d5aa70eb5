package io.tidemark.ops.cli.doctor;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.ReadOnlyStorage;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.checkpoint.format.RepairPlan.PutBack;
import io.tidemark.checkpoint.format.RepairPlan.SetAside;
import io.tidemark.checkpoint.format.RepairPlan.Step;
import io.tidemark.checkpoint.format.RepairPlan.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A checkpoint as it would be after some steps of a repair: they are done in memory, everything else is read from the real
 * storage. So a repair can be tried, with the very code that a start runs, before anything is written.
 */
final class OverlayStorage extends ReadOnlyStorage {
    private final String root;
    private final TreeMap<String, Optional<byte[]>> changed = new TreeMap<>(); // empty: gone

    OverlayStorage(Storage real, String root) {
        super(real);
        this.root = root;
    }

    void setAside(SetAside step) {
        changed.put(root + "/" + step.path(), Optional.empty());
    }

    void apply(Step step) throws IOException {
        String path = root + "/" + step.path();
        if (step instanceof SetAside setAside) {
            setAside(setAside);
        } else if (step instanceof Write write) {
            changed.put(path, Optional.of(write.content().getBytes(StandardCharsets.UTF_8)));
        } else if (step instanceof PutBack putBack) {
            changed.put(path, read(root + "/" + putBack.from()));
        }
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        Optional<byte[]> change = changed.get(path);
        return change == null ? super.read(path) : change;
    }

    @Override
    public Optional<FileStatus> status(String path) throws IOException {
        Optional<byte[]> change = changed.get(path);
        return change == null ? super.status(path) : change.map(content -> file(path, content));
    }

    private static FileStatus file(String path, byte[] content) {
        return new FileStatus(path, content.length, 0, false);
    }

    @Override
    public List<FileStatus> list(String directory) throws IOException {
        List<FileStatus> children = new ArrayList<>();
        for (FileStatus child : super.list(directory)) {
            if (!changed.containsKey(child.path())) {
                children.add(child);
            }
        }
        changed.forEach((path, content) -> {
            if (path.substring(0, path.lastIndexOf('/')).equals(directory)) {
                content.ifPresent(bytes -> children.add(file(path, bytes)));
            }
        });
        children.sort(Comparator.comparing(FileStatus::name));
        return List.copyOf(children);
    }

    @Override
    public StorageInput open(String path) throws IOException {
        Optional<byte[]> change = changed.get(path);
        if (change == null) {
            return super.open(path);
        } else if (change.isEmpty()) {
            throw new java.nio.file.NoSuchFileException(path);
        }
        return StorageInput.of(path, change.get());
    }
}
