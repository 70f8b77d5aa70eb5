package io.tidemark.checkpoint;

import io.tidemark.checkpoint.format.LossRecord;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.format.SealedPlan;
import java.util.List;

/**
 * What stands in {@code _tidemark/} beside the logs: {@code sealed/N}, {@code prepared/N[.k]}, {@code loss/N}. Every
 * file carries its own checksum, the query id and the digest of {@code offsets/N}.
 *
 * <p>Publishing is durable on return and throws {@link io.tidemark.api.error.TidemarkException} as {@link OffsetLog}
 * does. One writer; {@link #purgeBefore} on any thread.
 */
public interface Sidecar {
    /** Publishes {@code sealed/N}. {@code BATCH_CONFLICT} if one stands there. */
    void seal(SealedPlan sealed);

    /** Returns {@code sealed/N}, checked against the present {@code offsets/N}. */
    SidecarCheck<SealedPlan> sealed(long batchId);

    /**
     * Publishes {@code prepared/N[.k]} and returns its hash (SHA-256, 64 hexadecimal digits). If storage cannot say
     * whether it was stored, it is read back: the attempt's UUID decides.
     *
     * @throws io.tidemark.api.error.TidemarkException {@code BATCH_CONFLICT} if another attempt stands there: that one is
     *     the batch
     */
    String prepare(PreparedBatch prepared);

    /** Returns the {@code prepared} of the highest attempt at a batch, checked against the present {@code offsets/N}. */
    SidecarCheck<PreparedBatch> prepared(long batchId);

    /**
     * Returns the k under which the next attempt at a batch is prepared: above that of every attempt that stands, or was
     * set aside. So no name is used twice, and who moves or deletes one late, after it was fenced off, hits nobody's but
     * the attempt it meant.
     */
    int nextAttempt(long batchId);

    /**
     * Moves every {@code prepared} of a batch to {@code stale/} and returns the new paths.
     *
     * @param stillOwner fails if a later owner has claimed the checkpoint; asked between listing and moving, so that what
     *     is moved is older than any later owner's claim
     */
    List<String> setPreparedAside(long batchId, Runnable stillOwner);

    /**
     * Moves the sidecars of batches above {@code newestPlan} (-1: of all batches) to {@code stale/}: they belong to
     * plans that are gone. Called once at a start; returns the new paths.
     *
     * @param stillOwner as in {@link #setPreparedAside}
     */
    List<String> setOrphansAside(long newestPlan, Runnable stillOwner);

    /** Publishes {@code loss/N}, unless an equal one stands there. */
    void recordLoss(LossRecord loss);

    /** Returns what was ever recorded, ascending by batch. */
    List<LossRecord> losses();

    /**
     * Puts the files {@code loss/N} of batches up to {@code committed} into one, if there are more than a few. Nothing
     * that was recorded is ever lost by it, wherever it is cut short.
     */
    void compactLosses(long committed);

    /**
     * Removes what dead attempts at an uncommitted batch staged. Attempts that begin later are not touched.
     *
     * @param stillOwner as in {@link #setPreparedAside}
     */
    void removeStagedAttempts(long batchId, Runnable stillOwner);

    /**
     * Removes the staged files of all batches up to {@code committed}: they have their final names, or never get them.
     *
     * @param stillOwner as in {@link #setPreparedAside}
     */
    void removeStagedThrough(long committed, Runnable stillOwner);

    /** Deletes {@code sealed/N} and {@code prepared/N[.k]} below {@code firstKept}. Losses stay. */
    void purgeBefore(long firstKept);
}
