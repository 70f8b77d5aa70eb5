package io.tidemark.ops.drill.crash.storage;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The bytes of a file at one moment. Never changes; grows into another content that may share the array. */
final class Content {
    static final Content EMPTY = new Content(new byte[0], 0);

    private final byte[] array; // beyond length: of later contents
    private final int length;
    private volatile @Nullable String digest;

    private Content(byte[] array, int length) {
        this.array = array;
        this.length = length;
    }

    static Content of(byte[] bytes) {
        return new Content(bytes.clone(), bytes.length);
    }

    int length() {
        return length;
    }

    byte[] bytes() {
        return Arrays.copyOf(array, length);
    }

    void copyTo(int position, byte[] target, int offset, int count) {
        System.arraycopy(array, position, target, offset, count);
    }

    /** Returns this content with more at its end. Only the newest content of a file may grow. */
    Content plus(byte[] bytes, int offset, int count) {
        int grown = length + count;
        byte[] room = grown <= array.length ? array : Arrays.copyOf(array, Math.max(grown, 2 * length));
        System.arraycopy(bytes, offset, room, length, count);
        return new Content(room, grown);
    }

    Content prefix(int count) {
        Objects.checkIndex(count, length + 1);
        return count == length ? this : new Content(array, count);
    }

    /** Returns {@code count} bytes: those of this content, and zeros where it has none. */
    Content withZeros(int count) {
        return new Content(Arrays.copyOf(bytes(), count), count);
    }

    boolean sameAs(Content other) {
        return Arrays.equals(array, 0, length, other.array, 0, other.length);
    }

    String digest() {
        String known = digest;
        if (known == null) {
            MessageDigest sha = sha256();
            sha.update(array, 0, length);
            known = HexFormat.of().formatHex(sha.digest());
            digest = known;
        }
        return known;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
