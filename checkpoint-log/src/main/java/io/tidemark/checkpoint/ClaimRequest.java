package io.tidemark.checkpoint;

/**
 * Who wants to own a checkpoint.
 *
 * @param startedAtMillis milliseconds since the epoch, for people only
 * @param attemptUuid this start of the query; no two starts share one
 * @param takeOver whether to fence an owner that still holds the lock, rather than be refused
 */
public record ClaimRequest(String host, long pid, long startedAtMillis, String attemptUuid, boolean takeOver) {}
