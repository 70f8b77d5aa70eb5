package io.tidemark.checkpoint.format;

import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * What tells a file's content apart from an altered or torn one.
 *
 * @param length in bytes
 * @param crc32c CRC-32C of the whole content
 */
public record FileDigest(long length, int crc32c) {
    /** Returns the digest of {@code content}. */
    public static FileDigest of(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, content.length);
        return new FileDigest(content.length, (int) crc.getValue());
    }

    /** Returns whether {@code content} has this digest. */
    public boolean matches(byte[] content) {
        return equals(of(content));
    }

    /** Returns the checksum as eight lower-case hexadecimal digits. */
    public String crcText() {
        return String.format(Locale.ROOT, "%08x", crc32c);
    }

    @Override
    public String toString() {
        return length + " bytes, CRC-32C " + crcText();
    }
}
