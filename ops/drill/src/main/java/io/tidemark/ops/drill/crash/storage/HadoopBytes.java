package io.tidemark.ops.drill.crash.storage;

import java.io.EOFException;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;

/** A content as Hadoop reads it. */
final class HadoopBytes extends FSInputStream {
    private final Content content;
    private int position;

    private HadoopBytes(Content content) {
        this.content = content;
    }

    static FSDataInputStream stream(Content content) {
        return new FSDataInputStream(new HadoopBytes(content));
    }

    @Override
    public void seek(long to) throws IOException {
        if (to < 0 || to > content.length()) {
            throw new EOFException("cannot seek to " + to + " in " + content.length() + " bytes");
        }
        position = (int) to;
    }

    @Override
    public long getPos() {
        return position;
    }

    @Override
    public boolean seekToNewSource(long to) {
        return false;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        int left = Math.min(count, content.length() - position);
        if (count > 0 && left == 0) {
            return -1;
        }
        content.copyTo(position, target, offset, left);
        position += left;
        return left;
    }

    @Override
    public void readFully(long from, byte[] target, int offset, int count) throws IOException {
        validatePositionedReadArgs(from, target, offset, count);
        if (from + count > content.length()) {
            throw new EOFException("ends at byte " + content.length() + ", wanted " + count + " from " + from);
        }
        content.copyTo((int) from, target, offset, count);
    }
}
