package io.tidemark.state.rocksdb;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage.IfExists;
import io.tidemark.api.storage.StorageOutput;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.format.SnapshotArchive;
import io.tidemark.state.format.SnapshotMetadata;
import io.tidemark.state.format.SnapshotMetadata.RemoteFile;
import io.tidemark.state.format.SparkChecksumFile;
import io.tidemark.state.format.StateFileException;
import io.tidemark.state.format.StateFileName;
import io.tidemark.state.rocksdb.StoreSlot.Snapshot;
import io.tidemark.state.rocksdb.UseMetrics.SnapshotMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * Stores a copy of a database as a snapshot: first the SST files that the snapshot before does not have, under names that
 * were never used, then the archive that refers to them. What a crash leaves behind is referred to by nothing. One thread.
 *
 * <p>An owner that was fenced off may do any of this late. So an archive never replaces another: who comes second leaves
 * that of the first. And an SST file is only referred to again if it is still there: who cleaned up late may have listed it
 * while nothing referred to it.
 */
final class SnapshotUploader {
    private static final int COPY_BYTES = 1 << 18;

    private final StateStoresContext context;
    private final UseMetrics clock;
    private long uploads; // of this process

    SnapshotUploader(StateStoresContext context, UseMetrics clock) {
        this.context = context;
        this.clock = clock;
    }

    /**
     * What was stored.
     *
     * @param tables the SST files that a later snapshot may refer to, by their local names
     */
    record Stored(SortedMap<String, RemoteFile> tables, SnapshotMetrics metrics) {}

    /** @param stillOwner asked before the archive gets its name */
    Stored upload(StateStoreId id, Snapshot snapshot, Runnable stillOwner) {
        long begin = clock.now();
        Map<String, Long> present = present(id);
        SortedMap<String, RemoteFile> tables = new TreeMap<>();
        SortedMap<String, byte[]> files = new TreeMap<>();
        UUID unique =
                UUID.nameUUIDFromBytes((snapshot.attempt() + "\n" + id + "\n" + snapshot.version() + "\n" + uploads++)
                        .getBytes(StandardCharsets.UTF_8));
        long copied = 0;
        long bytes = 0;
        long reused = 0;
        long zipBytes = 0;
        for (String name : LocalFolder.names(snapshot.directory())) {
            Path file = snapshot.directory().resolve(name);
            if (!name.endsWith(".sst")) {
                byte[] content = LocalFolder.read(file);
                files.put(name, content);
                zipBytes += content.length;
                continue;
            }
            long length = LocalFolder.length(file);
            RemoteFile known = snapshot.uploaded().get(name);
            if (known != null
                    && known.length() == length
                    && Long.valueOf(length).equals(present.get(known.remoteName()))) {
                tables.put(name, known);
                reused++;
            } else {
                String base = name.substring(0, name.length() - ".sst".length());
                RemoteFile table = new RemoteFile(name, base + "-" + unique + ".sst", length);
                copy(file, id.directory() + "/SSTs/" + table.remoteName());
                tables.put(name, table);
                copied++;
                bytes += length;
            }
        }
        long uploaded = clock.now();
        List<RemoteFile> inOrder = new ArrayList<>(tables.values());
        boolean first = archive(
                id, snapshot, new SnapshotArchive(new SnapshotMetadata(inOrder, snapshot.keys()), files), stillOwner);
        long end = clock.now();
        return new Stored(
                first ? tables : snapshot.uploaded(), // nothing refers to the new ones
                new SnapshotMetrics(0, 0, uploaded - begin, end - uploaded, copied, bytes, reused, zipBytes));
    }

    /** Returns the SST files that are there, with their lengths. */
    private Map<String, Long> present(StateStoreId id) {
        String directory = id.directory() + "/SSTs";
        try {
            return context.storage().list(context.root() + "/" + directory).stream()
                    .collect(Collectors.toMap(FileStatus::name, FileStatus::length));
        } catch (IOException e) {
            throw StateFileException.storage("list", directory, e);
        }
    }

    /** Returns false if a snapshot of the version stands there already. */
    private boolean archive(StateStoreId id, Snapshot snapshot, SnapshotArchive archive, Runnable stillOwner) {
        String file = id.directory() + "/"
                + new StateFileName(
                        snapshot.version().number(), snapshot.version().uniqueId(), StateFileName.Kind.ZIP);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            archive.write(bytes);
            byte[] content = bytes.toByteArray();
            stillOwner.run();
            context.storage().createExclusive(context.root() + "/" + file, content);
            if (SparkChecksumFile.isWritten(context.conf())) {
                CRC32C crc = new CRC32C();
                crc.update(content);
                context.storage()
                        .replace(
                                context.root() + "/" + SparkChecksumFile.path(file),
                                new SparkChecksumFile((int) crc.getValue(), content.length, file).encode());
            }
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw StateFileException.storage("store", file, e);
        }
    }

    private void copy(Path file, String target) {
        try (InputStream in = LocalFolder.open(file);
                StorageOutput out = context.storage().create(context.root() + "/" + target, IfExists.FAIL)) {
            byte[] buffer = new byte[COPY_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
            out.publish();
        } catch (IOException e) {
            throw StateFileException.storage("store", target, e);
        }
    }
}
