package io.tidemark.checkpoint;

/**
 * Names of everything in a checkpoint directory. What stands outside {@code _tidemark} is Spark's layout and holds
 * nothing of ours.
 *
 * @param root absolute, as the storage spells it, without a trailing slash
 */
public record CheckpointLayout(String root) {
    /** File with the query id. */
    public String metadata() {
        return root + "/metadata";
    }

    /** Directory of the offset log. */
    public String offsets() {
        return root + "/offsets";
    }

    public String offsets(long batchId) {
        return offsets() + "/" + batchId;
    }

    /** Directory of the commit log. */
    public String commits() {
        return root + "/commits";
    }

    public String commits(long batchId) {
        return commits() + "/" + batchId;
    }

    /** Private directory of the K-th distinct source. */
    public String source(int index) {
        return root + "/sources/" + index;
    }

    public String state() {
        return root + "/state";
    }

    /** Everything that Spark's formats have no room for. */
    public String sidecar() {
        return root + "/_tidemark";
    }

    /** Where files grow before they get their names. */
    public String temporary() {
        return sidecar() + "/tmp";
    }

    public String lock() {
        return sidecar() + "/lock";
    }

    public String epochs() {
        return sidecar() + "/epoch";
    }

    public String epoch(long epoch) {
        return epochs() + "/" + epoch;
    }

    public String sealed() {
        return sidecar() + "/sealed";
    }

    public String sealed(long batchId) {
        return sealed() + "/" + batchId;
    }

    public String prepared() {
        return sidecar() + "/prepared";
    }

    /** {@code prepared/N} for attempt 0, {@code prepared/N.k} for attempt k. */
    public String prepared(long batchId, int attempt) {
        return prepared() + "/" + batchId + (attempt == 0 ? "" : "." + attempt);
    }

    public String losses() {
        return sidecar() + "/loss";
    }

    public String loss(long batchId) {
        return losses() + "/" + batchId;
    }

    /** The losses of all batches up to {@code batchId} in one file. */
    public String lossesThrough(long batchId) {
        return losses() + "/0-" + batchId;
    }

    /** Sidecars set aside because they belong to another past. */
    public String stale() {
        return sidecar() + "/stale";
    }

    /** What a tool has begun to do to the checkpoint. */
    public String repair() {
        return sidecar() + "/repair";
    }

    /** What repairs have taken away or replaced. */
    public String undo() {
        return sidecar() + "/undo";
    }

    public String undo(long number) {
        return undo() + "/" + number;
    }

    /** Staged files of all attempts at a batch. */
    public String staged(long batchId) {
        return staged() + "/" + batchId;
    }

    /** Staged files of one attempt at a batch. */
    public String staged(long batchId, String attemptUuid) {
        return staged(batchId) + "/" + attemptUuid;
    }

    public String staged() {
        return sidecar() + "/staged";
    }

    /** Returns {@code path} without the root, for people and for records that must survive a move of the directory. */
    public String relative(String path) {
        return path.startsWith(root + "/") ? path.substring(root.length() + 1) : path;
    }
}
