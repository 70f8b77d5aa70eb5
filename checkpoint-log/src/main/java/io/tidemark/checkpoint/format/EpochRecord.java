package io.tidemark.checkpoint.format;

/**
 * Who owns a checkpoint since when: the content of {@code _tidemark/epoch/E}.
 *
 * @param epoch from 1; the highest one owns
 * @param startedAtMillis milliseconds since the epoch, for people only
 * @param attemptUuid this start of the query; no two starts share one
 */
public record EpochRecord(long epoch, String host, long pid, long startedAtMillis, String attemptUuid) {}
