package io.tidemark.connectors.delta;

import static java.util.Objects.requireNonNull;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageInput;
import io.tidemark.api.storage.StorageOutput;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.Set;

/**
 * Kernel's files over our storage. Some log files can be hidden from Kernel, so that a table whose newest checkpoint is
 * unreadable still loads from what stands before it.
 */
final class StorageFileIO implements FileIO {
    private final Storage storage;
    private final String tablePath;
    private final Set<String> hidden;

    /**
     * @param tablePath the only place where files are opened, whatever the log and checkpoints of the table name
     * @param hidden paths that Kernel must not see
     */
    StorageFileIO(Storage storage, String tablePath, Set<String> hidden) {
        this.storage = requireNonNull(storage, "storage");
        this.tablePath = storage.qualify(tablePath);
        this.hidden = Set.copyOf(hidden);
    }

    /**
     * Returns a path in storage's own words.
     *
     * @throws TidemarkException {@code SINK_TABLE_UNSUPPORTED} if it is not below the table: that of a clone which shares
     *     files with its original, or one made up by whoever could write the log
     */
    private String inner(String path) {
        String qualified = storage.qualify(path);
        if (!qualified.equals(tablePath) && !qualified.startsWith(tablePath + "/")) {
            throw new TidemarkException(
                    ErrorCode.SINK_TABLE_UNSUPPORTED,
                    "The Delta table at '" + tablePath + "' names the file '" + path
                            + "', which is not below it. Files elsewhere are neither read nor deleted; write to a"
                            + " table of its own instead of a shallow clone, or repair its _delta_log.");
        }
        return qualified;
    }

    @Override
    public CloseableIterator<FileStatus> listFrom(String path) throws IOException {
        int slash = path.lastIndexOf('/');
        String directory = inner(path.substring(0, slash));
        String from = path.substring(slash + 1);
        var children = storage.list(directory);
        if (children.isEmpty() && storage.status(directory).isEmpty()) {
            throw new FileNotFoundException(directory);
        }
        return Utils.toCloseableIterator(children.stream()
                .filter(f -> f.name().compareTo(from) >= 0 && !hidden.contains(f.path()))
                .map(StorageFileIO::kernelStatus)
                .iterator());
    }

    static FileStatus kernelStatus(io.tidemark.api.storage.FileStatus file) {
        return FileStatus.of(file.path(), file.length(), file.modifiedMillis());
    }

    @Override
    public FileStatus getFileStatus(String path) throws IOException {
        return visible(path).map(StorageFileIO::kernelStatus).orElseThrow(() -> new FileNotFoundException(path));
    }

    private Optional<io.tidemark.api.storage.FileStatus> visible(String path) throws IOException {
        String qualified = inner(path);
        return hidden.contains(qualified) ? Optional.empty() : storage.status(qualified);
    }

    @Override
    public String resolvePath(String path) {
        return storage.qualify(path);
    }

    @Override
    public boolean mkdirs(String path) throws IOException {
        storage.makeDirectories(inner(path));
        return true;
    }

    @Override
    public boolean delete(String path) throws IOException {
        storage.delete(inner(path));
        return true;
    }

    @Override
    public Optional<String> getConf(String name) {
        return "parquet.compression".equals(name) ? Optional.of("snappy") : Optional.empty();
    }

    @Override
    public void copyFileAtomically(String source, String target, boolean overwrite) throws IOException {
        byte[] content = storage.read(inner(source)).orElseThrow(() -> new FileNotFoundException(source));
        publish(target, content, overwrite);
    }

    private void publish(String target, byte[] content, boolean overwrite) throws IOException {
        if (overwrite) {
            storage.replace(inner(target), content);
        } else {
            storage.createExclusive(inner(target), content);
        }
    }

    @Override
    public InputFile newInputFile(String path, long fileSize) {
        return new Input(path);
    }

    @Override
    public OutputFile newOutputFile(String path) {
        return new Output(path);
    }

    private final class Input implements InputFile {
        private final String path;

        Input(String path) {
            this.path = path;
        }

        @Override
        public long length() throws IOException {
            return getFileStatus(path).getSize();
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public SeekableInputStream newStream() throws IOException {
            String qualified = inner(path);
            if (hidden.contains(qualified)) {
                throw new FileNotFoundException(path);
            }
            try {
                return new InputStreamOver(storage.open(qualified));
            } catch (NoSuchFileException e) {
                FileNotFoundException missing = new FileNotFoundException(path);
                missing.initCause(e);
                throw missing;
            }
        }
    }

    private static final class InputStreamOver extends SeekableInputStream {
        private final StorageInput input;
        private long position;

        InputStreamOver(StorageInput input) {
            this.input = input;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void seek(long target) {
            position = target;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            long left = input.length() - position;
            if (left <= 0) {
                return length == 0 ? 0 : -1;
            }
            int count = (int) Math.min(left, length);
            input.readFully(position, target, offset, count);
            position += count;
            return count;
        }

        @Override
        public void readFully(byte[] target, int offset, int length) throws IOException {
            input.readFully(position, target, offset, length);
            position += length;
        }

        @Override
        public void close() throws IOException {
            input.close();
        }
    }

    private final class Output implements OutputFile {
        private final String path;

        Output(String path) {
            this.path = path;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public PositionOutputStream create(boolean atomicWrite) throws IOException {
            return new OutputStreamOver(
                    storage.create(inner(path), atomicWrite ? Storage.IfExists.FAIL : Storage.IfExists.REPLACE));
        }

        @Override
        public void writeAtomically(CloseableIterator<String> lines, boolean overwrite) throws IOException {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            try (lines) {
                while (lines.hasNext()) {
                    content.write(lines.next().getBytes(StandardCharsets.UTF_8));
                    content.write('\n');
                }
            }
            publish(path, content.toByteArray(), overwrite);
        }
    }

    /**
     * A Parquet file of Kernel's: published on close, and only if it ends as a whole one does. Parquet writes its metadata a
     * few bytes at a time, each of which would be a call of its own where storage is not on this machine's disk.
     */
    private static final class OutputStreamOver extends PositionOutputStream {
        private static final int MAGIC = ('P' << 24) | ('A' << 16) | ('R' << 8) | '1';
        private static final int BUFFER_BYTES = 1 << 16;

        private final StorageOutput output;
        private final BufferedOutputStream buffered;
        private long position;
        private int tail;
        private boolean closed;

        OutputStreamOver(StorageOutput output) {
            this.output = output;
            this.buffered = new BufferedOutputStream(output, BUFFER_BYTES);
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int b) throws IOException {
            buffered.write(b);
            position++;
            tail = (tail << Byte.SIZE) | (b & 0xFF);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            buffered.write(bytes, offset, length);
            position += length;
            for (int i = Math.max(0, length - Integer.BYTES); i < length; i++) {
                tail = (tail << Byte.SIZE) | (bytes[offset + i] & 0xFF);
            }
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            try (output) {
                if (tail == MAGIC && position > Long.BYTES) {
                    buffered.flush();
                    output.publish();
                }
            }
        }
    }
}
