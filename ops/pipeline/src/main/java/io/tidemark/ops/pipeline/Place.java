package io.tidemark.ops.pipeline;

/**
 * Where something stands: a file with line and column, both from 1, or (line 0) another origin such as a command-line
 * option, told by its name alone.
 */
public record Place(String origin, int line, int column) {
    static Place named(String origin) {
        return new Place(origin, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? origin : origin + ":" + line + ":" + column;
    }
}
