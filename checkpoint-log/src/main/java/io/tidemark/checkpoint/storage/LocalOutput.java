package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.Storage.IfExists;
import io.tidemark.api.storage.StorageOutput;
import io.tidemark.checkpoint.storage.LocalDisk.LocalFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** A temporary file on local disk on its way to a name. */
final class LocalOutput extends StorageOutput {
    static final int BUFFER_BYTES = 1 << 16;

    private final LocalStorage storage;
    private final StorageOperation operation;
    private final Path target;
    private final Path temp;
    private final LocalFile file;
    private final IfExists ifExists;
    private final byte[] buffer;
    private int buffered;
    private long position;
    private boolean closed;

    LocalOutput(
            LocalStorage storage,
            StorageOperation operation,
            Path target,
            Path temp,
            LocalFile file,
            IfExists ifExists,
            int bufferBytes) {
        this.storage = storage;
        this.operation = operation;
        this.target = target;
        this.temp = temp;
        this.file = file;
        this.ifExists = ifExists;
        this.buffer = new byte[bufferBytes];
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (closed) {
            throw new IOException("'" + target + "' is published or closed");
        }
        if (buffered > 0 && length > buffer.length - buffered) {
            flushBuffer();
        }
        if (length >= buffer.length) {
            drain(bytes, offset, length);
        } else {
            System.arraycopy(bytes, offset, buffer, buffered, length);
            buffered += length;
        }
        position += length;
    }

    void writeThrough(byte[] content) throws IOException {
        write(content, 0, content.length);
    }

    private void flushBuffer() throws IOException {
        drain(buffer, 0, buffered);
        buffered = 0;
    }

    private void drain(byte[] bytes, int offset, int length) throws IOException {
        try {
            file.write(bytes, offset, length);
        } catch (IOException e) {
            throw DiskFull.translate(e);
        }
    }

    @Override
    public void publish() throws IOException {
        if (closed) {
            throw new IOException("'" + target + "' is published or closed");
        }
        try {
            flushBuffer();
            storage.written(operation, target, file, position);
            try {
                file.sync();
                file.close();
            } catch (IOException e) {
                throw DiskFull.translate(e);
            }
            storage.publish(operation, temp, target, ifExists);
            closed = true;
        } finally {
            close();
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (file) {
            storage.deleteQuietly(temp);
        }
    }
}
