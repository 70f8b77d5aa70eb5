package io.tidemark.runtime.shuffle;

import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of one map task for one partition, encoded.
 *
 * @param bytes of the block, or null if they are in the task's spill file
 * @param offset in the spill file
 * @param length in bytes
 * @param checksum CRC-32C of the block's address and bytes
 */
record Block(byte @Nullable [] bytes, long offset, int length, int checksum) {
    /** Where a block belongs; part of its checksum, so that no block passes for another. */
    record Address(int shuffle, int mapTask, int partition, int place) {
        int checksum(byte[] bytes, int length) {
            byte[] header = new byte[16];
            Bytes.INT.set(header, 0, shuffle);
            Bytes.INT.set(header, 4, mapTask);
            Bytes.INT.set(header, 8, partition);
            Bytes.INT.set(header, 12, place);
            CRC32C crc = new CRC32C();
            crc.update(header, 0, header.length);
            crc.update(bytes, 0, length);
            return (int) crc.getValue();
        }

        @Override
        public String toString() {
            return "block " + place + " of shuffle " + shuffle + ", map task " + mapTask + ", partition " + partition;
        }
    }

    boolean isSpilled() {
        return bytes == null;
    }
}
