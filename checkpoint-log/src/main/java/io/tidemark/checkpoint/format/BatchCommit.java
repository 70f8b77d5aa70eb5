package io.tidemark.checkpoint.format;

/** One entry of the commit log: batch {@code batchId} is final. */
public record BatchCommit(long batchId, CommitMetadata metadata) {}
