package io.tidemark.api.streaming;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import java.util.Locale;

/** What a batch hands to the sink. */
public enum OutputMode {
    /** Rows that are final. */
    APPEND("Append"),
    /** Rows that changed in this batch. */
    UPDATE("Update"),
    /** The whole result. */
    COMPLETE("Complete");

    private final String displayName;

    OutputMode(String displayName) {
        this.displayName = displayName;
    }

    public static OutputMode Append() {
        return APPEND;
    }

    public static OutputMode Update() {
        return UPDATE;
    }

    public static OutputMode Complete() {
        return COMPLETE;
    }

    /** Parses a mode as Spark does, without regard to case. */
    public static OutputMode of(String text) {
        for (OutputMode mode : values()) {
            if (mode.displayName.toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT))) {
                return mode;
            }
        }
        throw new AnalysisException(
                ErrorCode.INVALID_ARGUMENT_VALUE,
                "There is no output mode '" + text + "'. Use append, update or complete.");
    }

    /** Returns Spark's spelling: {@code Append}. */
    public String displayName() {
        return displayName;
    }
}
