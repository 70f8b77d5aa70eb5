package io.tidemark.ops.drill.crash;

import io.tidemark.ops.drill.crash.storage.StorageModel;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One situation: a query on a storage is disturbed in one of its lives, and perhaps once more while it recovers.
 *
 * @param life index into {@link Shape#lives}
 * @param second a crash of the recovery, or null
 */
record Case(Shape shape, StorageModel model, int life, Point first, @Nullable Point second) {
    private static final String THEN = ";";

    /** Returns the case as {@code --replay} takes it. */
    String line() {
        return shape.text() + "," + model.text() + "," + life + "," + first.line()
                + (second == null ? "" : THEN + second.line());
    }

    /** Returns the same case with its recovery crashed too. */
    Case then(Point recovery) {
        return new Case(shape, model, life, first, recovery);
    }

    /** Returns the same case with other draws. */
    Case reseeded(long seed) {
        return new Case(shape, model, life, new Point(first.site(), first.occurrence(), first.variant(), seed), second);
    }

    /** @throws IllegalArgumentException if the line is no case */
    static Case parse(String line) {
        String[] points = line.stripLeading().split(THEN, 2);
        String[] parts = points[0].split(",", 4);
        if (parts.length < 4) {
            throw new IllegalArgumentException("'" + line + "' is not SHAPE,MODEL,LIFE,VARIANT,OCCURRENCE,SEED,SITE");
        }
        return new Case(
                shape(parts[0]),
                model(parts[1]),
                Integer.parseInt(parts[2]),
                Point.parse(parts[3]),
                points.length == 1 ? null : Point.parse(points[1]));
    }

    /** @throws IllegalArgumentException if there is no such shape */
    static Shape shape(String text) {
        return Stream.of(Shape.values())
                .filter(s -> s.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no shape '" + text + "'"));
    }

    /** @throws IllegalArgumentException if there is no such model */
    static StorageModel model(String text) {
        return Stream.of(StorageModel.values())
                .filter(m -> m.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no storage model '" + text + "'"));
    }
}
