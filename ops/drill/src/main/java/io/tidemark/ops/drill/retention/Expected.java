package io.tidemark.ops.drill.retention;

import io.tidemark.api.error.ErrorCode;

/** What the first run that meets the event has to do. */
sealed interface Expected {
    /**
     * Fails, and again at each restart, with nothing of the batch in the table.
     *
     * @param code why
     * @param planned whether offsets/N of the batch that fails is written
     * @param passed whether the batch in flight is committed first and the one after it fails
     */
    record Refusal(ErrorCode code, boolean planned, boolean passed) implements Expected {}

    /**
     * Goes on; each row is in the table once or in the ledger.
     *
     * @param loss what must be in the ledger
     */
    record GoesOn(Loss loss) implements Expected {}

    /** What the ledger holds after the whole story. */
    enum Loss {
        NONE,
        /** Ranges whose rows are counted. */
        COUNTED,
        /** Counted ranges, if there were any to count, and from some offset on more that nobody can count. */
        OPEN_ENDED
    }

    /** Returns the expectation in a few words. */
    default String words() {
        if (this instanceof Refusal refusal) {
            return refusal.code().name()
                    + (refusal.passed()
                            ? " when the batch in flight is done"
                            : refusal.planned() ? "" : " before offsets/N");
        }
        return switch (((GoesOn) this).loss()) {
            case NONE -> "every row once, no loss";
            case COUNTED -> "every row once or in the ledger";
            case OPEN_ENDED -> "every row once or in the ledger, which is open at its end";
        };
    }
}
