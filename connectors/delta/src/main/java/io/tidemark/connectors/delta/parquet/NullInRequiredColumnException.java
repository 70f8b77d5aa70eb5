package io.tidemark.connectors.delta.parquet;

import java.util.List;

/** A row has no value in a column that must have one. */
public final class NullInRequiredColumnException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String column;

    NullInRequiredColumnException(List<String> path) {
        super("null in the required column " + String.join(".", path));
        this.column = String.join(".", path);
    }

    /** Returns the column's path, dots between the names. */
    public String column() {
        return column;
    }
}
