package io.tidemark.runtime.shuffle;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All blocks that one run of a map task made, by partition. Immutable until released; safe for use by many threads. */
public final class MapOutput {
    private final int shuffle;
    private final int mapTask;
    private final List<List<Block>> blocks;
    private final long memoryBytes;
    private final @Nullable SpillFile file;
    private final ShuffleSpace space;
    private boolean released;

    MapOutput(
            int shuffle,
            int mapTask,
            List<List<Block>> blocks,
            long memoryBytes,
            @Nullable SpillFile file,
            ShuffleSpace space) {
        this.shuffle = shuffle;
        this.mapTask = mapTask;
        this.blocks = blocks.stream().map(List::copyOf).toList();
        this.memoryBytes = memoryBytes;
        this.file = file;
        this.space = space;
    }

    /** Returns the bytes of all blocks. */
    public long bytes() {
        return blocks.stream().flatMap(List::stream).mapToLong(Block::length).sum();
    }

    /** Returns the bytes of the blocks that went to disk. */
    public long spilledBytes() {
        return bytes() - memoryBytes;
    }

    /**
     * Returns the blocks of a partition, every one checked: none is given out before all are known to be whole, so that
     * a reader can take another run's blocks instead without having seen some of these.
     */
    List<byte[]> fetch(int partition) throws LostBlockException {
        List<Block> wanted = blocks.get(partition);
        if (wanted.isEmpty()) {
            return List.of();
        }
        List<byte[]> fetched = new ArrayList<>(wanted.size());
        try (RandomAccessFile spilled = open(wanted)) {
            for (int place = 0; place < wanted.size(); place++) {
                Block block = wanted.get(place);
                byte[] bytes = block.bytes();
                if (bytes == null && spilled != null) {
                    bytes = new byte[block.length()];
                    spilled.seek(block.offset());
                    spilled.readFully(bytes);
                }
                Block.Address address = new Block.Address(shuffle, mapTask, partition, place);
                if (bytes == null || address.checksum(bytes, bytes.length) != block.checksum()) {
                    throw new LostBlockException(address + " is not as it was written");
                }
                fetched.add(bytes);
            }
        } catch (IOException e) {
            throw new LostBlockException(
                    "blocks of shuffle " + shuffle + ", map task " + mapTask + ", partition " + partition
                            + " cannot be read: " + e,
                    e);
        }
        return fetched;
    }

    private @Nullable RandomAccessFile open(List<Block> wanted) throws IOException {
        return file != null && wanted.stream().anyMatch(Block::isSpilled) ? file.open() : null;
    }

    /** Gives back memory and disk. Readers that hold blocks keep them. */
    public void release() {
        synchronized (this) {
            if (released) {
                return;
            }
            released = true;
        }
        space.release(memoryBytes);
        if (file != null) {
            file.delete();
        }
    }
}
