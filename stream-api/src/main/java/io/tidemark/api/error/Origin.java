package io.tidemark.api.error;

/**
 * Where in the query text something stands: line from 1, column from 1 (0 and 0 if it was not written as SQL), and the
 * text itself.
 */
public record Origin(int line, int column, String text) {
    /** For what was built by Java code. */
    public static final Origin NONE = new Origin(0, 0, "");

    /** Returns whether there is a position to show. */
    public boolean isKnown() {
        return line > 0;
    }

    /** Returns {@code " (line 2, column 8)"} or nothing. */
    public String suffix() {
        return isKnown() ? " (line " + line + ", column " + column + ")" : "";
    }
}
