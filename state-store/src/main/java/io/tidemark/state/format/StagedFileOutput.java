package io.tidemark.state.format;

import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageOutput;
import io.tidemark.state.StagedState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.util.Collections;
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
     * Begins a file; its checksum file is due once its batch is committed, see {@link ChecksumWriter}.
     *
     * @param root of the checkpoint
     * @param attempt what the staged names of an attempt begin with, below {@value #STAGED}
     * @param target the final name, below the checkpoint
     */
    public static StagedFileOutput create(Storage storage, String root, String attempt, String target) {
        String name = target.replace('/', '-'); // one directory for all, which is made and synced once
        return open(
                storage,
                root,
                STAGED + attempt + "-" + name,
                target,
                Storage.IfExists.REPLACE,
                Collections.emptySortedMap());
    }

    /**
     * Begins a file that gets its final name by {@link #publish}, unless another has it by then: that one stays, since an
     * owner that was fenced off may come late.
     *
     * @param conf says whether it gets a {@link SparkChecksumFile}
     */
    public static StagedFileOutput createFinal(
            Storage storage, String root, String target, SortedMap<String, String> conf) {
        return open(storage, root, target, target, Storage.IfExists.FAIL, conf);
    }

    private static StagedFileOutput open(
            Storage storage,
            String root,
            String staged,
            String target,
            Storage.IfExists ifExists,
            SortedMap<String, String> conf) {
        try {
            StorageOutput out = storage.create(root + "/" + staged, ifExists);
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
     * Makes the file durable under its staged name; or under its final one, with its checksum right after, unless another
     * stands there.
     */
    public StagedState.File publish() throws IOException {
        long length = out.position();
        int checksum = (int) crc.getValue();
        boolean first = true;
        try {
            out.publish();
        } catch (FileAlreadyExistsException e) {
            first = false;
        }
        if (first && staged.equals(target) && withChecksum) {
            storage.replace(
                    root + "/" + SparkChecksumFile.path(target),
                    new SparkChecksumFile(checksum, length, target).encode());
        }
        return new StagedState.File(staged, target, length, checksum);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
