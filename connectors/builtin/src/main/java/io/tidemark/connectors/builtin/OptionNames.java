package io.tidemark.connectors.builtin;

import io.tidemark.api.connector.Options;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The options a format knows; an unknown one is refused with the nearest known name. */
record OptionNames(String format, List<String> known) {
    OptionNames(String format, String... known) {
        this(format, List.of(known));
    }

    /** @throws TidemarkException {@code UNKNOWN_OPTION} for the first option that is not known */
    void check(Options options) {
        for (String name : options.asMap().keySet()) {
            if (known.stream().noneMatch(name::equalsIgnoreCase)) {
                throw new TidemarkException(
                        ErrorCode.UNKNOWN_OPTION,
                        "Format '" + format + "' has no option '" + name + "'. " + cure(name));
            }
        }
    }

    private String cure(String name) {
        return known.stream()
                .min(Comparator.comparingInt(k -> distance(name, k)))
                .map(nearest -> "Did you mean '" + nearest + "'? Known options: " + String.join(", ", known) + ".")
                .orElse("It takes no options.");
    }

    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] previous = new int[b.length() + 1];
        Arrays.setAll(previous, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
