package io.tidemark.checkpoint;

/** What stands under a sidecar's name, and whether it belongs to the batch it is found beside. */
public sealed interface SidecarCheck<T> {
    /** There is no such sidecar: another engine planned the batch, or the run died before it was written. */
    record Absent<T>() implements SidecarCheck<T> {}

    /**
     * The sidecar is whole and belongs to this query, this batch and the present {@code offsets/N}.
     *
     * @param path the file
     * @param hash SHA-256 of the file, as 64 hexadecimal digits
     */
    record Matches<T>(String path, T value, String hash) implements SidecarCheck<T> {}

    /**
     * The sidecar is whole, but belongs to another past of this directory.
     *
     * @param reason what does not fit, without a full stop
     */
    record Foreign<T>(String path, T value, String reason) implements SidecarCheck<T> {}

    /**
     * The sidecar cannot be read.
     *
     * @param reason what is wrong with it, without a full stop
     */
    record Corrupt<T>(String path, String reason) implements SidecarCheck<T> {}
}
