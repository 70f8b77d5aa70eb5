package io.tidemark.ops.drill.retention;

import java.util.Locale;
import java.util.Optional;

/** The rows of the matrix: what can happen to rows that were not read yet, and what looks like it. */
enum LossEvent {
    START_EXPIRED("the start offset has expired"),
    RANGE_EXPIRED("the planned range expires"),
    RANGE_EXPIRED_AFTER_SINK("the planned range expires when the sink has it"),
    EARLIEST_AT_START("the log begins just where the query stands"),
    RECREATED_SHORTER("topic created again, shorter"),
    RECREATED_LONGER("topic created again, longer"),
    RECREATED_MID_READ("topic created again while it is read"),
    TOPIC_DELETED("topic deleted"),
    PARTITIONS_ADDED("partitions added"),
    NEW_PARTITION_NOT_ZERO("a new partition does not begin at 0"),
    PARTITION_HIDDEN("partitions missing from the metadata for a while"),
    LOG_CUT("the log's end goes back"),
    COMPACTION_HOLES("holes left by compaction"),
    ABORTED_TRANSACTIONS("aborted transactions, and markers alone"),
    HANGING_TRANSACTION("a transaction that hangs");

    private final String words;

    LossEvent(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** Returns the name in a cell's text, for instance {@code start-expired}. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns why the event cannot happen in a phase, or empty if it can. */
    Optional<String> impossible(Phase phase) {
        boolean first = phase == Phase.P0;
        return Optional.ofNullable(
                switch (this) {
                    case START_EXPIRED ->
                        first || phase == Phase.P4
                                ? null
                                : "once offsets/N is written it is a planned range that expires";
                    case RANGE_EXPIRED ->
                        phase == Phase.P1 || phase == Phase.P2
                                ? null
                                : phase == Phase.P3
                                        ? "the sink has the range: that is range-expired-after-sink"
                                        : "no range is planned: that is start-expired";
                    case RANGE_EXPIRED_AFTER_SINK -> phase == Phase.P3 ? null : "the sink does not have the range";
                    case RECREATED_SHORTER, RECREATED_LONGER ->
                        first
                                ? "a query without a checkpoint knows no topic id yet"
                                : phase == Phase.P2 ? "that is recreated-mid-read" : null;
                    case RECREATED_MID_READ -> phase == Phase.P2 ? null : "nothing is being read";
                    case TOPIC_DELETED -> first ? "a query without a checkpoint has no partition to lose" : null;
                    case NEW_PARTITION_NOT_ZERO -> first ? "to a first start every partition is new" : null;
                    default -> null;
                });
    }
}
