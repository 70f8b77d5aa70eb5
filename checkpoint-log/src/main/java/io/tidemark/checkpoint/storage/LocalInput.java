package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.StorageInput;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file on local disk, read by position. */
final class LocalInput implements StorageInput {
    private final Path path;
    private final FileChannel channel;
    private final long length;

    LocalInput(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.READ);
        this.length = channel.size();
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void readFully(long position, byte[] target, int offset, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target, offset, count);
        long from = position;
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, from);
            if (read < 0) {
                throw new EOFException("'" + path + "' ends at byte " + channel.size() + ", wanted " + count
                        + " bytes from " + position);
            }
            from += read;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
