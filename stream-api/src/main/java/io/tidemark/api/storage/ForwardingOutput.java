package io.tidemark.api.storage;

import java.io.IOException;

/** A file being written that hands every call on to another one; a subclass says only what it does otherwise. */
public abstract class ForwardingOutput extends StorageOutput {
    private final StorageOutput output;

    protected ForwardingOutput(StorageOutput output) {
        this.output = output;
    }

    /** Returns the file behind this one. */
    protected final StorageOutput output() {
        return output;
    }

    @Override
    public long position() {
        return output.position();
    }

    @Override
    public void write(int b) throws IOException {
        output.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        output.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        output.flush();
    }

    @Override
    public void publish() throws IOException {
        output.publish();
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
