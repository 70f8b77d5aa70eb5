package io.tidemark.state.format;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Reads zstd frames. */
final class ZstdBytes implements RawBytes {
    private static final int STEP = 64 << 10;
    // the window is native memory that a frame of a few bytes can ask for: 32 MiB serve every level up to 20
    private static final int LARGEST_WINDOW_LOG = 25;

    private final String file;
    private final ZstdInputStream input;
    private long made;

    ZstdBytes(String file, byte[] content) {
        this.file = file;
        try {
            input = new ZstdInputStream(new ByteArrayInputStream(content)).setLongMax(LARGEST_WINDOW_LOG);
        } catch (IOException e) {
            throw StateFileException.corrupt(file, "zstd cannot read it", e);
        }
    }

    @Override
    public int nextLength() {
        return STEP;
    }

    @Override
    public int read(byte[] target, int offset) {
        try {
            int read = input.read(target, offset, STEP);
            made += Math.max(0, read);
            return read;
        } catch (IOException e) {
            throw StateFileException.corrupt(file, "zstd cannot read on at byte " + made + " of its content", e);
        }
    }

    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException e) {
            throw StateFileException.corrupt(file, "zstd cannot read it to its end", e);
        }
    }
}
