package io.tidemark.ops.pipeline;

/**
 * SQL from a pipeline file.
 *
 * @param text after variables were filled in
 * @param key which SQL it is, for instance {@code view 'events'}
 * @param place where the value stands in the file
 */
public record SqlText(String text, String key, Place place, Layout layout) {
    /**
     * How the lines of the SQL lie in the file.
     *
     * @param firstLine the file's line of the SQL's first line, 0 if lines do not correspond
     * @param indent columns of the file before each line of the SQL
     */
    record Layout(int firstLine, int indent) {}

    static SqlText of(YamlNode.Scalar scalar, String key) {
        Place place = scalar.place();
        boolean moved = !scalar.text().equals(scalar.written()) || place.line() == 0;
        Layout layout =
                switch (moved ? YamlNode.Style.FOLDED : scalar.style()) {
                    case LITERAL -> new Layout(place.line() + 1, scalar.indent());
                    case PLAIN -> new Layout(place.line(), place.column() - 1);
                    case QUOTED -> new Layout(place.line(), place.column());
                    case FOLDED -> new Layout(0, 0);
                };
        return new SqlText(scalar.text(), key, place, layout);
    }

    /** Returns the place in the file of a position in the SQL, or of the SQL's start where that is not known. */
    public Place locate(int line, int column) {
        if (line == 0 || layout.firstLine() == 0) {
            return place;
        }
        return new Place(place.origin(), layout.firstLine() + line - 1, layout.indent() + column);
    }
}
