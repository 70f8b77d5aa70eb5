package io.tidemark.ops.drill.crash;

import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Fault;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Moment;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where and how a life is disturbed.
 *
 * @param site of the call, as the storage's journal or the source's names it
 * @param occurrence which call of that site in the life, from 0
 * @param variant a moment of a crash ({@code before}, {@code torn-half}, …) or a fault ({@code error-once}, …)
 * @param seed what the storage draws from where its model leaves a choice
 */
record Point(String site, int occurrence, String variant, long seed) {
    static final String SOURCE = "kafka ";

    boolean isOfSource() {
        return site.startsWith(SOURCE);
    }

    /** Returns how far the call had come when the machine stopped, or empty if the point is a fault. */
    Optional<Moment> moment() {
        return Stream.of(Moment.values()).filter(m -> text(m).equals(variant)).findFirst();
    }

    /** Returns how the call fails, or empty if the point is a crash. */
    Optional<Fault.Kind> fault() {
        return Stream.of(Fault.Kind.values())
                .filter(k -> text(k).equals(variant))
                .findFirst();
    }

    static String text(Enum<?> variant) {
        return variant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the point as a replay line has it; {@link #parse} reads it. */
    String line() {
        return variant + "," + occurrence + "," + seed + "," + site;
    }

    /** @throws IllegalArgumentException if the text is no point */
    static Point parse(String line) {
        String[] parts = line.stripLeading().split(",", 4);
        if (parts.length < 4) {
            throw new IllegalArgumentException("'" + line + "' is not VARIANT,OCCURRENCE,SEED,SITE");
        }
        Point point = new Point(parts[3], Integer.parseInt(parts[1]), parts[0], Long.parseLong(parts[2]));
        if (point.moment().isEmpty() && point.fault().isEmpty()) {
            throw new IllegalArgumentException("'" + parts[0] + "' is no moment and no fault");
        }
        return point;
    }
}
