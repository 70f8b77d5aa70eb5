package io.tidemark.runtime.batch;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.format.BatchPlan;
import io.tidemark.checkpoint.format.ConfKeys;
import io.tidemark.runtime.operator.PhysicalPlan;
import java.util.SortedMap;

/**
 * Which recorded ways of keeping state this engine takes up. What it does not is refused by the setting's name before
 * anything is written: read in another way, the same bytes would mean other rows.
 */
final class StateSupport {
    private static final String ROW_CHECKSUM = "spark.sql.streaming.stateStore.rowChecksum.enabled";
    private static final String AGGREGATION = "stateStoreSave";

    private StateSupport() {}

    /**
     * Refuses what the newest entry of the offset log says of state, if the plan has any.
     *
     * @throws TidemarkException {@code STATE_FORMAT_UNSUPPORTED}
     */
    static void refuseUnsupported(PhysicalPlan plan, BatchPlan newest, SortedMap<String, String> conf) {
        if (plan.operators().isEmpty()) {
            return;
        }
        if (!newest.sourceIds().isEmpty()) {
            throw new TidemarkException(
                    ErrorCode.STATE_FORMAT_UNSUPPORTED,
                    "Cannot continue a query with state from batch " + newest.batchId()
                            + ": its offset log is of version 2, and only version 1 is supported. Let the engine that wrote it go on, or use a new checkpointLocation.");
        }
        refuseUnsupported(plan, conf);
    }

    /** Refuses what a query is about to record of state, if the plan has any; errors as above. */
    static void refuseUnsupported(PhysicalPlan plan, SortedMap<String, String> conf) {
        if (plan.operators().isEmpty()) {
            return;
        }
        demand(conf, ConfKeys.STRICT_DISTRIBUTION, "true", "keys would be looked for in other partitions");
        demand(conf, ConfKeys.STATE_ENCODING, "unsaferow", "keys and values have another form");
        if (conf.containsKey(ROW_CHECKSUM)) {
            demand(conf, ROW_CHECKSUM, "false", "values have another form");
        }
        if (plan.operators().stream().anyMatch(o -> o.name().equals(AGGREGATION))) {
            demand(conf, ConfKeys.AGGREGATION_FORMAT, "2", "values hold the grouping columns too");
        }
    }

    private static void demand(SortedMap<String, String> conf, String key, String wanted, String reason) {
        String value = conf.getOrDefault(key, "");
        if (!value.equalsIgnoreCase(wanted)) {
            throw new TidemarkException(
                    ErrorCode.STATE_FORMAT_UNSUPPORTED,
                    "Cannot keep state with " + key + "=" + value + " (" + reason + "): only " + wanted
                            + " is supported. Let the engine that wrote the checkpoint go on, or use a new checkpointLocation.");
        }
    }
}
