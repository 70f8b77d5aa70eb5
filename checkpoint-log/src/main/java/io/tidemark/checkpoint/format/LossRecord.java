package io.tidemark.checkpoint.format;

import io.tidemark.api.connector.LostRange;
import java.util.List;
import java.util.UUID;

/**
 * {@code _tidemark/loss/N}: the ranges that batch N covers and could not read. Never purged.
 *
 * @param offsets digest of {@code offsets/N}
 */
public record LossRecord(UUID queryId, long batchId, FileDigest offsets, List<LostRange> losses) {
    public LossRecord {
        losses = List.copyOf(losses);
    }
}
