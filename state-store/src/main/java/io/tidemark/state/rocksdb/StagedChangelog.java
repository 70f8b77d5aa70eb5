package io.tidemark.state.rocksdb;

import io.tidemark.api.storage.Storage.IfExists;
import io.tidemark.api.storage.StorageOutput;
import io.tidemark.state.StagedState;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.StateVersion;
import io.tidemark.state.format.ChangelogFormat;
import io.tidemark.state.format.ChangelogWriter;
import io.tidemark.state.format.LineageEntry;
import io.tidemark.state.format.StateCompression;
import io.tidemark.state.format.StateFileException;
import io.tidemark.state.format.StateFileName;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The changelog of a use, on its way to a staged name: one file and one directory are synced. All tasks of a batch stage
 * into one directory, so that it is made, and synced, once. One thread.
 */
final class StagedChangelog implements AutoCloseable {
    private static final String STAGED = "_tidemark/staged/";

    private final StateStoreId id;
    private final StateVersion version;
    private final String staged;
    private final StorageOutput out;
    private final CRC32C crc = new CRC32C();
    private final ChangelogWriter writer;

    /**
     * @param version that it makes
     * @param lineage of checkpoint format 2, up to the version before
     */
    StagedChangelog(
            StateStoresContext context,
            StateCompression compression,
            StateStoreId id,
            StateVersion version,
            List<LineageEntry> lineage,
            String attempt) {
        this.id = id;
        this.version = version;
        this.staged = STAGED + attempt + "-" + id.operatorId() + "-" + id.partition() + "-" + id.name() + "-"
                + new StateFileName(version.number(), version.uniqueId(), StateFileName.Kind.CHANGELOG);
        try {
            out = context.storage().create(context.root() + "/" + staged, IfExists.REPLACE);
            writer = ChangelogWriter.open(
                    new Digested(), compression, ChangelogFormat.of(false, version.uniqueId() != null), lineage);
        } catch (IOException e) {
            throw StateFileException.storage("create", staged, e);
        }
    }

    void write(PendingWrites writes) {
        try {
            for (int entry = 0; entry < writes.count(); entry++) {
                int length = writes.valueLength(entry);
                if (length >= 0) {
                    writer.put(
                            writes.keys(),
                            writes.keyStart(entry),
                            writes.keyLength(entry),
                            writes.values(),
                            writes.valueStart(entry),
                            length);
                } else if (length == PendingWrites.REMOVED) {
                    writer.remove(writes.keys(), writes.keyStart(entry), writes.keyLength(entry));
                }
            }
        } catch (IOException e) {
            throw StateFileException.storage("write", staged, e);
        }
    }

    /** Makes it durable. */
    StagedState publish() {
        try {
            writer.finish();
            long length = out.position();
            out.publish();
            StateFileName name = new StateFileName(version.number(), version.uniqueId(), StateFileName.Kind.CHANGELOG);
            StagedState.File file =
                    new StagedState.File(staged, id.directory() + "/" + name, length, (int) crc.getValue());
            return new StagedState(id, version.number(), List.of(file), version.uniqueId());
        } catch (IOException e) {
            throw StateFileException.storage("store", staged, e);
        } finally {
            close();
        }
    }

    /** Drops it unless it was published. */
    @Override
    public void close() {
        writer.close();
        try {
            out.close();
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(StagedChangelog.class)
                    .warn("Cannot drop the staged changelog {}: {}", staged, e.toString());
        }
    }

    private final class Digested extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            crc.update(value);
            out.write(value);
        }

        @Override
        public void write(byte[] data, int start, int length) throws IOException {
            crc.update(data, start, length);
            out.write(data, start, length);
        }
    }
}
