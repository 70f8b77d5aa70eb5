package io.tidemark.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A new version that is durable, but under no name that anybody looks for yet.
 *
 * @param version its number
 * @param files what must get its final name to make the version real; all durable
 * @param uniqueId of the new version in checkpoint format 2, else null
 */
public record StagedState(StateStoreId store, long version, List<File> files, @Nullable String uniqueId) {
    public StagedState {
        files = List.copyOf(files);
    }

    /**
     * One staged file.
     *
     * @param staged where it is, relative to the checkpoint
     * @param target its final name, relative to the checkpoint
     * @param length in bytes
     * @param crc32c of its bytes
     */
    public record File(String staged, String target, long length, int crc32c) {}
}
