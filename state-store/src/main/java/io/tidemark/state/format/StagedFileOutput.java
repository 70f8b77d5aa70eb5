package io.tidemark.state.format;

import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageOutput;
import io.tidemark.state.StagedState;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.zip.CRC32C;

/**
 * A state file on its way: written under a staged name, with length and checksum taken on the way. Closing it before
 * {@link #publish} drops it. One thread.
 */
public final class StagedFileOutput extends OutputStream {
    /** Where staged files stand, below the checkpoint. */
    public static final String STAGED = "_tidemark/staged/";

    private final Storage storage;
    private final String root;
    private final String staged;
    private final String target;
    private final boolean withChecksum;
    private final StorageOutput out;
    private final CRC32C crc = new CRC32C();

    private StagedFileOutput(
            Storage storage, String root, String staged, String target, boolean withChecksum, StorageOutput out) {
        this.storage = storage;
        this.root = root;
        this.staged = staged;
        this.target = target;
        this.withChecksum = withChecksum;
        this.out = out;
    }

    /**
     * Begins a file.
     *
     * @param root of the checkpoint
     * @param attempt directory below {@value #STAGED}
     * @param target the final name, below the checkpoint
     * @param conf says whether it gets a {@link SparkChecksumFile}
     */
    public static StagedFileOutput create(
            Storage storage, String root, String attempt, String target, SortedMap<String, String> conf) {
        return open(storage, root, STAGED + attempt + "/" + target, target, conf);
    }

    /** Begins a file that gets its final name by {@link #publish}, without a stale checksum in between. */
    public static StagedFileOutput createFinal(
            Storage storage, String root, String target, SortedMap<String, String> conf) {
        return open(storage, root, target, target, conf);
    }

    private static StagedFileOutput open(
            Storage storage, String root, String staged, String target, SortedMap<String, String> conf) {
        try {
            StorageOutput out = storage.create(root + "/" + staged, Storage.IfExists.REPLACE);
            return new StagedFileOutput(storage, root, staged, target, SparkChecksumFile.isWritten(conf), out);
        } catch (IOException e) {
            throw StateFileException.storage("create", staged, e);
        }
    }

    @Override
    public void write(int value) throws IOException {
        crc.update(value);
        out.write(value);
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
        crc.update(data, offset, length);
        out.write(data, offset, length);
    }

    /** Returns how many bytes were written. */
    public long position() {
        return out.position();
    }

    /**
     * Makes the file durable under its staged name.
     *
     * @return the file and then its checksum file, in the order in which they are to get their final names; the sidecars
     *     of each target are to be removed before
     */
    public List<StagedState.File> publish() throws IOException {
        long length = out.position();
        if (staged.equals(target)) {
            StateFiles.deleteSidecars(storage, root, target);
        }
        out.publish();
        List<StagedState.File> files = new ArrayList<>();
        files.add(new StagedState.File(staged, target, length, (int) crc.getValue()));
        if (withChecksum) {
            byte[] checksum = new SparkChecksumFile((int) crc.getValue(), length, target).encode();
            storage.replace(root + "/" + SparkChecksumFile.path(staged), checksum);
            CRC32C ofChecksum = new CRC32C();
            ofChecksum.update(checksum);
            files.add(new StagedState.File(
                    SparkChecksumFile.path(staged), SparkChecksumFile.path(target), checksum.length, (int)
                            ofChecksum.getValue()));
        }
        return files;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
