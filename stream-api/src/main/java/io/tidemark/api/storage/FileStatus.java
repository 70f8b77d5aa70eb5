package io.tidemark.api.storage;

/**
 * A file or directory as storage lists it.
 *
 * @param path absolute, as {@link Storage} spells it
 * @param length bytes; 0 for a directory
 * @param modifiedMillis when it last changed, milliseconds since the epoch; for people and the Delta log only, nothing
 *     is decided by it
 */
public record FileStatus(String path, long length, long modifiedMillis, boolean directory) {
    /** Returns the last name of the path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
