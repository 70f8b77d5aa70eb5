package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_DAY;
import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_SECOND;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A datetime pattern of numbers of fixed width, like {@code yyyy-MM-dd HH:mm:ss.SSS}, written without making objects. For
 * years 0 to 9999 only.
 */
final class DigitPattern {
    /** A run of one letter, or text if the letter is 0. */
    private record Part(char letter, int width, byte[] text) {}

    private final List<Part> parts;

    private DigitPattern(List<Part> parts) {
        this.parts = parts;
    }

    /** Returns the pattern, or null if it has parts of another kind. */
    static @Nullable DigitPattern of(String pattern) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            int end = at + 1;
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (letter) {
                while (end < pattern.length() && pattern.charAt(end) == c) {
                    end++;
                }
                if (!isDigits(c, end - at)) {
                    return null;
                }
                parts.add(new Part(c, end - at, new byte[0]));
            } else if ("'#{}[]".indexOf(c) >= 0) {
                return null;
            } else {
                parts.add(new Part('\0', 0, String.valueOf(c).getBytes(StandardCharsets.UTF_8)));
            }
            at = end;
        }
        return new DigitPattern(List.copyOf(parts));
    }

    private static boolean isDigits(char letter, int width) {
        return switch (letter) {
            case 'y' -> width == 4;
            case 'M', 'd', 'H', 'm', 's' -> width == 2;
            case 'S' -> width <= 6;
            default -> false;
        };
    }

    /** Writes a local time; returns whether its year is one this can write. */
    boolean write(long localMicros, TextOutput out) {
        long day = Math.floorDiv(localMicros, MICROS_PER_DAY);
        long date = Civil.date(day);
        int year = Civil.year(date);
        if (year < 0 || year > 9999) {
            return false;
        }
        long inDay = localMicros - day * MICROS_PER_DAY;
        int second = (int) (inDay / MICROS_PER_SECOND);
        int micros = (int) (inDay - second * MICROS_PER_SECOND);
        for (Part part : parts) {
            switch (part.letter()) {
                case 'y' -> out.padded(year, 4);
                case 'M' -> out.padded(Civil.month(date), 2);
                case 'd' -> out.padded(Civil.day(date), 2);
                case 'H' -> out.padded(second / 3600, 2);
                case 'm' -> out.padded(second / 60 % 60, 2);
                case 's' -> out.padded(second % 60, 2);
                case 'S' -> out.padded(micros / DecimalConversions.power(6 - part.width()), part.width());
                default -> out.append(part.text(), 0, part.text().length);
            }
        }
        return true;
    }
}
