package io.tidemark.ops.drill.kill;

import io.tidemark.ops.drill.RecoveryWindow;
import java.time.Duration;
import java.util.List;

/**
 * An operation of the file layer in front of which, in which or behind which a process dies.
 *
 * @param window in which it dies there as a rule
 * @param killPoint as {@link io.tidemark.checkpoint.storage.KillPoint} takes it, without a count
 * @param stateful whether only a query with state does it
 * @param nthMax the highest of its repetitions at which a process dies; a later one would be long in coming
 */
record NamedOperation(RecoveryWindow window, String killPoint, boolean stateful, int nthMax) {
    /** Two for each window first; then the other steps of a batch, and what is done in the background. */
    static final List<NamedOperation> ALL = List.of(
            of(RecoveryWindow.W2, "after:createExclusive:**/offsets/*"),
            of(RecoveryWindow.W3, "before:createExclusive:**/prepared/*"),
            of(RecoveryWindow.W4, "after:createExclusive:**/prepared/*"),
            of(RecoveryWindow.W5, "during:createExclusive:**/_delta_log/*.json"),
            of(RecoveryWindow.W6, "after:createExclusive:**/_delta_log/*.json"),
            of(RecoveryWindow.W7, "after:createExclusive:**/commits/*"),
            of(RecoveryWindow.W2, "during:createExclusive:**/offsets/*"),
            of(RecoveryWindow.W3, "torn:createExclusive:**/prepared/*"),
            of(RecoveryWindow.W4, "before:createExclusive:**/_delta_log/*.json"),
            of(RecoveryWindow.W5, "torn:createExclusive:**/_delta_log/*.json"),
            of(RecoveryWindow.W6, "before:createExclusive:**/commits/*"),
            of(RecoveryWindow.W7, "before:createExclusive:**/offsets/*"),
            of(RecoveryWindow.W2, "before:createExclusive:**/sealed/*"),
            of(RecoveryWindow.W2, "torn:createExclusive:**/sealed/*"),
            of(RecoveryWindow.W2, "after:createExclusive:**/sealed/*"),
            of(RecoveryWindow.W4, "during:createExclusive:**/prepared/*"),
            of(RecoveryWindow.W6, "torn:createExclusive:**/commits/*"),
            of(RecoveryWindow.W7, "during:createExclusive:**/commits/*"),
            of(RecoveryWindow.W7, "torn:createExclusive:**/offsets/*"),
            of(RecoveryWindow.W3, "torn:publish:**/*.parquet"),
            of(RecoveryWindow.W3, "after:publish:**/*.parquet"),
            withState(RecoveryWindow.W2, "before:any:**/staged/*/**"),
            withState(RecoveryWindow.W3, "torn:publish:**/staged/*/**"),
            withState(RecoveryWindow.W3, "after:publish:**/staged/*/**"),
            withState(RecoveryWindow.W4, "before:link:**/state/**"),
            withState(RecoveryWindow.W4, "during:link:**/state/**"),
            withState(RecoveryWindow.W4, "after:link:**/state/**"),
            once(RecoveryWindow.W1, "before:createExclusive:**/epoch/*", false),
            once(RecoveryWindow.W1, "after:createExclusive:**/epoch/*", false),
            once(RecoveryWindow.W7, "before:delete:**/offsets/*", false),
            once(RecoveryWindow.W7, "after:delete:**/commits/*", false),
            once(RecoveryWindow.W7, "before:delete:**/sealed/*", false),
            once(RecoveryWindow.W7, "after:delete:**/prepared/*", false),
            once(RecoveryWindow.W7, "torn:publish:**/_delta_log/*.checkpoint*.parquet", false),
            once(RecoveryWindow.W7, "before:replace:**/_last_checkpoint", false),
            once(RecoveryWindow.W7, "torn:publish:**.zip", true),
            once(RecoveryWindow.W7, "after:any:**.zip", true),
            once(RecoveryWindow.W7, "after:delete:**/state/**", true));

    private static NamedOperation of(RecoveryWindow window, String killPoint) {
        return new NamedOperation(window, killPoint, false, 4);
    }

    private static NamedOperation withState(RecoveryWindow window, String killPoint) {
        return new NamedOperation(window, killPoint, true, 12);
    }

    private static NamedOperation once(RecoveryWindow window, String killPoint, boolean stateful) {
        return new NamedOperation(window, killPoint, stateful, 1);
    }

    /** Returns how long after its first commit a process is waited for to come here. Background work comes seldom. */
    Duration patience() {
        return nthMax == 1 ? Duration.ofSeconds(12) : Duration.ofSeconds(4);
    }

    boolean isDoneBy(DrilledQuery query) {
        return !stateful || query == DrilledQuery.CLICKSTREAM;
    }

    @Override
    public String toString() {
        return killPoint;
    }
}
